import * as ipc from "../ipc";
import * as deletions from "../state/deletions";
import * as notices from "../state/notices";
import { t } from "../strings";
import type { DeletionEnded, Notice } from "../types";

/** What comes up over the page: notices, deletions to undo, and what a screen reader is told. */
export class Messages {
  notices = $state.raw<notices.Notices>(notices.none);
  deletions = $state.raw<deletions.Deletions>([]);
  spoken = $state("");
  /** Grows when the profile is left. */
  #life = 0;

  notice(notice: Notice): void {
    this.notices = notices.said(this.notices, notice);
  }

  failed(failure: unknown): void {
    const { message, hint } = ipc.asErrorView(failure);
    this.notice({ kind: "error", message, hint });
  }

  dismiss(key: number): void {
    this.notices = notices.dismissed(this.notices, key);
  }

  say(words: string): void {
    this.spoken = words;
  }

  async delete(ids: string[]): Promise<boolean> {
    const life = this.#life;
    try {
      const deletion = await ipc.deleteFiles(ids);
      if (life === this.#life) this.deletions = deletions.begun(this.deletions, deletion, Date.now());
      return true;
    } catch (failure) {
      if (life === this.#life) this.failed(failure);
      return false;
    }
  }

  async undo(id: string): Promise<void> {
    const life = this.#life;
    this.deletions = deletions.undoing(this.deletions, id, true);
    try {
      const inTime = await ipc.undoDeletion(id);
      if (life !== this.#life) return;
      this.deletions = deletions.gone(this.deletions, id);
      if (inTime) this.say(t("says.undone"));
      else this.notice({ kind: "warning", message: t("undo.late"), hint: t("undo.lateHint") });
    } catch (failure) {
      if (life !== this.#life) return;
      this.deletions = deletions.undoing(this.deletions, id, false);
      this.failed(failure);
    }
  }

  deletionEnded(end: DeletionEnded): void {
    this.deletions = deletions.ended(this.deletions, end);
    if (end.error) this.notice({ kind: "error", message: end.error.message, hint: end.error.hint });
  }

  clear(): void {
    this.#life += 1;
    this.notices = notices.none;
    this.deletions = [];
    this.spoken = "";
  }
}
