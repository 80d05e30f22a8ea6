import type { Row } from "../types";

/** Whether moving rows into a folder would change anything, and can be done. */
export const takes = (folder: string, rows: readonly Row[]): boolean =>
  rows.some((row) => row.row === "folder" || row.folder !== folder) &&
  rows.every((row) => row.row === "file" || row.key !== folder);
