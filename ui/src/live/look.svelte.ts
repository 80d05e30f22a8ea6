import { asErrorView } from "../ipc";
import type { ErrorView } from "../types";

/** What the service has, as somebody looked at it last. Of several looks only the latest counts. */
export class Look {
  error = $state.raw<ErrorView | null>(null);
  reading = $state(false);
  #asked = 0;

  /**
   * Asks, and takes the answer unless it comes after a later question, or after the profile was
   * left.
   */
  protected async look<T>(ask: () => Promise<T>, take: (answer: T) => void): Promise<void> {
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

  /** What is still asked for is out of date. */
  protected lookAway(): void {
    this.#asked += 1;
    this.error = null;
    this.reading = false;
  }
}
