/** The transfers, as the shell's events leave them. */
import type { Transfers, TransfersChanged, TransferState, TransferSummary, TransferView } from "../types";

export type Queue = { readonly items: ReadonlyMap<string, TransferView>; readonly summary: TransferSummary };

export const empty: Queue = {
  items: new Map(),
  summary: {
    waiting: 0,
    running: 0,
    done: 0,
    failed: 0,
    doneBytes: 0,
    totalBytes: 0,
    bytesPerSecond: null,
    secondsLeft: null,
    current: null,
  },
};

export const read = (all: Transfers): Queue => ({
  items: new Map(all.items.map((item) => [item.id, item])),
  summary: all.summary,
});

export function changed(queue: Queue, change: TransfersChanged): Queue {
  const items = new Map(queue.items);
  for (const item of change.changed) items.set(item.id, item);
  for (const id of change.removed) items.delete(id);
  return { items, summary: change.summary };
}

const order: Record<TransferState, number> = {
  failed: 0,
  notConfirmed: 0,
  running: 1,
  finishing: 1,
  waiting: 2,
  canceled: 3,
  done: 3,
};

/** What needs attention first, then what moves, then what waits, then what is over. */
export const arranged = (queue: Queue): TransferView[] =>
  [...queue.items.values()].sort((one, other) => order[one.state] - order[other.state]);

export const isOver = (state: TransferState): boolean => order[state] === 0 || order[state] === 3;
export const needsAttention = (state: TransferState): boolean => order[state] === 0;

export const unfinished = (queue: Queue): number => count(queue, (item) => !isOver(item.state));
export const troubled = (queue: Queue): number => count(queue, (item) => needsAttention(item.state));
export const finished = (queue: Queue): number => count(queue, (item) => item.state === "done");

/** 0 to 1; an empty file is there when it is done. */
export function fraction(doneBytes: number, totalBytes: number, over = false): number {
  if (over) return 1;
  return totalBytes > 0 ? Math.min(1, Math.max(0, doneBytes / totalBytes)) : 0;
}

function count(queue: Queue, which: (item: TransferView) => boolean): number {
  let found = 0;
  for (const item of queue.items.values()) if (which(item)) found += 1;
  return found;
}
