/** Which rows of a long list are worth drawing. */
export type Window = { first: number; last: number };

/**
 * First and last place (both included) with `spare` rows above and below; last < first when there
 * is none.
 */
export function windowOf(
  scrollTop: number,
  height: number,
  rowHeight: number,
  total: number,
  spare = 8,
): Window {
  const top = Math.floor(Math.max(0, scrollTop) / rowHeight);
  const bottom = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) - 1;
  return {
    first: Math.max(0, Math.min(top, total - 1) - spare),
    last: Math.min(total - 1, bottom + spare),
  };
}

/** Where to scroll so that the row at `at` is wholly in view; the same place when it is already. */
export function scrollTo(at: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = at * rowHeight;
  if (top < scrollTop) return top;
  if (top + rowHeight > scrollTop + height) return top + rowHeight - height;
  return scrollTop;
}

/**
 * Where to scroll when the height of the list changes: a row that was in view, if only in part,
 * stays in view. One that was scrolled away from stays away.
 */
export function keptInView(
  at: number,
  scrollTop: number,
  before: number,
  height: number,
  rowHeight: number,
): number {
  const top = at * rowHeight;
  const wasInView = at >= 0 && top + rowHeight > scrollTop && top < scrollTop + before;
  return wasInView ? scrollTo(at, scrollTop, height, rowHeight) : scrollTop;
}
