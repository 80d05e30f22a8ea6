import type { IconName } from "../parts/icons";
import type { Phrase } from "../strings";
import type { Queue } from "../state/transfers";
import type { TransferState, TransferView } from "../types";

export const transferLook: Record<TransferState, { icon: IconName; tone: string }> = {
  waiting: { icon: "clock", tone: "quietly" },
  running: { icon: "transfers", tone: "accent" },
  finishing: { icon: "transfers", tone: "accent" },
  done: { icon: "check", tone: "ok" },
  failed: { icon: "cross", tone: "bad" },
  canceled: { icon: "cross", tone: "quietly" },
  notConfirmed: { icon: "ask", tone: "warn" },
};

export function stateWords({ state, direction }: TransferView): Phrase {
  if (state === "running" || state === "finishing" || state === "done") return `transfer.${direction}.${state}`;
  return `transfer.${state}`;
}

/** What is being done just now, over all that moves. */
export function workWords(queue: Queue): Phrase {
  const moving = new Set<string>();
  for (const item of queue.items.values()) {
    if (item.state === "running" || item.state === "finishing") moving.add(item.direction);
  }
  if (moving.size !== 1) return "transfers.working";
  return moving.has("upload") ? "transfers.sending" : "transfers.fetching";
}
