import * as ipc from "../ipc";
import { isOffline } from "../state/transfers";

const AGAIN_MS = 30_000;

/** Whether the service was reached when the list was asked for last; while it was not, it is asked again. */
export class Reach {
  offline = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows when the profile is left. */
  #life = 0;

  async refresh(): Promise<void> {
    const life = this.#life;
    let failure: unknown = null;
    try {
      await ipc.refreshFiles();
    } catch (refusal) {
      failure = refusal;
    }
    if (life === this.#life)
      this.#told(failure !== null && isOffline(ipc.asErrorView(failure).code));
    if (failure !== null) throw failure;
  }

  clear(): void {
    this.#life += 1;
    this.#told(false);
  }

  #told(offline: boolean): void {
    this.offline = offline;
    clearTimeout(this.#timer);
    // Who waits for it sees it end; that it goes on is told already.
    if (offline) this.#timer = setTimeout(() => void this.refresh().catch(() => {}), AGAIN_MS);
  }
}
