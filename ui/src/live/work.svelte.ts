import { Attempt } from "./attempt.svelte";

/** Something the service was asked for: an attempt that knows since when. */
export class Work<Kind extends string> extends Attempt<Kind> {
  since = 0;

  override run(kind: Kind, act: () => Promise<unknown>): Promise<boolean> {
    if (this.busy === null) this.since = Date.now();
    return super.run(kind, act);
  }

  get unclear(): boolean {
    return this.error?.code === "not_confirmed";
  }
}
