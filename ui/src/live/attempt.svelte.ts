import { asErrorView } from "../ipc";
import type { ErrorView } from "../types";

/**
 * One thing the user asked for: busy while it runs, refused while it is busy, and its error
 * afterwards.
 */
export class Attempt<Kind extends string = string> {
  busy = $state<Kind | null>(null);
  error = $state.raw<ErrorView | null>(null);

  /** Runs `act` unless something runs already. Answers whether it succeeded. */
  async run(kind: Kind, act: () => Promise<unknown>): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = kind;
    this.error = null;
    try {
      await act();
      return true;
    } catch (failure) {
      this.error = asErrorView(failure);
      return false;
    } finally {
      this.busy = null;
    }
  }
}
