/** The steps of making keys, in the order the shell takes them. */
import type { KeyStep } from "../types";

export const steps: readonly KeyStep[] = [
  "engine",
  "application",
  "recovery",
  "saving",
  "registering",
];

export type Progress = "done" | "now" | "next";

export function progressOf(step: KeyStep, current: KeyStep): Progress {
  const distance = steps.indexOf(step) - steps.indexOf(current);
  return distance < 0 ? "done" : distance === 0 ? "now" : "next";
}
