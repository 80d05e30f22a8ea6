/**
 * What is selected in the list. Positions are places in the list as it is sorted and filtered now.
 */
import type { FileView } from "../types";

export type Selection = {
  readonly files: ReadonlyMap<string, FileView>;
  /** Where a range starts; -1 when nothing was picked. */
  readonly anchor: number;
  /** Where the keyboard is; -1 when nowhere. */
  readonly cursor: number;
};

export const nothing: Selection = { files: new Map(), anchor: -1, cursor: -1 };

export const only = (file: FileView, at: number): Selection => ({
  files: new Map([[file.id, file]]),
  anchor: at,
  cursor: at,
});

export function toggled(selection: Selection, file: FileView, at: number): Selection {
  const files = new Map(selection.files);
  if (!files.delete(file.id)) files.set(file.id, file);
  return { files, anchor: at, cursor: at };
}

/** The places between the anchor and `to`, both included. */
export function span(selection: Selection, to: number): { first: number; last: number } {
  const from = selection.anchor < 0 ? to : selection.anchor;
  return { first: Math.min(from, to), last: Math.max(from, to) };
}

/** A range replaces what was selected; its anchor stays, so that it can shrink again. */
export const ranged = (selection: Selection, files: FileView[], to: number): Selection => ({
  files: byId(files),
  anchor: selection.anchor < 0 ? to : selection.anchor,
  cursor: to,
});

export const everything = (selection: Selection, files: FileView[]): Selection => ({
  ...selection,
  files: byId(files),
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
  const files = new Map(selection.files);
  for (const id of ids) files.delete(id);
  return files.size === selection.files.size ? selection : { ...selection, files };
}

/**
 * Takes over newer views of files that are selected, and follows a single selected file to its new
 * place.
 */
export function refreshed(selection: Selection, rows: FileView[], offset: number): Selection {
  const files = new Map(selection.files);
  let { anchor, cursor } = selection;
  rows.forEach((row, index) => {
    if (!files.has(row.id)) return;
    files.set(row.id, row);
    if (files.size === 1) anchor = cursor = offset + index;
  });
  return { files, anchor, cursor };
}

const byId = (files: FileView[]) => new Map(files.map((file) => [file.id, file]));
