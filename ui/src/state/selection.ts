/**
 * What is selected in the list. Positions are places in the list as it is sorted and filtered now.
 */
import type { Row } from "../types";

export type Selection = {
  readonly rows: ReadonlyMap<string, Row>;
  /** Where a range starts; -1 when nothing was picked. */
  readonly anchor: number;
  /** Where the keyboard is; -1 when nowhere. */
  readonly cursor: number;
};

export const nothing: Selection = { rows: new Map(), anchor: -1, cursor: -1 };

export const only = (row: Row, at: number): Selection => ({
  rows: new Map([[row.id, row]]),
  anchor: at,
  cursor: at,
});

export function toggled(selection: Selection, row: Row, at: number): Selection {
  const rows = new Map(selection.rows);
  if (!rows.delete(row.id)) rows.set(row.id, row);
  return { rows, anchor: at, cursor: at };
}

/** The places between the anchor and `to`, both included. */
export function span(selection: Selection, to: number): { first: number; last: number } {
  const from = selection.anchor < 0 ? to : selection.anchor;
  return { first: Math.min(from, to), last: Math.max(from, to) };
}

/** A range replaces what was selected; its anchor stays, so that it can shrink again. */
export const ranged = (selection: Selection, rows: Row[], to: number): Selection => ({
  rows: byId(rows),
  anchor: selection.anchor < 0 ? to : selection.anchor,
  cursor: to,
});

export const everything = (selection: Selection, rows: Row[]): Selection => ({
  ...selection,
  rows: byId(rows),
});

/** Moves the keyboard without picking anything. */
export const moved = (selection: Selection, to: number): Selection => ({
  ...selection,
  cursor: to,
});

/** Rows came or went before what is in view: places are others now. */
export const shifted = (selection: Selection, by: number, last: number): Selection => {
  const place = (at: number) => (at < 0 ? at : Math.max(0, Math.min(last, at + by)));
  return { ...selection, anchor: place(selection.anchor), cursor: place(selection.cursor) };
};

export function without(selection: Selection, ids: Iterable<string>): Selection {
  const rows = new Map(selection.rows);
  for (const id of ids) rows.delete(id);
  return rows.size === selection.rows.size ? selection : { ...selection, rows };
}

/**
 * Takes over newer views of files that are selected, and follows a single selected file to its new
 * place.
 */
export function refreshed(selection: Selection, shown: Row[], offset: number): Selection {
  const rows = new Map(selection.rows);
  let { anchor, cursor } = selection;
  shown.forEach((row, index) => {
    if (!rows.has(row.id)) return;
    rows.set(row.id, row);
    if (rows.size === 1) anchor = cursor = offset + index;
  });
  return { rows, anchor, cursor };
}

const byId = (rows: Row[]) => new Map(rows.map((row) => [row.id, row]));
