/** How often the shell is told that somebody is there, at the most: in milliseconds. */
export const TELL_AT_MOST_EVERY = 10_000;

/** Signs of the user, told on once in a while. Time is an argument. */
export class Seen {
  #told = Number.NEGATIVE_INFINITY;

  /** Whether this sign is to be told on. */
  tells(now: number): boolean {
    if (now - this.#told < TELL_AT_MOST_EVERY) return false;
    this.#told = now;
    return true;
  }
}
