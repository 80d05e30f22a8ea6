/** What rows of the list have in common. */
import type { FileView, Row } from "../types";

export const isFile = (row: Row): row is FileView => row.row === "file";

/** The files among rows that are not about to be deleted. */
export const filesAmong = (rows: Iterable<Row>): FileView[] =>
  [...rows].filter(isFile).filter(({ state }) => state !== "deleting");

export const sizeOf = (row: Row): number => (row.row === "folder" ? row.bytes : (row.size ?? 0));
