import { ipc } from "../ipc";
import * as transfers from "../state/transfers";
import type { TransfersChanged } from "../types";

type Told = { change: TransfersChanged; at: number };

/** The transfer queue as the page knows it. */
export class TransferQueue {
  queue = $state.raw<transfers.Queue>(transfers.empty);
  /**
   * Grows with every question, and when the profile is left: answers to an older one are not taken.
   */
  #asked = 0;
  /** Nobody is here before the first question, and after the profile was left. */
  #here = false;
  /**
   * What was told since the last question. How a transfer ended is told once: the answer may be
   * older than that.
   */
  #told: Told[] | null = null;

  async read(): Promise<void> {
    const asked = ++this.#asked;
    this.#here = true;
    this.#told = [];
    try {
      const answer = await ipc.transfers();
      if (asked !== this.#asked) return;
      this.queue = this.#told.reduce(after, transfers.read(answer, Date.now()));
    } catch (failure) {
      if (asked === this.#asked) throw failure;
    } finally {
      if (asked === this.#asked) this.#told = null;
    }
  }

  /** Answers whether there is anybody whom it concerns. */
  changed(change: TransfersChanged): boolean {
    if (!this.#here) return false;
    const told = { change, at: Date.now() };
    this.#told?.push(told);
    this.queue = after(this.queue, told);
    return true;
  }

  clear(): void {
    this.#asked += 1;
    this.#here = false;
    this.#told = null;
    this.queue = transfers.empty;
  }
}

const after = (queue: transfers.Queue, { change, at }: Told): transfers.Queue =>
  transfers.changed(queue, change, at);
