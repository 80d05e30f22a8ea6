/** How often the shell is told at most that the user is active. */
export const REPORT_INTERVAL_MS = 10_000;

/** Decides which signs of the user are reported. Time is an argument. */
export class ActivityReporter {
  #reportedAt = Number.NEGATIVE_INFINITY;

  isDue(now: number): boolean {
    if (now - this.#reportedAt < REPORT_INTERVAL_MS) return false;
    this.#reportedAt = now;
    return true;
  }
}
