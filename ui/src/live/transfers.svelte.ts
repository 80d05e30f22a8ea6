import * as ipc from "../ipc";
import * as transfers from "../state/transfers";
import type { TransfersChanged } from "../types";

/** The transfer queue as the page knows it. */
export class TransferQueue {
  queue = $state.raw<transfers.Queue>(transfers.empty);

  async read(): Promise<void> {
    this.queue = transfers.read(await ipc.transfers(), Date.now());
  }

  changed(change: TransfersChanged): void {
    this.queue = transfers.changed(this.queue, change, Date.now());
  }

  clear(): void {
    this.queue = transfers.empty;
  }
}
