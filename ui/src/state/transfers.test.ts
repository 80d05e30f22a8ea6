import { expect, test } from "vitest";
import { summary, transfer } from "../../tests/shell";
import type { TransferView } from "../types";
import {
  cancelable,
  changed,
  empty,
  fraction,
  goingOn,
  nextRetry,
  overCount,
  pausable,
  read,
  rowsBetween,
  secondsUntil,
  troubled,
} from "./transfers";

const NOW = 1_000_000;
const of = (...items: TransferView[]) => read({ items, summary: summary() }, NOW);
const after = (queue: typeof empty, items: TransferView[], removed: string[] = [], now = NOW) =>
  changed(queue, { changed: items, removed, summary: summary() }, now);

const queue = of(
  transfer("a", { state: "done" }),
  transfer("b"),
  transfer("c", { state: "running" }),
);

test("takes over what changed and forgets what was removed", () => {
  const change = {
    changed: [transfer("c", { state: "failed" }), transfer("d")],
    removed: ["a"],
    summary: summary({ waiting: 2, failed: 1 }),
  };
  const next = changed(queue, change, NOW);
  expect([...next.items.keys()]).toEqual(["b", "c", "d"]);
  expect(next.summary.failed).toBe(1);
  expect(queue.items.size).toBe(3);
});

test("what was kept though it is not what was stored stays in sight", () => {
  const kept = transfer("k", {
    state: "done",
    direction: "download",
    mismatchName: "k (DAMAGED).txt",
  });
  expect(after(queue, [kept]).order[0]).toBe("k");
});

test("puts what needs attention first and what is over last", () => {
  const next = after(queue, [
    transfer("e", { state: "notConfirmed" }),
    transfer("f", { state: "paused" }),
    transfer("g", { state: "held" }),
  ]);
  expect(next.order).toEqual(["e", "c", "g", "b", "f", "a"]);
  expect(rowsBetween(next, 1, 2).map((item) => item.id)).toEqual(["c", "g"]);
});

test("progress does not put the list in order anew", () => {
  const next = after(queue, [transfer("c", { state: "running", doneBytes: 500 })]);
  expect(next.order).toBe(queue.order);
  expect(after(next, [transfer("c", { state: "done" })]).order).toEqual(["b", "a", "c"]);
});

test("counts what goes on, can be paused, stopped or cleared, and is in trouble", () => {
  const all = of(
    ...(
      [
        "waiting",
        "running",
        "finishing",
        "held",
        "paused",
        "done",
        "failed",
        "canceled",
        "notConfirmed",
      ] as const
    ).map((state) => transfer(state, { state })),
  );
  expect([goingOn(all), pausable(all), cancelable(all), overCount(all), troubled(all)]).toEqual([
    5, 3, 4, 3, 2,
  ]);
  expect(all.moving).toEqual({ upload: 2, download: 0, reseal: 0, verify: 0 });
  expect(goingOn(empty)).toBe(0);
});

test("the tallies follow what changes and what goes", () => {
  const next = after(
    queue,
    [transfer("c", { state: "held" }), transfer("b", { state: "running", direction: "download" })],
    ["a", "never there"],
  );
  expect(next.tally).toMatchObject({ done: 0, waiting: 0, running: 1, held: 1 });
  expect(next.moving).toEqual({ upload: 0, download: 1, reseal: 0, verify: 0 });
});

test("a retry has a moment, which telling it again does not move to and fro", () => {
  const waits = of(
    transfer("a", { retryInMs: 12_000 }),
    transfer("b", { retryInMs: 5_000 }),
    transfer("c"),
  );
  expect(nextRetry(waits)).toMatchObject({ id: "b", retryAt: NOW + 5_000 });
  const told = after(waits, [transfer("b", { retryInMs: 4_790 })], [], NOW + 200);
  expect(told.items.get("b")?.retryAt).toBe(NOW + 5_000);
  const later = after(told, [transfer("b", { retryInMs: 30_000 })], [], NOW + 5_000);
  expect(nextRetry(later)?.id).toBe("a");
  expect(nextRetry(after(later, [transfer("a"), transfer("b")]))).toBeNull();
});

test("seconds left are whole and never less than none", () => {
  expect([
    secondsUntil(12_000, 0),
    secondsUntil(11_001, 0),
    secondsUntil(0, 0),
    secondsUntil(0, 9_000),
  ]).toEqual([12, 12, 0, 0]);
});

test("a share is between nothing and all, also of an empty file", () => {
  expect(fraction(50, 200)).toBe(0.25);
  expect(fraction(300, 200)).toBe(1);
  expect(fraction(0, 0)).toBe(0);
  expect(fraction(0, 0, true)).toBe(1);
});

const cutOff = (id: string) =>
  transfer(id, { error: { code: "offline", message: "", hint: "" }, retryInMs: 4_000 });

test.each<[what: string, first: TransferView[], then: TransferView[], offline: boolean]>([
  ["nothing is known at first", [transfer("a")], [], false],
  ["a transfer that did not get through", [cutOff("a")], [], true],
  ["an attempt alone", [cutOff("a")], [transfer("a", { state: "running" })], true],
  [
    "an attempt while others wait",
    [cutOff("a"), cutOff("b")],
    [transfer("a", { state: "running" })],
    true,
  ],
  ["what ended before", [cutOff("a"), transfer("b", { state: "done" })], [], true],
  ["bytes that arrive", [cutOff("a")], [transfer("a", { state: "running", doneBytes: 1 })], false],
  ["an upload that is confirmed", [cutOff("a")], [transfer("a", { state: "finishing" })], false],
  ["a transfer that is held", [cutOff("a")], [transfer("a", { state: "held" })], false],
  ["another refusal of one", [cutOff("a")], [transfer("a", { state: "failed" })], false],
  ["all of them paused", [cutOff("a")], [transfer("a", { state: "paused" })], false],
])("whether the service is reached: %s", (_, first, then, offline) => {
  expect(after(of(...first), then).offline).toBe(offline);
});

test("what waits and is told again does not undo that another one got through", () => {
  const online = after(of(cutOff("a"), cutOff("b")), [
    transfer("a", { state: "running", doneBytes: 10 }),
  ]);
  expect(after(online, [cutOff("b")]).offline).toBe(false);
  expect(after(online, [cutOff("a")]).offline).toBe(true);
});
