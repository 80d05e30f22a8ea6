import type { Code, ErrorView, FieldValue, Operation } from "../types";

/** How a command ended, or that it has not yet. */
export type Outcome = "pending" | "done" | "rejected" | "unclear";

/**
 * What the reason says of how a command ended. A vote ends one in several ways, and with each of
 * them it was not done.
 */
export function outcomeOf(reason: ErrorView | null): Outcome {
  if (reason === null) return "done";
  return NOT_DONE.includes(reason.code) ? "rejected" : "unclear";
}

const NOT_DONE: Code[] = ["rejected", "vote_rejected", "vote_no_quorum", "vote_timed_out"];

/**
 * What is remembered of a call: nothing that was typed, nothing that was answered but the status.
 */
export type Past = {
  key: number;
  id: string;
  at: number;
  status: number | null;
  outcome: Outcome | null;
};

export const LONGEST_HISTORY = 50;

/**
 * The operations that have each word of `wanted` in id, path or description, by group in the order
 * of the catalog.
 */
export function found(operations: Operation[], wanted: string): [string, Operation[]][] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Operation[]>();
  for (const operation of operations) {
    const text = `${operation.id} ${operation.path} ${operation.doc}`.toLowerCase();
    if (words.every((word) => text.includes(word)))
      groups.set(operation.group, [...(groups.get(operation.group) ?? []), operation]);
  }
  return [...groups];
}

/** What was typed, for the shell. */
export const given = (operation: Operation, typed: Record<string, string>): FieldValue[] =>
  operation.fields
    .map(({ name }) => ({ name, value: typed[name] ?? "" }))
    .filter(({ value }) => value !== "");

export const complete = (operation: Operation, typed: Record<string, string>): boolean =>
  operation.fields.every(({ name, required }) => !required || Boolean(typed[name]));

/** What may stay in the form after sending. */
export const withoutSecrets = (
  operation: Operation,
  typed: Record<string, string>,
): Record<string, string> =>
  Object.fromEntries(
    operation.fields
      .filter(({ kind }) => kind !== "secret" && kind !== "token")
      .map(({ name }) => [name, typed[name] ?? ""]),
  );
