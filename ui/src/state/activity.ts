import { t, type Phrase } from "../strings";
import { catalogue } from "../strings/language.svelte";
import type { IconName } from "../parts/icons";
import type { ActivityEntry, ActivityOutcome, ActivityQuery, ActivityState } from "../types";

/** So many entries are asked for at first, and so many more each time. */
export const WINDOW = 100;

export const outcomes: readonly ActivityOutcome[] = [
  "underWay",
  "held",
  "done",
  "notDone",
  "notKnown",
];

export const everything: ActivityQuery = { outcome: null, group: null, text: "", limit: WINDOW };

export const isFiltered = (query: ActivityQuery): boolean =>
  query.outcome !== null || query.group !== null || query.text.trim() !== "";

/** How an outcome looks; it is always said in words too. */
export const outcomeMarks: Record<ActivityOutcome, { tone: string; icon: IconName }> = {
  underWay: { tone: "quietly", icon: "clock" },
  held: { tone: "held", icon: "pause" },
  done: { tone: "ok", icon: "check" },
  notDone: { tone: "bad", icon: "cross" },
  notKnown: { tone: "warn", icon: "ask" },
};

const outcomeOf: Record<ActivityState, ActivityOutcome> = {
  sent: "underWay",
  accepted: "underWay",
  pending: "underWay",
  held: "held",
  done: "done",
  rejected: "notDone",
  rejectedByVote: "notDone",
  noQuorum: "notDone",
  voteTimedOut: "notDone",
  failed: "notDone",
  notConfirmed: "notKnown",
  leftOff: "notKnown",
};

export const toneOf = (state: ActivityState): string => outcomeMarks[outcomeOf[state]].tone;

/** How long after the first step each one came. */
export const timeline = ({
  steps,
}: ActivityEntry): { state: ActivityState; at: number; afterMs: number }[] =>
  steps.map(({ state, at }) => ({ state, at, afterMs: Math.max(0, at - (steps[0]?.at ?? at)) }));

/** The share of the largest value, in percent; what is there at all can be seen. */
export function share(value: number, values: readonly number[]): number {
  const largest = Math.max(0, ...values);
  return value > 0 && largest > 0 ? Math.max(2, (100 * value) / largest) : 0;
}

/**
 * What was asked, and about which file: in the user's words where there are some, else in those of
 * the operation.
 */
export function titleOf({
  operation,
  doc,
  file,
}: Pick<ActivityEntry, "operation" | "doc" | "file">): string {
  const phrase = `operation.${operation}`;
  const what = phrase in catalogue() ? t(phrase as Phrase) : doc;
  return file === null ? what : t("activity.about", { what: what.replace(/\.$/, ""), name: file });
}
