/** What needs attention, put together from what is known of files, transfers, keys and the kit. */
import type { FileView, RowPage } from "../types";
import { isFile } from "./rows";

/** Why a file needs attention. */
export type FileTrouble = "missing" | "notListed" | "mismatch" | "renamed" | "notConfirmed";
export type Trouble = "keys" | FileTrouble | "transfers" | "unsure" | "unverified" | "kit";

/** How many there are, and the names of the first of them. */
export type Group = { readonly count: number; readonly names: readonly string[] };
export type Card = Group & { readonly trouble: Trouble };
export type Found = Readonly<Partial<Record<FileTrouble | "unverified", Group>>>;

/** So many names are read out; the rest is counted. */
export const NAMED = 3;

export const group = (names: readonly string[], count: number = names.length): Group => ({
  count,
  names: [...new Set(names)].slice(0, NAMED),
});

export function troubleOf({ state, renamed }: FileView): FileTrouble | null {
  if (state === "missing" || state === "mismatch") return state;
  if (state === "notListed" || state === "unanswered") return "notListed";
  return renamed === null ? null : "renamed";
}

/** The files of a page by what is wrong with them. */
export function grouped({ rows }: Pick<RowPage, "rows">): Found {
  const names: Partial<Record<FileTrouble, string[]>> = {};
  for (const file of rows.filter(isFile)) {
    const trouble = troubleOf(file);
    if (trouble) (names[trouble] ??= []).push(file.name);
  }
  return Object.fromEntries(Object.entries(names).map(([trouble, of]) => [trouble, group(of)]));
}

/** The names as they were grouped, and the numbers as they were counted where not all were read. */
export const counted = (
  found: Found,
  counts: Readonly<Partial<Record<FileTrouble, number>>>,
): Found =>
  Object.fromEntries(
    Object.entries(counts)
      .filter(([, count]) => count > 0)
      .map(([trouble, count]) => [
        trouble,
        { count, names: found[trouble as FileTrouble]?.names ?? [] },
      ]),
  );

const order: readonly Trouble[] = [
  "keys",
  "missing",
  "mismatch",
  "notListed",
  "transfers",
  "notConfirmed",
  "unsure",
  "renamed",
  "kit",
  "unverified",
];

/** What there is a card for, the most urgent first. */
export const cards = (all: Readonly<Partial<Record<Trouble, Group>>>): Card[] =>
  order.flatMap((trouble) => {
    const found = all[trouble];
    return found && found.count > 0 ? [{ trouble, ...found }] : [];
  });
