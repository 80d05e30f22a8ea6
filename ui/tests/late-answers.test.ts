/** Answers that come late, or not at all, while something else has happened already. */
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, summary, transfer } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import * as ipc from "../src/ipc";
import { TransferQueue } from "../src/live/transfers.svelte";
import type { Transfers, TransferView } from "../src/types";

const offline = new ipc.ShellError({ code: "offline", message: "Not reached.", hint: "Check the network." });

/** An answer that a test gives when it likes to. */
function later<T>() {
  let give: (value: T) => void = () => {};
  let refuse: (failure: unknown) => void = () => {};
  const answer = new Promise<T>((resolve, reject) => ([give, refuse] = [resolve, reject]));
  return { answer, give, refuse };
}

beforeEach(() => vi.clearAllMocks());

const all = (...items: TransferView[]): Transfers => ({ items, summary: summary() });
const told = (changed: TransferView[], removed: string[] = []) => ({ changed, removed, summary: summary() });
const states = ({ queue }: TransferQueue) => Object.fromEntries([...queue.items.values()].map(({ id, state }) => [id, state]));

test("what is told of transfers while they are read is not overwritten by the answer", async () => {
  const { answer, give } = later<Transfers>();
  vi.mocked(ipc.transfers).mockReturnValueOnce(answer);
  const transfers = new TransferQueue();
  const read = transfers.read();
  transfers.changed(told([transfer("a", { state: "done" }), transfer("new")]));
  transfers.changed(told([], ["gone"]));
  give(all(transfer("a", { state: "running" }), transfer("gone", { state: "failed" }), transfer("b")));
  await read;
  expect(states(transfers)).toEqual({ a: "done", b: "waiting", new: "waiting" });
});

test("of two readings of the transfers the later one counts, with all that was told since", async () => {
  const [first, second] = [later<Transfers>(), later<Transfers>()];
  vi.mocked(ipc.transfers).mockReturnValueOnce(first.answer).mockReturnValueOnce(second.answer);
  const transfers = new TransferQueue();
  const reads = [transfers.read(), transfers.read()];
  transfers.changed(told([transfer("a", { state: "done" })]));
  second.give(all(transfer("a", { state: "running" }), transfer("b")));
  await reads[1];
  first.give(all(transfer("a")));
  await reads[0];
  expect(states(transfers)).toEqual({ a: "done", b: "waiting" });
});

test("what was told of transfers stays when they cannot be read", async () => {
  const { answer, refuse } = later<Transfers>();
  vi.mocked(ipc.transfers).mockReturnValueOnce(answer);
  const transfers = new TransferQueue();
  const read = transfers.read();
  transfers.changed(told([transfer("a", { state: "failed" })]));
  refuse(offline);
  await expect(read).rejects.toBe(offline);
  transfers.changed(told([transfer("b")]));
  expect(states(transfers)).toEqual({ a: "failed", b: "waiting" });
});

test("transfers that were asked for before a lock do not come back after it, nor does the failure to read them", async () => {
  const [answered, refused] = [later<Transfers>(), later<Transfers>()];
  vi.mocked(ipc.transfers).mockReturnValueOnce(answered.answer).mockReturnValueOnce(refused.answer);
  const transfers = new TransferQueue();
  const reads = [transfers.read(), transfers.read()];
  transfers.clear();
  answered.give(all(transfer("a")));
  refused.refuse(offline);
  await Promise.all(reads);
  expect(states(transfers)).toEqual({});
});

test("what is told of transfers after a lock is not kept, and the next reading tells it", async () => {
  const transfers = new TransferQueue();
  await transfers.read();
  transfers.clear();
  transfers.changed(told([transfer("a", { state: "paused" })]));
  expect(states(transfers)).toEqual({});
  vi.mocked(ipc.transfers).mockResolvedValueOnce(all(transfer("a")));
  await transfers.read();
  transfers.changed(told([transfer("a", { state: "done" })]));
  expect(states(transfers)).toEqual({ a: "done" });
});
