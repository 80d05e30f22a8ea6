import { asErrorView, ipc } from "../ipc";
import * as deletions from "../state/deletions";
import * as notices from "../state/notices";
import { t } from "../strings";
import type { Deletion, DeletionEnded, ErrorView, RowRef } from "../types";

/** What comes up over the page: notices, deletions to undo, and what a screen reader is told. */
export class Messages {
  notices = $state.raw<notices.Notices>(notices.none);
  /** What was left out of what was to be stored. */
  skipped = $state.raw<notices.Notices>(notices.none);
  deletions = $state.raw<deletions.Deletions>([]);
  spoken = $state("");
  /** Grows when the profile is left. */
  #life = 0;

  notice(notice: notices.Said): void {
    if (notices.isLeftOut(notice)) this.skipped = notices.said(this.skipped, notice);
    else this.notices = notices.said(this.notices, notice);
  }

  failed = (failure: unknown, about: string) => this.refused(asErrorView(failure), about);

  /**
   * Something that was asked for was not done. What was refused for a lock is told by the lock
   * itself, and who has declined a question knows that.
   */
  refused({ code, message, hint }: ErrorView, about?: string): void {
    if (code === "locked" || code === "signed_out" || code === "declined") return;
    this.notice({ kind: "error", message, hint, ...(about && { about }) });
  }

  dismiss(key: number): void {
    this.notices = notices.dismissed(this.notices, key);
  }

  dismissSkipped(): void {
    this.skipped = notices.none;
  }

  say(words: string): void {
    this.spoken = words;
  }

  delete = (rows: RowRef[], name: string): Promise<boolean> =>
    this.#delete(() => ipc.deleteRows(rows), name, t("act.delete", { name }, rows.length));

  deleteVersion = (id: string, name: string): Promise<boolean> =>
    this.#delete(() => ipc.deleteVersion(id), name, t("versions.act", { name }));

  async #delete(ask: () => Promise<Deletion>, name: string, about: string): Promise<boolean> {
    const life = this.#life;
    try {
      const deletion = await ask();
      if (life === this.#life)
        this.deletions = deletions.begun(this.deletions, deletion, name, Date.now());
      return true;
    } catch (failure) {
      if (life === this.#life) this.failed(failure, about);
      return false;
    }
  }

  async undo(id: string): Promise<void> {
    const life = this.#life;
    const act = this.#act("act.undo", id);
    this.deletions = deletions.undoing(this.deletions, id, true);
    try {
      const inTime = await ipc.undoDeletion(id);
      if (life !== this.#life) return;
      this.deletions = deletions.gone(this.deletions, id);
      if (inTime) this.say(t("says.undone"));
      else
        this.notice({
          kind: "warning",
          message: t("undo.late"),
          hint: t("undo.lateHint"),
          ...(act && { about: act }),
        });
    } catch (failure) {
      if (life !== this.#life) return;
      this.deletions = deletions.undoing(this.deletions, id, false);
      this.refused(asErrorView(failure), act);
    }
  }

  /** Answers which deletion that was, if it is known here. */
  deletionEnded(end: DeletionEnded): deletions.Pending | undefined {
    const act = this.#act("act.delete", end.id);
    const ended = this.deletions.find(({ id }) => id === end.id);
    this.deletions = deletions.ended(this.deletions, end);
    if (end.error) this.refused(end.error, act);
    return ended;
  }

  /** What becomes of a deletion, by the file's name or how many there are. */
  #act(act: "act.delete" | "act.undo", id: string): string | undefined {
    const pending = this.deletions.find((each) => each.id === id);
    return (
      pending &&
      t(act, { name: pending.name ?? "" }, pending.name === null ? Math.max(2, pending.count) : 1)
    );
  }

  clear(): void {
    this.#life += 1;
    this.notices = notices.none;
    this.skipped = notices.none;
    this.deletions = [];
    this.spoken = "";
  }
}
