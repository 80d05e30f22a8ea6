/** What the keys of the list do. */
import type { Files } from "../../live/files.svelte";
import { rowAt } from "../../state/list";
import type { Row } from "../../types";
import { meaningOf, typedOn, typedRow, untyped } from "./keys";

export type Deeds = {
  readonly open: (row: Row) => void;
  readonly look: (row: Row) => void;
  readonly rename: (row: Row) => void;
  readonly save: () => void;
  readonly delete: () => void;
  readonly all: () => void;
  readonly up: () => void;
  readonly menu: () => void;
};

export type Move = (to: number, how: "pick" | "range" | "only-move") => void;

/** Answers what a key means in the list, and does it. `perPage` are the rows in view. */
export function tableKeys(files: Files, deeds: Deeds, move: Move) {
  let typed = untyped;

  function type(letter: string): void {
    const { cursor } = files.picked;
    typed = typedOn(typed, letter, Date.now());
    const nameAt = (at: number) => rowAt(files.list, at)?.name;
    const at = typedRow(typed.text, cursor, files.list.total, nameAt);
    if (at !== null) move(at, "pick");
  }

  return (event: KeyboardEvent, perPage: number): void => {
    const { cursor } = files.picked;
    const meaning = meaningOf(event, { cursor, total: files.list.total, perPage });
    if (!meaning) return;
    event.preventDefault();
    const row = rowAt(files.list, cursor);
    if (meaning.do === "move") move(meaning.to, meaning.how);
    else if (meaning.do === "type") type(meaning.text);
    else if (meaning.do === "none") files.pickNone();
    else if (meaning.do === "toggle") {
      if (row) files.toggle(row, cursor);
    } else if (meaning.do === "open" || meaning.do === "look" || meaning.do === "rename") {
      if (row && !event.repeat) deeds[meaning.do](row);
    } else deeds[meaning.do]();
  };
}
