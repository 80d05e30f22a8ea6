import { expect, test } from "vitest";
import { file } from "../../tests/shell";
import type { RowPage } from "../types";
import {
  answered,
  changed,
  covers,
  failed,
  filtered,
  isStale,
  PAGE,
  pagesAt,
  rowAt,
  rowsBetween,
  sorted,
  unread,
  wanted,
  type List,
} from "./list";

const answer = (offset: number, total: number, over: Partial<RowPage> = {}): RowPage => ({
  rows: Array.from({ length: Math.max(0, Math.min(PAGE, total - offset)) }, (_, i) =>
    file(offset + i),
  ),
  offset,
  total,
  totalBytes: total,
  allFiles: total,
  contexts: [],
  needAttention: 0,
  folders: 0,
  files: 0,
  crumbs: [],
  folderIsGone: false,
  followed: [],
  ...over,
});

function ask(list: List, first: number, last: number) {
  const asked = wanted(list, first, last);
  if (!asked) throw new Error("nothing is wanted");
  return asked;
}

const known = (total: number) => answered(unread, ask(unread, 0, 10), answer(0, total));

test("asks for the first page before anything is known", () => {
  expect(wanted(unread, 500, 510)?.query).toMatchObject({ offset: 0, limit: PAGE });
});

test("asks only for the page in view, wherever it is", () => {
  const list = known(100_000);
  expect(wanted(list, 0, 20)).toBeNull();
  expect(wanted(list, 80_010, 80_030)?.query.offset).toBe(80_000);
});

test("a place far down is known once its page was answered", () => {
  const list = known(100_000);
  const there = answered(list, ask(list, 80_010, 80_030), answer(80_000, 100_000));
  expect(rowAt(there, 80_015)?.id).toBe("f80015");
  expect(rowAt(there, 40_000)).toBeUndefined();
  expect(rowsBetween(there, 80_001, 80_003)?.map((row) => row.id)).toEqual([
    "f80001",
    "f80002",
    "f80003",
  ]);
  expect(rowsBetween(there, 199, 201)).toBeNull();
});

test("a change keeps the rows on show until they were read again", () => {
  const list = changed(known(300));
  expect(rowAt(list, 5)?.id).toBe("f5");
  const asked = ask(list, 0, 20);
  const again = answered(list, asked, answer(0, 300, { rows: [file(7)] }));
  expect(rowAt(again, 0)?.id).toBe("f7");
  expect(wanted(again, 0, 20)).toBeNull();
});

test("an answer to an older question is not taken", () => {
  const asked = ask(unread, 0, 10);
  const newer = filtered(unread, { search: "invoice" });
  expect(answered(newer, asked, answer(0, 9))).toBe(newer);
  expect(failed(newer, asked, { code: "x", message: "", hint: "" })).toBe(newer);
});

test("a new filter shows the old rows until its own arrive, then only its own", () => {
  const list = filtered(known(450), { search: "3" });
  expect(rowAt(list, 0)?.id).toBe("f0");
  const found = answered(list, ask(list, 0, 10), answer(0, 1, { rows: [file(3)] }));
  expect(rowAt(found, 0)?.id).toBe("f3");
  expect(rowAt(found, 1)).toBeUndefined();
});

test("an emptied list is not asked for without end", () => {
  const list = changed(known(450));
  const gone = answered(list, ask(list, 0, 10), answer(0, 0));
  expect(wanted(gone, 0, -1)).toBeNull();
});

test("a column asked for twice turns round", () => {
  const byName = sorted(sorted(unread, "kind"), "name");
  expect(byName.filter).toMatchObject({ sort: "name", descending: false });
  expect(sorted(byName, "name").filter.descending).toBe(true);
  expect(sorted(byName, "size").filter.descending).toBe(true);
});

test("after a change two pages come in one answer, and rows of before are let go of when places are others", () => {
  const list = changed(answered(known(1000), ask(known(1000), 600, 610), answer(600, 1000)));
  expect(isStale(list, 190, 230)).toBe(true);
  const asked = pagesAt(list, 190, ["f195"]);
  expect(asked.query).toMatchObject({ offset: 0, limit: 2 * PAGE, follow: ["f195"] });
  expect(covers(asked.query, 190, 230, 1000)).toBe(true);
  expect(covers(asked.query, 390, 430, 1000)).toBe(false);
  const rows = Array.from({ length: 2 * PAGE }, (_, i) => file(i));
  const again = answered(list, asked, answer(0, 1003, { rows }), true);
  expect(rowAt(again, 399)?.id).toBe("f399");
  expect(rowAt(again, 605)).toBeUndefined();
  expect(isStale(again, 190, 230)).toBe(false);
});
