/** Which rows the list shows, and in which order. */
import type { FileKind, FileState, RowQuery, SortKey } from "../types";

/** Where one is. A folder is named by the key that the shell gave it; the top has none. */
export type Location =
  | { readonly at: "folder"; readonly folder: string }
  | { readonly at: "label"; readonly label: string }
  | { readonly at: "recent" }
  | { readonly at: "attention" };

/** What leaves rows out wherever one is. */
export type Narrowing = {
  readonly kind: FileKind | null;
  readonly state: FileState | null;
  readonly label: string | null;
  /** Milliseconds since 1970. */
  readonly modifiedSince: number | null;
  /** Milliseconds since 1970: only what was last known to be as stored before. */
  readonly verifiedBefore: number | null;
};

/** A file that was not read back for so many days is one that should be. */
export const VERIFIED_DAYS = 90;
export const verifiedBefore = (now: number): number => now - VERIFIED_DAYS * 86_400_000;

export type Order = { readonly sort: SortKey; readonly descending: boolean };

export type Filter = Narrowing &
  Order & {
    readonly location: Location;
    readonly search: string;
    /** The order everywhere but in what is recent. */
    readonly usual: Order;
  };

export const TOP: Location = { at: "folder", folder: "" };
export const everything: Narrowing = {
  kind: null,
  state: null,
  label: null,
  modifiedSince: null,
  verifiedBefore: null,
};
const newest: Order = { sort: "storedAt", descending: true };

export const allOf = (usual: Order = { sort: "name", descending: false }): Filter => ({
  ...everything,
  ...usual,
  usual,
  location: TOP,
  search: "",
});

/** What changes when one goes somewhere else: a search and what narrows belong to one place. */
export const at = (filter: Filter, location: Location): Filter => ({
  ...allOf(filter.usual),
  ...(location.at === "recent" ? newest : filter.usual),
  location,
});

export const startsDescending = (sort: SortKey): boolean =>
  sort === "size" || sort === "modified" || sort === "storedAt";

/** Another order. What is recent keeps its own. */
export const ordered = (filter: Filter, order: Order): Filter => ({
  ...filter,
  ...order,
  usual: filter.location.at === "recent" ? filter.usual : order,
});

export const isNarrowed = (filter: Filter): boolean =>
  (Object.keys(everything) as (keyof Narrowing)[]).some((key) => filter[key] !== null);

/** Whether rows of several folders may be shown, so that each says where it is. */
export const isBelow = (filter: Filter): boolean =>
  filter.location.at !== "folder" || filter.search.trim() !== "" || isNarrowed(filter);

/** A search looks in all folders; what narrows, in the folder and below it. */
export const asQuery = (filter: Filter): Omit<RowQuery, "offset" | "limit" | "follow"> => {
  const { location, search, kind, state, modifiedSince, verifiedBefore, sort, descending } = filter;
  return {
    folder: location.at === "folder" && search.trim() === "" ? location.folder : "",
    below: isBelow(filter),
    search,
    context: location.at === "label" ? location.label : filter.label,
    // What was not read back for long is as it should be, as far as anybody knows.
    needsAttention: location.at === "attention" && verifiedBefore === null,
    kind,
    state,
    modifiedSince,
    verifiedBefore,
    sort,
    descending,
  };
};

/** The folder that new files go into: the one that is shown, or the top. */
export const folderOf = ({ location }: Filter): string =>
  location.at === "folder" ? location.folder : "";

export const isSame = (one: Location, other: Location): boolean =>
  one.at === "folder" && other.at === "folder"
    ? one.folder === other.folder
    : one.at === "label" && other.at === "label"
      ? one.label === other.label
      : one.at === other.at;
