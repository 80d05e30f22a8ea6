import { ipc } from "../ipc";
import type { CopyEnded } from "../types";
import { RequestGuard } from "./request-guard";

/**
 * The token, or other secret, that was copied last: whose it is, until when it stays on the
 * clipboard, and what became of it. The text is not here.
 */
export class CopiedToken {
  view = $state.raw<{ id: string; until: number; ended: CopyEnded | null } | null>(null);

  #copies = new RequestGuard();

  /** Has the shell copy it by its id. */
  async copy(id: string, how: (id: string) => Promise<number> = ipc.copyToken): Promise<void> {
    const taken = this.#copies.begin();
    const seconds = await how(id);
    if (taken()) this.view = { id, until: Date.now() + seconds * 1000, ended: null };
  }

  ended(end: CopyEnded): void {
    if (this.view) this.view = { ...this.view, ended: end };
  }

  clear(): void {
    this.#copies.invalidate();
    this.view = null;
  }
}
