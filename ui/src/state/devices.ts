import type { Device, DeviceChange, Devices, Known } from "../types";
import type { IconName } from "../parts/icons";

export type Step = DeviceChange["kind"];
export type Mark = { tone: "ok" | "warn" | "held" | "bad" | "quietly"; icon: IconName };

/** How a device's state looks; the word stands beside it. */
export const stateMarks: Record<Known<Device["state"]>, Mark> = {
  requested: { tone: "held", icon: "clock" },
  approved: { tone: "ok", icon: "check" },
  rejected: { tone: "bad", icon: "cross" },
  other: { tone: "quietly", icon: "ask" },
};

export const storageMarks: Record<Known<NonNullable<Device["storage"]>>, Mark> = {
  online: { tone: "ok", icon: "disk" },
  offline: { tone: "warn", icon: "warning" },
  other: { tone: "quietly", icon: "disk" },
};

/** What is offered at once for a device as it stands; the rest is behind "More". */
export function firstSteps(device: Device): Step[] {
  if (device.storage !== null) return ["synchronize"];
  if (device.state === "requested") return ["approve", "reject"];
  if (device.state === "approved") return ["registerStorage"];
  if (device.state === "rejected") return ["approve"];
  return ["approve", "reject", "registerStorage"];
}

export const nameOf = (device: Device): string => device.name ?? device.id;

/**
 * Fewer storage devices than the service advises: how many there are, and how many of them answer.
 */
export function shortage({
  devices,
  advised,
}: Devices): { storing: number; answering: number } | null {
  const storing = devices.filter((device) => device.storage !== null);
  if (storing.length >= advised) return null;
  return {
    storing: storing.length,
    answering: storing.filter((device) => device.storage !== "offline").length,
  };
}
