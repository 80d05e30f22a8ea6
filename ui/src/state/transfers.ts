/**
 * The transfers, as the shell's events leave them. What is asked of them often is kept, not counted
 * again.
 */
import type {
  Code,
  Transfers,
  TransfersChanged,
  TransferState,
  TransferSummary,
  TransferView,
} from "../types";

/** A transfer, and when (by this machine's clock) it is tried again by itself. */
export type Row = TransferView & { readonly retryAt: number | null };
export type Tally = Readonly<Record<TransferState, number>>;

export type Queue = {
  readonly items: ReadonlyMap<string, Row>;
  /** The ids as they are listed; the same array as long as nothing moves to another place. */
  readonly order: readonly string[];
  /**
   * How many there are of each state: of all in the list, where the summary tells of the batch that
   * is under way.
   */
  readonly tally: Tally;
  readonly moving: Readonly<Record<TransferView["direction"], number>>;
  /** How many ended as they should, or were canceled: nobody has to look at them. */
  readonly settled: number;
  /** The votes that stored files wait for, by the files' ids. */
  readonly heldBy: ReadonlyMap<string, string | null>;
  readonly summary: TransferSummary;
  /**
   * Whether the service was not reached the last time that a transfer tried. An attempt alone does
   * not change that; bytes that arrive do.
   */
  readonly offline: boolean;
};

const none: Tally = {
  waiting: 0,
  running: 0,
  finishing: 0,
  held: 0,
  paused: 0,
  done: 0,
  failed: 0,
  canceled: 0,
  notConfirmed: 0,
};

export const empty: Queue = {
  items: new Map(),
  order: [],
  tally: none,
  moving: { upload: 0, download: 0, reseal: 0, verify: 0 },
  settled: 0,
  heldBy: new Map(),
  summary: {
    waiting: 0,
    running: 0,
    held: 0,
    paused: 0,
    done: 0,
    failed: 0,
    notConfirmed: 0,
    doneBytes: 0,
    totalBytes: 0,
    bytesPerSecond: null,
    secondsLeft: null,
    current: null,
  },
  offline: false,
};

export const read = (all: Transfers, now: number): Queue =>
  changed(empty, { changed: all.items, removed: [], summary: all.summary }, now);

export function changed(queue: Queue, change: TransfersChanged, now: number): Queue {
  const items = new Map(queue.items);
  const tally = { ...queue.tally };
  const moving = { ...queue.moving };
  let moved = false;
  let { offline, settled } = queue;

  const count = (row: Row, by: number): void => {
    tally[row.state] += by;
    if (isMoving(row.state)) moving[row.direction] += by;
    if (isSettled(row)) settled += by;
  };
  for (const item of change.changed) {
    const before = items.get(item.id);
    const row = { ...item, retryAt: retryAt(item, before, now) };
    if (before) count(before, -1);
    count(row, 1);
    offline = isCutOff(row)
      ? offline || !before || !isCutOff(before)
      : offline && !arrives(row, before);
    if (!before || placeOf(before) !== placeOf(row)) moved = true;
    items.set(row.id, row);
  }
  for (const id of change.removed) {
    const before = items.get(id);
    if (!before) continue;
    count(before, -1);
    items.delete(id);
    moved = true;
  }
  return {
    items,
    heldBy: sameHeld(queue.heldBy, change) ? queue.heldBy : heldFiles(items),
    order: moved ? arranged(items) : queue.order,
    tally,
    moving,
    settled,
    summary: change.summary,
    // Nothing that waits or moves would tell when it is over.
    offline: offline && tally.waiting + tally.running + tally.finishing > 0,
  };
}

/** Whether no transfer of a stored file begins to wait for a vote, waits for another, or ends waiting. */
function sameHeld(held: Queue["heldBy"], { changed, removed }: TransfersChanged): boolean {
  if (removed.length > 0 && held.size > 0) return false;
  return changed.every(
    ({ file, state, poll }) =>
      file === null || (state === "held" ? held.get(file) === poll : !held.has(file)),
  );
}

function heldFiles(items: ReadonlyMap<string, Row>): Map<string, string | null> {
  const held = new Map<string, string | null>();
  for (const { file, state, poll } of items.values())
    if (file !== null && state === "held") held.set(file, poll);
  return held;
}

