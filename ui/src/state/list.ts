/** The list of files, known in pages of a window the shell answers from. */
import type { ErrorView, Row, RowPage, RowQuery, SortKey } from "../types";
import { allOf, asQuery, ordered, startsDescending, type Filter } from "./filter";
import type { Seen } from "./scroll";

export const PAGE = 200;

type KnownPage = { rows: Row[]; version: number };

export type List = {
  readonly filter: Filter;
  /** Counts filters: answers to an older question are not taken. */
  readonly epoch: number;
  /** The epoch the shown pages belong to; behind `epoch` while a new answer is awaited. */
  readonly shownEpoch: number;
  /** Counts changes of the files: pages of an older version are shown until they are read again. */
  readonly version: number;
  readonly pages: ReadonlyMap<number, KnownPage>;
  readonly total: number;
  readonly totalBytes: number;
  /** Among the rows that match. */
  readonly folders: number;
  readonly files: number;
  readonly allFiles: number;
  readonly contexts: RowPage["contexts"];
  readonly needAttention: number;
  /** From the first folder below the top to the one that is shown. */
  readonly crumbs: RowPage["crumbs"];
  readonly folderIsGone: boolean;
  readonly known: boolean;
  readonly error: ErrorView | null;
};

export const unread: List = {
  filter: allOf(),
  epoch: 0,
  shownEpoch: 0,
  version: 0,
  pages: new Map(),
  total: 0,
  totalBytes: 0,
  folders: 0,
  files: 0,
  allFiles: 0,
  contexts: [],
  needAttention: 0,
  crumbs: [],
  folderIsGone: false,
  known: false,
  error: null,
};

export const filtered = (list: List, change: Partial<Filter>): List => ({
  ...list,
  filter: { ...list.filter, ...change },
  epoch: list.epoch + 1,
});

/** A column asked for twice turns round; size and time start with the largest and newest. */
export function sorted(list: List, sort: SortKey): List {
  const again = list.filter.sort === sort;
  const descending = again ? !list.filter.descending : startsDescending(sort);
  return filtered(list, ordered(list.filter, { sort, descending }));
}

export const changed = (list: List): List => ({ ...list, version: list.version + 1 });

export type Question = { epoch: number; version: number; page: number; query: RowQuery };

/** The next page to ask for so that the places `first` to `last` are known and fresh, or null. */
export function wanted(list: List, first: number, last: number): Question | null {
  const fresh = list.shownEpoch === list.epoch && list.known;
  const from = fresh ? Math.floor(Math.max(0, first) / PAGE) : 0;
  const to = fresh ? Math.floor(Math.max(0, Math.min(last, list.total - 1)) / PAGE) : 0;
  for (let page = from; page <= to; page += 1) {
    const known = fresh ? list.pages.get(page) : undefined;
    if (known?.version !== list.version) return question(list, page);
  }
  return null;
}

const question = (list: List, page: number): Question => ({
  epoch: list.epoch,
  version: list.version,
  page,
  query: { ...asQuery(list.filter), offset: page * PAGE, limit: PAGE, follow: [] },
});

/** Whether a page in view was read before the files changed. */
export function isStale(list: List, first: number, last: number): boolean {
  if (list.shownEpoch !== list.epoch) return false;
  const pages = [Math.floor(Math.max(0, first) / PAGE), Math.floor(Math.max(0, last) / PAGE)];
  return pages.some((page) => (list.pages.get(page)?.version ?? list.version) !== list.version);
}

/**
 * The page of a place and the one after it in one answer, so that all rows in view are of one
 * moment; with the places of `follow`.
 */
export function pagesAt(list: List, at: number, follow: string[]): Question {
  const { query, ...asked } = question(list, Math.floor(Math.max(0, at) / PAGE));
  return { ...asked, query: { ...query, limit: 2 * PAGE, follow } };
}

/** Whether an answer has all rows from `first` to `last`, as far as there are any. */
export const covers = (
  { offset, limit }: RowQuery,
  first: number,
  last: number,
  total: number,
): boolean => first >= offset && Math.min(last, total - 1) < offset + limit;

/**
 * With `alone`, pages that are not in the answer are let go of: their rows are at other places by
 * now.
 */
export function answered(list: List, asked: Question, answer: RowPage, alone = false): List {
  if (asked.epoch !== list.epoch) return list;
  const pages = new Map(list.shownEpoch === asked.epoch && !alone ? list.pages : []);
  for (let at = 0; at < asked.query.limit; at += PAGE)
    pages.set(asked.page + at / PAGE, {
      rows: answer.rows.slice(at, at + PAGE),
      version: asked.version,
    });
  const { total, totalBytes, folders, files, allFiles, contexts, needAttention } = answer;
  const { crumbs, folderIsGone } = answer;
  for (const page of pages.keys()) if (page * PAGE >= total && page > 0) pages.delete(page);
  return {
    ...list,
    pages,
    total,
    totalBytes,
    folders,
    files,
    allFiles,
    contexts,
    needAttention,
    crumbs,
    folderIsGone,
    shownEpoch: asked.epoch,
    known: true,
    error: null,
  };
}

export const failed = (list: List, asked: Question, error: ErrorView): List =>
  asked.epoch === list.epoch ? { ...list, error } : list;

export const retried = (list: List): List => ({ ...list, error: null });

export const rowAt = (list: List, at: number): Row | undefined =>
  list.pages.get(Math.floor(at / PAGE))?.rows[at % PAGE];

/**
 * The known rows among the places `first` to `last`; none while what is shown belongs to an older
 * question.
 */
export function rowsSeen(list: List, first: number, last: number): Seen[] {
  if (list.shownEpoch !== list.epoch) return [];
  const seen: Seen[] = [];
  for (let at = Math.max(0, first); at <= last; at += 1) {
    const row = rowAt(list, at);
    if (row) seen.push({ id: row.id, at });
  }
  return seen;
}

/** The rows from `first` to `last` when all of them are known, else null. */
export function rowsBetween(list: List, first: number, last: number): Row[] | null {
  const rows: Row[] = [];
  for (let at = first; at <= last; at += 1) {
    const row = rowAt(list, at);
    if (!row) return null;
    rows.push(row);
  }
  return rows;
}
