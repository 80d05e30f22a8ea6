/** What was done with files since the sign-in: by transfers, and by what was done with their rows. */
import type { ErrorView, Outcome, TransferState, TransferView } from "../types";

type Told = Extract<TransferState, "done" | "failed" | "held" | "notConfirmed" | "canceled">;
type Direction = TransferView["direction"];

/** What is done with rows of the list. */
export type RowAct = "rename" | "move" | "label" | "delete";

export type FileEvent = {
  readonly key: string;
  /** The first of them, when there are several. */
  readonly name: string;
  readonly count: number;
  readonly did: Direction | RowAct;
  /** Its new name, or label. */
  readonly to: string;
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
    const before = next.find(({ key }) => key === item.id);
    if (!told.includes(item.state) || before?.state === item.state) continue;
    const event: FileEvent = {
      key: item.id,
      name: item.name,
      count: 1,
      did: item.direction,
      to: "",
      state: item.state as Told,
      isOther: item.mismatchName !== null,
      reason: item.error?.message ?? null,
      at,
    };
    next = [event, ...next.filter((each) => each !== before)].slice(0, KEPT);
  }
  return next;
}

/** What was done with rows, and how it went: what went well, what did not, and what is not known. */
export function acted(
  log: FileLog,
  act: Pick<FileEvent, "did" | "name" | "to">,
  { done, notConfirmed, failed, moreFailed }: Outcome,
  at: number,
): FileLog {
  const nth = log.length;
  const [first] = failed;
  const event = (state: Told, count: number, name: string, reason: string | null): FileEvent[] =>
    count > 0
      ? [
          {
            ...act,
            key: `${act.did} ${at} ${nth} ${state}`,
            name,
            count,
            state,
            reason,
            isOther: false,
            at,
          },
        ]
      : [];
  return [
    ...event(
      "failed",
      failed.length + moreFailed,
      first?.[0] ?? act.name,
      first?.[1].message ?? null,
    ),
    ...event("notConfirmed", notConfirmed, act.name, null),
    ...event("done", done, act.name, null),
    ...log,
  ].slice(0, KEPT);
}

/** How the deletion of so many files went. Of several, an error says that not all of them are gone. */
export function deletionOutcome(name: string, count: number, error: ErrorView | null): Outcome {
  const isUnknown = error !== null && (count > 1 || error.code === "not_confirmed");
  return {
    done: error ? 0 : count,
    notConfirmed: isUnknown ? count : 0,
    failed: error && !isUnknown ? [[name, error]] : [],
    moreFailed: 0,
  };
}

/** The service's operation that decides how it ends. */
export const operationOf: Record<Direction | RowAct, string> = {
  upload: "data-token.exchange",
  download: "data-token.request",
  reseal: "data-token.update-data",
  verify: "data-token.request",
  rename: "data-token.update-metadata",
  move: "data-token.update-metadata",
  label: "data-token.update-metadata",
  delete: "data-token.delete",
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
