/** The badge of a file: what it is called, and in which colour. */
import type { FileKind } from "../types";

const LONGEST = 4;
const named: Partial<Record<string, string>> = {
  jpeg: "JPG",
  xlsx: "XLS",
  docx: "DOC",
  pptx: "PPT",
  html: "HTM",
  tiff: "TIF",
  markdown: "MD",
};

/** The ending of the name in a few letters, or nothing where it says nothing. */
export function badgeOf(name: string): string {
  const ending = /[^.]\.([\p{L}\p{N}]{1,10})$/u.exec(name)?.[1]?.toLowerCase() ?? "";
  const short = named[ending] ?? ending.toUpperCase();
  return short.length <= LONGEST ? short : "";
}

export const kinds: readonly Exclude<FileKind, "folder" | "other">[] = [
  "document",
  "pdf",
  "image",
  "spreadsheet",
  "presentation",
  "text",
  "archive",
  "audio",
  "video",
  "code",
];
