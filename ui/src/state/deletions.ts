/**
 * Deletions that can still be undone, or that are on their way. Times are arguments, in
 * milliseconds.
 */
import type { Deletion, DeletionEnded } from "../types";

export type Pending = {
  readonly id: string;
  readonly count: number;
  readonly name: string | null;
  /** The name of the first file, of however many. */
  readonly first: string;
  readonly deadline: number;
  readonly length: number;
  readonly undoing: boolean;
};

export type Deletions = readonly Pending[];

export const begun = (
  all: Deletions,
  deletion: Deletion,
  first: string,
  now: number,
): Deletions => [
  ...all,
  {
    id: deletion.id,
    count: deletion.count,
    name: deletion.name,
    first,
    deadline: now + deletion.untilMs,
    length: deletion.untilMs,
    undoing: false,
  },
];

export const undoing = (all: Deletions, id: string, value: boolean): Deletions =>
  all.map((pending) => (pending.id === id ? { ...pending, undoing: value } : pending));

export const gone = (all: Deletions, id: string): Deletions =>
  all.filter((pending) => pending.id !== id);

export const ended = (all: Deletions, end: DeletionEnded): Deletions => gone(all, end.id);

export const secondsLeft = (pending: Pending, now: number): number =>
  Math.max(0, Math.ceil((pending.deadline - now) / 1000));

export const canUndo = (pending: Pending, now: number): boolean => now < pending.deadline;
