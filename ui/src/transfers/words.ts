import type { IconName } from "../parts/icons";
import { t, type Phrase } from "../strings";
import { secondsUntil, type Queue, type Row } from "../state/transfers";
import type { TransferState, TransferView } from "../types";
import { number } from "../format";

export type Tone = "accent" | "ok" | "held" | "warn" | "bad" | "quietly";
export type Look = { icon: IconName; tone: Tone };

/** A state is a colour, a sign and a word; never a colour alone. */
export const transferLook: Record<TransferState, Look> = {
  waiting: { icon: "clock", tone: "quietly" },
  running: { icon: "transfers", tone: "accent" },
  finishing: { icon: "transfers", tone: "accent" },
  held: { icon: "clock", tone: "held" },
  paused: { icon: "pause", tone: "quietly" },
  done: { icon: "check", tone: "ok" },
  failed: { icon: "cross", tone: "bad" },
  canceled: { icon: "cross", tone: "quietly" },
  notConfirmed: { icon: "ask", tone: "warn" },
};

/** What waits because something went wrong does not look like what waits its turn. */
export function lookOf({ state, error, mismatchName }: TransferView): Look {
  if (state === "waiting" && error) return { icon: "refresh", tone: "warn" };
  return state === "done" && mismatchName !== null
    ? { icon: "warning", tone: "warn" }
    : transferLook[state];
}

export const wayIcon: Record<TransferView["direction"], IconName> = {
  upload: "up",
  download: "down",
  reseal: "lock",
  verify: "shield",
};

export function stateWords({ state, direction, mismatchName, asStored }: TransferView): Phrase {
  if (state === "done" && mismatchName !== null) return "transfer.download.kept";
  if (state === "done" && direction === "download" && asStored === "notComparable")
    return "transfer.download.notCompared";
  if (state === "running" || state === "finishing" || state === "done")
    return `transfer.${direction}.${state}`;
  return `transfer.${state}`;
}

/** What a person should know about a transfer, in two sentences, if there is anything. */
export function advice({
  state,
  direction,
  error,
  mismatchName,
}: TransferView): { message: string; hint: string } | null {
  if (state === "done" && mismatchName !== null)
    return { message: t("keep.kept.why"), hint: t("keep.kept.hint", { name: mismatchName }) };
  if (state === "held") return { message: t("transfer.held.why"), hint: t("transfer.held.hint") };
  if (state === "paused")
    return { message: t("transfer.paused.why"), hint: t(`transfer.${direction}.restarts`) };
  if (state === "notConfirmed")
    return {
      message: t(`transfer.${direction}.notConfirmed.why`),
      hint: t(`transfer.${direction}.notConfirmed.hint`),
    };
  return error;
}

/** What keeping a failed download would do, if it came to something that can be kept. */
export function keepWords({ state, error, mismatchName }: TransferView): string | null {
  if (state !== "failed" || mismatchName === null) return null;
  const code = error?.code;
  return code === "swapped" || code === "damaged" || code === "cut_short"
    ? t(`keep.${code}`, { name: mismatchName })
    : null;
}

/** When a transfer is tried, or asked about, again by itself. */
export function nextTry({ state, retryAt }: Row, now: number): string {
  if (retryAt === null) return "";
  const seconds = secondsUntil(retryAt, now);
  const kind = state === "notConfirmed" ? "nextCheck" : "nextTry";
  return seconds > 0
    ? t(`transfer.${kind}`, { seconds: number(seconds) })
    : t(`transfer.${kind}Now`);
}

/** What is being done just now, over all that moves. */
export function workWords({ moving }: Queue): Phrase {
  const ways = [moving.upload, moving.download, moving.verify].filter((count) => count > 0).length;
  if (ways > 1 || moving.reseal > 0) return "transfers.working";
  if (moving.verify > 0) return "transfers.verifying";
  return moving.download > 0 ? "transfers.fetching" : "transfers.sending";
}
