import * as ipc from "../ipc";
import type { CopyEnded } from "../types";

/** The token, or other secret, that was copied last: whose it is, until when it stays on the clipboard, and what became of it. The text is not here. */
export class CopiedToken {
  view = $state.raw<{ id: string; until: number; ended: CopyEnded | null } | null>(null);

  /** Copies are numbered as they are asked for. */
  #asked = 0;
  /** The latest that is told of: older ones are no longer on the clipboard. */
  #latest = 0;

  /** Has the shell copy it by its id. */
  async copy(id: string, how: (id: string) => Promise<number> = ipc.copyToken): Promise<void> {
    const asked = ++this.#asked;
    const seconds = await how(id);
    if (asked < this.#latest) return;
    this.#latest = asked;
    this.view = { id, until: Date.now() + seconds * 1000, ended: null };
  }

  ended(end: CopyEnded): void {
    if (this.view) this.view = { ...this.view, ended: end };
  }

  clear(): void {
    this.#latest = ++this.#asked;
    this.view = null;
  }
}
