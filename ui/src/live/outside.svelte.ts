import { asErrorView, ipc } from "../ipc";
import { t } from "../strings";
import { refOf } from "../state/rows";
import type { ErrorView, Row } from "../types";
import type { Messages } from "./messages.svelte";

/** A drag that takes longer than this, in milliseconds, says what it waits for. */
const PREPARING_AFTER = 600;

/** Files that leave the window: opened in another application, or dragged to one. */
export class Outside {
  /** The file that is being opened. */
  opening = $state<string | null>(null);

  /** What is dragged, or was dragged last. */
  dragged: readonly Row[] = [];

  constructor(private readonly messages: Messages) {}

  /** Opens a copy of a file. Answers why it was not opened, when saving it is what helps. */
  async open(id: string, name: string): Promise<ErrorView | null> {
    if (this.opening !== null) return null;
    this.opening = id;
    try {
      const opened = await ipc.openFile(id);
      this.messages.notice({
        kind: "warning",
        message: t("open.opened", { name: opened.name }),
        hint: t("open.openedHint"),
      });
      return null;
    } catch (failure) {
      const error = asErrorView(failure);
      this.messages.refused(error, t("act.open", { name }));
      return error.code === "program_not_opened" ? error : null;
    } finally {
      this.opening = null;
    }
  }

  /** Drags files and folders out of the window: to be called while the button is down. */
  async drag(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    this.dragged = rows;
    const waiting = setTimeout(() => this.messages.say(t("drag.preparing")), PREPARING_AFTER);
    try {
      await ipc.dragRows(rows.map(refOf));
    } catch (failure) {
      this.messages.failed(failure, t("act.drag", {}, rows.length));
    } finally {
      clearTimeout(waiting);
    }
  }

  clear(): void {
    this.opening = null;
    this.dragged = [];
  }
}
