import { expect, test } from "vitest";
import { ActivityReporter, REPORT_INTERVAL_MS } from "./activity-reporter";

test("reports the first sign at once, and the next only after the interval", () => {
  const reporter = new ActivityReporter();
  expect(reporter.isDue(5)).toBe(true);
  expect(reporter.isDue(6)).toBe(false);
  expect(reporter.isDue(4 + REPORT_INTERVAL_MS)).toBe(false);
  expect(reporter.isDue(5 + REPORT_INTERVAL_MS)).toBe(true);
});
