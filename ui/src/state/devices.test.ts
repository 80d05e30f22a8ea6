import { expect, test } from "vitest";
import type { Device } from "../types";
import { firstSteps, shortage } from "./devices";

const device = (over: Partial<Device> = {}): Device => ({
  id: "d",
  name: "Attic",
  state: "approved",
  storage: null,
  ...over,
});

test("what is offered follows from how a device stands", () => {
  expect(firstSteps(device({ state: "requested" }))).toEqual(["approve", "reject"]);
  expect(firstSteps(device())).toEqual(["registerStorage"]);
  expect(firstSteps(device({ storage: "offline" }))).toEqual(["synchronize"]);
  expect(firstSteps(device({ state: "rejected" }))).toEqual(["approve"]);
  expect(firstSteps(device({ state: { other: null } }))).toContain("approve");
});

test("there is a shortage below what the service advises, whatever else there is", () => {
  const storing = device({ storage: "online" });
  expect(shortage({ devices: [storing, storing, storing], advised: 3 })).toBeNull();
  expect(
    shortage({ devices: [storing, device(), device({ storage: "offline" })], advised: 3 }),
  ).toEqual({ storing: 2, answering: 1 });
  expect(shortage({ devices: [], advised: 3 })).toEqual({ storing: 0, answering: 0 });
});
