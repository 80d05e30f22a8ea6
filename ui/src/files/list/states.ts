import type { IconName } from "../../parts/icons";
import type { FileState } from "../../types";

/** A state is a colour, a sign and a word; never a colour alone. */
export const stateLook: Record<FileState, { icon: IconName; tone: string }> = {
  stored: { icon: "check", tone: "ok" },
  verified: { icon: "verified", tone: "ok" },
  missing: { icon: "cross", tone: "bad" },
  notListed: { icon: "ask", tone: "warn" },
  unanswered: { icon: "ask", tone: "warn" },
  mismatch: { icon: "warning", tone: "bad" },
  notConfirmed: { icon: "ask", tone: "warn" },
  missingReceipt: { icon: "receipt", tone: "quietly" },
  deleting: { icon: "clock", tone: "quietly" },
};
