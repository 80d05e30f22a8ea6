/** What was done with files since the sign-in, as the events of the transfers tell it. */
import type { TransferState, TransferView } from "../types";

type Told = Extract<TransferState, "done" | "failed" | "held" | "notConfirmed" | "canceled">;
type Direction = TransferView["direction"];

export type FileEvent = {
  readonly transfer: string;
  readonly name: string;
  readonly direction: Direction;
  readonly state: Told;
  /** What was kept, though it is not what was stored. */
  readonly isOther: boolean;
  /** Why it failed. */
  readonly reason: string | null;
  readonly at: number;
};

/** The newest first. */
export type FileLog = readonly FileEvent[];

export const KEPT = 1000;

const told: readonly TransferState[] = ["done", "failed", "held", "notConfirmed", "canceled"];

/** A transfer has one line: how far it is. What is only said again does not count as new. */
export function noted(log: FileLog, changed: readonly TransferView[], at: number): FileLog {
  let next = log;
  for (const item of changed) {
    const before = next.find(({ transfer }) => transfer === item.id);
    if (!told.includes(item.state) || before?.state === item.state) continue;
    const event: FileEvent = {
      transfer: item.id,
      name: item.name,
      direction: item.direction,
      state: item.state as Told,
      isOther: item.mismatchName !== null,
      reason: item.error?.message ?? null,
      at,
    };
    next = [event, ...next.filter((each) => each !== before)].slice(0, KEPT);
  }
  return next;
}

/** The service's operation that decides how a transfer ends. */
export const operationOf: Record<Direction, string> = {
  upload: "data-token.exchange",
  download: "data-token.request",
  reseal: "data-token.update-data",
  verify: "data-token.request",
};

/** Neighbours of one day, each day with when it began to be told. */
export function byDay<Item>(
  items: readonly Item[],
  at: (item: Item) => number,
): { day: number; items: Item[] }[] {
  const days: { day: number; items: Item[] }[] = [];
  for (const item of items) {
    const last = days.at(-1);
    if (last && new Date(last.day).toDateString() === new Date(at(item)).toDateString())
      last.items.push(item);
    else days.push({ day: at(item), items: [item] });
  }
  return days;
}
