/** Where a scrolled list stays while rows come and go around what is in view. */

/** A row in view, and its place when it was drawn. */
export type Seen = { readonly id: string; readonly at: number };

export type Viewport = {
  readonly scrollTop: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly total: number;
};

/** How far below the head of the list the pointer is, and whether a button of it is down. */
export type Pointer = { readonly y: number; readonly pressed: boolean };

/**
 * The place of the row that must not move: the one under the pointer, else the one the keyboard is
 * on, else the first whole one.
 * Null at the top of the list: there, new rows come into sight and push the others down, also below
 * a pointer that only lies there. A row that is being pressed is held in any case.
 */
export function heldRow(view: Viewport, pointer: Pointer | null, cursor: number): number | null {
  const { scrollTop, height, rowHeight, total } = view;
  const within = (at: number) => (at >= 0 && at < total ? at : null);
  if (scrollTop <= 0 && !pointer?.pressed) return null;
  if (pointer && pointer.y >= 0 && pointer.y < height)
    return within(Math.floor((scrollTop + pointer.y) / rowHeight));
  if (scrollTop <= 0) return null;
  const first = Math.ceil(scrollTop / rowHeight);
  const last = Math.floor((scrollTop + height) / rowHeight) - 1;
  return within(cursor >= first && cursor <= last ? cursor : first);
}

/**
 * By how many places the list has to be scrolled so that the held row stays where it is. `places`
 * are the new places of the rows
 * in `seen`, null for those that have gone. A row that was sorted elsewhere on its own does not
 * take the view with it, and when
 * the held one has gone, its neighbour is held on to.
 */
export function movedBy(
  seen: readonly Seen[],
  places: readonly (number | null)[],
  held: number | null,
): number {
  if (held === null) return 0;
  const moves = seen.flatMap(({ at }, i) => {
    const now = places[i] ?? null;
    return now === null ? [] : [{ at, by: now - at }];
  });
  const middle = moves.map(({ by }) => by).sort((a, b) => a - b)[moves.length >> 1];
  if (middle === undefined) return 0;
  const together = moves.filter(({ by }) => Math.abs(by - middle) <= seen.length);
  const away = ({ at }: { at: number }) => Math.abs(at - held) * 2 - (at > held ? 1 : 0);
  return together.reduce((best, move) => (away(move) < away(best) ? move : best)).by;
}
