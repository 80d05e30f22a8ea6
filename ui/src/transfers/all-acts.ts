/** What can be done about all transfers at once, and where it is offered. */
import { ipc } from "../ipc";
import { cancelable, isOnTheWay, overCount, pausable, type Queue } from "../state/transfers";
import type { Phrase } from "../strings";

export type AllAct = "pause" | "resume" | "try" | "retry" | "dismiss" | "clear" | "cancel";

type Said = {
  readonly testid: string;
  readonly label: Phrase;
  readonly busy: Phrase;
  readonly hint?: Phrase;
  readonly ask: () => Promise<unknown>;
};

export const saidOf: Readonly<Record<AllAct, Said>> = {
  pause: {
    testid: "pause-all",
    label: "transfers.pauseAll",
    busy: "transfers.pausing",
    hint: "transfers.pauseAllHint",
    ask: () => ipc.pauseAll(),
  },
  resume: {
    testid: "resume-all",
    label: "transfers.resumeAll",
    busy: "transfers.resuming",
    ask: () => ipc.resumeAll(),
  },
  try: {
    testid: "try-all",
    label: "transfers.tryNow",
    busy: "transfers.retryingAll",
    ask: () => ipc.resumeAll(),
  },
  retry: {
    testid: "retry-failed",
    label: "transfers.retryAll",
    busy: "transfers.retryingAll",
    ask: () => ipc.retryFailed(),
  },
  dismiss: {
    testid: "transfers-dismiss",
    label: "app.dismiss",
    busy: "transfers.clearing",
    ask: () => ipc.clearFinished(false),
  },
  clear: {
    testid: "clear-finished",
    label: "transfers.clear",
    busy: "transfers.clearing",
    ask: () => ipc.clearFinished(false),
  },
  cancel: {
    testid: "cancel-all",
    label: "transfers.cancelAll",
    busy: "transfers.canceling",
    ask: () => ipc.cancelAll(),
  },
};

/** In the line: what is done most, at most three. */
export function lineActs(queue: Queue, retrying: boolean): AllAct[] {
  const canPause = pausable(queue) > 0;
  const canResume = queue.tally.paused > 0;
  const acts: AllAct[] = [];
  if (!canPause && queue.tally.failed > 0) acts.push("retry");
  if (retrying && !canResume) acts.push("try");
  if (canPause || canResume) acts.push(canPause ? "pause" : "resume");
  if (!isOnTheWay(queue) && overCount(queue) > 0) acts.push("dismiss");
  return acts;
}

/** Above the list: the rest. */
export function listActs(queue: Queue): AllAct[] {
  const canPause = pausable(queue) > 0;
  const acts: AllAct[] = [];
  if (canPause && queue.tally.failed > 0) acts.push("retry");
  if (canPause && queue.tally.paused > 0) acts.push("resume");
  if (isOnTheWay(queue) && overCount(queue) > 0) acts.push("clear");
  if (cancelable(queue) > 0) acts.push("cancel");
  return acts;
}
