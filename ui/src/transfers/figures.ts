/** The strip's line: what the transfers are up to, each part with its sign and colour. */
import { duration, number, speed } from "../format";
import type { IconName } from "../parts/icons";
import {
  isOffline,
  movingCount,
  nextRetry,
  secondsUntil,
  type Queue,
  type Row,
} from "../state/transfers";
import { t, type Phrase } from "../strings";
import { transferLook, type Look, type Tone } from "./words";

export type Part = {
  readonly text: string;
  readonly count: number;
  readonly tone: Tone;
  readonly icon: IconName;
};

/** What stands still, in the order of how soon it goes on; nothing of what ended well. */
export function stillParts({ tally }: Queue): Part[] {
  const part = (
    state: "held" | "paused" | "notConfirmed" | "failed",
    phrase: "transfers.held" | "transfers.paused" | "transfers.notConfirmed" | "transfers.failed",
  ) => (tally[state] > 0 ? [counted(phrase, tally[state], transferLook[state])] : []);
  return [
    ...part("held", "transfers.held"),
    ...part("paused", "transfers.paused"),
    ...part("notConfirmed", "transfers.notConfirmed"),
    ...part("failed", "transfers.failed"),
  ];
}

/** Figures of the batch that is under way. */
export function movingFigures({ summary }: Queue): string {
  const all =
    summary.waiting +
    summary.running +
    summary.held +
    summary.paused +
    summary.done +
    summary.failed +
    summary.notConfirmed;
  return [
    t("transfers.of", { done: number(summary.done), all: number(all) }),
    summary.bytesPerSecond ? speed(summary.bytesPerSecond) : "",
    summary.secondsLeft === null
      ? ""
      : t("transfers.left", { time: duration(summary.secondsLeft) }),
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * What the line says while nothing moves. Without `now` it leaves the countdown out, for those who
 * listen.
 */
export function restingParts(queue: Queue, next: Row | null, now: number | null): Part[] {
  const { tally } = queue;
  const still = stillParts(queue);
  const first =
    next || queue.offline
      ? [retryPart(queue, next, now)]
      : tally.waiting > 0
        ? [counted("transfers.waiting", tally.waiting, transferLook.waiting)]
        : [];
  if (first.length + still.length > 0) return [...first, ...still];
  if (tally.done > 0) return [counted("transfers.allDone", tally.done, transferLook.done)];
  return [{ text: t("transfers.noneDone"), count: tally.canceled, ...transferLook.canceled }];
}

const counted = (phrase: Phrase, count: number, look: Look): Part => ({
  text: t(phrase, {}, count),
  count,
  ...look,
});

/** Which file failed, why, and what to do, when it is only one. */
export function whatFailed({ tally, order, items }: Queue): string {
  if (tally.failed !== 1) return "";
  for (const id of order) {
    const item = items.get(id);
    if (item?.state === "failed" && item.error)
      return t("transfers.reason", {
        name: item.name,
        reason: `${item.error.message} ${item.error.hint}`,
      });
  }
  return "";
}

/** What is said aloud: nothing while something moves, and never the seconds. */
export const spokenLine = (queue: Queue): string =>
  isMovingOn(queue)
    ? ""
    : restingParts(queue, nextRetry(queue), null)
        .map(({ text }) => text)
        .join(", ");

/**
 * Whether the line tells of what moves. An attempt while the service is not reached is none: the
 * line would go to and fro.
 */
export const isMovingOn = (queue: Queue): boolean => movingCount(queue) > 0 && !queue.offline;

function retryPart(queue: Queue, next: Row | null, now: number | null): Part {
  const offline = queue.offline || isOffline(next?.error?.code);
  const look: Omit<Part, "text"> = {
    count: queue.tally.waiting,
    icon: "refresh",
    tone: "warn",
  };
  if (now === null)
    return { text: t(offline ? "transfers.offline" : "transfers.retrying"), ...look };
  const isTrying = movingCount(queue) > 0;
  const seconds = isTrying ? 0 : secondsUntil(next?.retryAt ?? now, now);
  if (seconds === 0)
    return { text: t(offline ? "transfers.offlineNow" : "transfers.retryNow"), ...look };
  return {
    text: t(offline ? "transfers.offlineIn" : "transfers.retryIn", { seconds: number(seconds) }),
    ...look,
  };
}
