/** What rows of the list have in common. */
import type { FileView, Row, RowRef } from "../types";

export const isFile = (row: Row): row is FileView => row.row === "file";

/** The files among rows that are not about to be deleted. */
export const filesAmong = (rows: Iterable<Row>): FileView[] =>
  [...rows].filter(isFile).filter(({ state }) => state !== "deleting");

export const sizeOf = (row: Row): number => (row.row === "folder" ? row.bytes : (row.size ?? 0));

/** As the shell is told which rows are meant. */
export const refOf = (row: Row): RowRef =>
  row.row === "folder" ? { folder: row.key } : { file: row.id };

/** Rows that are not in a folder yet, without that folder itself. */
export const movable = (rows: readonly Row[], folder: string): Row[] =>
  rows.filter((row) => (row.row === "folder" ? row.key : row.folder) !== folder);

/** Rows that something can be done with: not those that are about to be deleted. */
export const usable = (rows: Iterable<Row>): Row[] =>
  [...rows].filter((row) => row.row === "folder" || row.state !== "deleting");