const isSettled = ({ state, mismatchName }: TransferView): boolean =>
  state === "canceled" || (state === "done" && mismatchName === null);

/** Whether this is the word of somebody who did not get through to the service. */
export const isOffline = (code: Code | undefined): boolean =>
  code === "offline" || code === "unknown_host";

const isCutOff = ({ state, error }: TransferView): boolean =>
  state === "waiting" && isOffline(error?.code);

/** Whether a transfer got through: it is done, asked about, or has come further in this attempt. */
function arrives({ state, doneBytes }: Row, before: Row | undefined): boolean {
  if (state === "done" || state === "held" || state === "finishing")
    return before !== undefined && before.state !== state;
  const from = before && isMoving(before.state) ? before.doneBytes : 0;
  return state === "running" && doneBytes > from;
}

/**
 * The shell tells the same moment again and again; what the telling took does not make the
 * countdown tremble.
 */
function retryAt(item: TransferView, before: Row | undefined, now: number): number | null {
  if (item.retryInMs === null) return null;
  const at = now + item.retryInMs;
  const known = before?.retryAt ?? null;
  return known !== null && Math.abs(known - at) < 500 ? known : at;
}

/**
 * What needs attention first, then what moves, is held, waits or is paused, and last what is over.
 */
const place: Record<TransferState, number> = {
  failed: 0,
  notConfirmed: 0,
  running: 1,
  finishing: 1,
  held: 2,
  waiting: 3,
  paused: 4,
  canceled: 5,
  done: 5,
};

/** What was kept though it is not what was stored is not left at the end. */
const placeOf = ({ state, mismatchName }: TransferView): number =>
  state === "done" && mismatchName !== null ? 0 : place[state];

function arranged(items: ReadonlyMap<string, Row>): string[] {
  const places: string[][] = [[], [], [], [], [], []];
  for (const item of items.values()) places[placeOf(item)]?.push(item.id);
  return places.flat();
}

/** The rows between two places of the list, both included. */
export const rowsBetween = (queue: Queue, first: number, last: number): Row[] =>
  queue.order.slice(first, last + 1).flatMap((id) => queue.items.get(id) ?? []);

export const isMoving = (state: TransferState): boolean =>
  state === "running" || state === "finishing";
export const isOver = (state: TransferState): boolean => place[state] === 5 || state === "failed";

export const movingCount = ({ tally }: Queue): number => tally.running + tally.finishing;
/** What goes on by itself, now or after the next sign-in. */
export const goingOn = (queue: Queue): number =>
  movingCount(queue) + queue.tally.waiting + queue.tally.held + queue.tally.notConfirmed;
/** Whether anything goes on, or waits for a person to resume it. */
export const isOnTheWay = (queue: Queue): boolean => goingOn(queue) + queue.tally.paused > 0;
/** Whether nothing is on its way any more, and something ended as it should. */
export const restsWithDone = (queue: Queue): boolean => queue.settled > 0 && !isOnTheWay(queue);
export const pausable = ({ tally }: Queue): number => tally.waiting + tally.running + tally.held;
export const cancelable = (queue: Queue): number => pausable(queue) + queue.tally.paused;
export const overCount = ({ tally }: Queue): number => tally.done + tally.failed + tally.canceled;
export const troubled = ({ tally }: Queue): number => tally.failed + tally.notConfirmed;

/** The waiting transfer that is tried again first. */
export function nextRetry(queue: Queue): Row | null {
  if (queue.tally.waiting === 0) return null;
  let next: Row | null = null;
  for (const item of queue.items.values()) {
    if (item.state !== "waiting" || item.retryAt === null) continue;
    if (next === null || item.retryAt < (next.retryAt ?? 0)) next = item;
  }
  return next;
}

/** Whole seconds until a moment, never less than none. */
export const secondsUntil = (at: number, now: number): number =>
  Math.max(0, Math.ceil((at - now) / 1000));

/** 0 to 1; an empty file is there when it is done. */
export function fraction(doneBytes: number, totalBytes: number, over = false): number {
  if (over) return 1;
  return totalBytes > 0 ? Math.min(1, Math.max(0, doneBytes / totalBytes)) : 0;
}
