import { ipc } from "../ipc";

const AGAIN_MS = 30_000;

/**
 * Whether the service was reached when the list was asked for last, whoever asked; while it was not,
 * it is asked again.
 */
export class Reach {
  offline = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes over what the shell says; nothing is known before the list was asked for. */
  seen(reached: boolean | null): void {
    this.offline = reached === false;
    if (this.offline) this.#timer ??= setTimeout(() => void this.#again(), AGAIN_MS);
    else this.clear();
  }

  async refresh(): Promise<void> {
    await ipc.refreshFiles();
  }

  clear(): void {
    this.offline = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #again(): Promise<void> {
    const mine = this.#timer;
    // Who waits for it sees it end; that it goes on is told already.
    await this.refresh().catch(() => {});
    if (mine !== this.#timer) return;
    this.#timer = undefined;
    this.seen(false);
  }
}
