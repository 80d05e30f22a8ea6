import { asErrorView } from "../ipc";
import type { ErrorView } from "../types";
import { Work } from "./work.svelte";

/** What the service has, as it was read last. Of several requests only the latest counts. */
export class ServiceState {
  error = $state.raw<ErrorView | null>(null);
  reading = $state(false);
  #asked = 0;

  /** Takes the answer unless a later request was made, or the profile was left meanwhile. */
  protected async load<T>(ask: () => Promise<T>, take: (answer: T) => void): Promise<void> {
    const asked = ++this.#asked;
    this.reading = true;
    try {
      const answer = await ask();
      if (asked !== this.#asked) return;
      take(answer);
      this.error = null;
    } catch (failure) {
      if (asked === this.#asked) this.error = asErrorView(failure);
    } finally {
      if (asked === this.#asked) this.reading = false;
    }
  }

  /** Answers that are still awaited are out of date. */
  protected invalidate(): void {
    this.#asked += 1;
    this.error = null;
    this.reading = false;
  }
}

/**
 * What the service has, and what it was asked for about each part of that. It goes on whatever the
 * window shows.
 */
export abstract class EditableState extends ServiceState {
  /** Grows when the profile is left: what ends after that is nobody's any more. */
  protected life = 0;
  #work = $state.raw<Record<string, Work<string>>>({});

  constructor(readonly say: (words: string) => void) {
    super();
  }

  abstract read(): Promise<void>;

  /** What is under way with something, or how it ended. */
  work(key: string): Work<string> {
    return this.#work[key] ?? (this.#work[key] = new Work());
  }

  /** The user looks: what is shown now takes the place of what was not confirmed. */
  async refresh(): Promise<void> {
    await this.read();
    if (this.error) return;
    for (const work of Object.values(this.#work)) if (work.unclear) work.error = null;
  }

  /** Changes something at the service, then says so and reads what became of it. */
  protected carryOut(
    key: string,
    kind: string,
    words: string,
    act: () => Promise<unknown>,
  ): Promise<boolean> {
    return this.work(key).run(kind, async () => {
      const life = this.life;
      await act();
      if (life !== this.life) return;
      this.say(words);
      await this.read();
    });
  }

  clear(): void {
    this.invalidate();
    this.life += 1;
    this.#work = {};
  }
}
