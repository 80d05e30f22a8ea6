import type { IconName } from "../parts/icons";
import type { Trouble } from "../state/attention";

/** How each kind of trouble looks; it is always said in words, too. */
export const looks: Record<Trouble, { tone: "bad" | "warn" | "quietly"; icon: IconName }> = {
  keys: { tone: "bad", icon: "warning" },
  missing: { tone: "bad", icon: "cross" },
  mismatch: { tone: "bad", icon: "warning" },
  notListed: { tone: "warn", icon: "ask" },
  transfers: { tone: "bad", icon: "transfers" },
  notConfirmed: { tone: "warn", icon: "ask" },
  unsure: { tone: "warn", icon: "ask" },
  renamed: { tone: "warn", icon: "edit" },
  unverified: { tone: "quietly", icon: "shield" },
  kit: { tone: "warn", icon: "shield" },
};
