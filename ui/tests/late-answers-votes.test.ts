/** Answers about votes that come late, or not at all, while something else has happened already. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { later } from "./later";
import { activityPage, entry, errorView, fakeIpc, poll, voting } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import { ipc } from "../src/ipc";
import { Votes } from "../src/live/votes.svelte";
import type { ActivityPage, Phone, Poll } from "../src/types";

const offline = errorView({
  code: "offline",
  message: "Not reached.",
  hint: "Check the network.",
});

const rejected = errorView({ code: "rejected", message: "No.", hint: "What to do." });
const unknown = errorView({ code: "not_found", message: "Not known.", hint: "" });
const silently = () => {};

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.startedPolls).mockResolvedValue([]);
});
afterEach(() => vi.useRealTimers());

test("a phone that answered as the profile was left is not spoken of, and nothing is asked", async () => {
  const { answer, give } = later<boolean>();
  vi.mocked(ipc.answerOnPhone).mockReturnValueOnce(answer);
  const say = vi.fn();
  const votes = new Votes(say);
  const answered = votes.answer("a", "p1", "yes");
  votes.clear();
  give(true);
  await answered;
  expect(say).not.toHaveBeenCalled();
  expect(ipc.phones).not.toHaveBeenCalled();
  expect(ipc.poll).not.toHaveBeenCalled();
});

const TICK_MS = 1500;
const ticks = (count: number) => vi.advanceTimersByTimeAsync(count * TICK_MS);
const asked = () => vi.mocked(ipc.poll).mock.calls.length;

test("asks about a poll again only after its answer, so that no older answer replaces a newer one", async () => {
  vi.useFakeTimers();
  const { answer, give } = later<Poll>();
  vi.mocked(ipc.poll)
    .mockReturnValueOnce(answer)
    .mockResolvedValue(poll("p1", { state: "accepted" }));
  const votes = new Votes(silently);
  const stop = votes.follow("p1");
  await ticks(5);
  expect(asked()).toBe(1);
  give(poll("p1"));
  await ticks(2);
  expect(asked()).toBe(2);
  expect(votes.polls.get("p1")?.state).toBe("accepted");
  stop();
});

test("asks about an open poll once a tick, also when the followed polls change", async () => {
  vi.useFakeTimers();
  vi.mocked(ipc.poll).mockResolvedValue(poll("p1"));
  const votes = new Votes(silently);
  let stop = votes.follow("p1");
  await ticks(4);
  expect(asked()).toBe(5);
  stop();
  stop = votes.follow("p1");
  await ticks(0);
  expect(asked()).toBe(5);
  await ticks(2);
  expect(asked()).toBe(7);
  stop();
});

test("a poll that cannot be told of is asked about ever more seldom, and at least about once a minute", async () => {
  vi.useFakeTimers();
  vi.mocked(ipc.poll).mockRejectedValue(offline);
  const votes = new Votes(silently);
  const stop = votes.follow("p1");
  const after: number[] = [];
  for (let tick = 1; tick <= 150; tick += 1) {
    const before = asked();
    await ticks(1);
    if (asked() > before) after.push(tick);
  }
  expect(after).toEqual([1, 3, 7, 15, 31, 63, 103, 143]);
  stop();
});

test("asks about a failing poll at the usual pace again after an answer or a refresh", async () => {
  vi.useFakeTimers();
  vi.mocked(ipc.poll).mockRejectedValue(offline);
  const votes = new Votes(silently);
  const stop = votes.follow("p1");
  await ticks(31);
  vi.mocked(ipc.poll).mockResolvedValue(poll("p1"));
  await votes.refresh();
  await ticks(1);
  expect(votes.polls.get("p1")?.state).toBe("open");
  vi.mocked(ipc.poll).mockRejectedValueOnce(offline);
  const before = asked();
  await ticks(3);
  expect(asked()).toBe(before + 3);
  stop();
});

test("a poll of one's own that the service does not know any more is given up, what is held is not", async () => {
  vi.mocked(ipc.startedPolls).mockResolvedValue(["old", "known"]);
  vi.mocked(ipc.poll).mockImplementation((id) =>
    id === "known" ? Promise.resolve(poll(id)) : Promise.reject(unknown),
  );
  const votes = new Votes(silently);
  await votes.read();
  const stops = ["old", "known", "held"].map((id) => votes.follow(id));
  await vi.waitFor(() => expect(votes.started).toEqual(["known"]));
  await votes.read();
  expect(votes.started).toEqual(["known"]);
  stops.forEach((stop) => stop());
  votes.clear();
  await votes.read();
  expect(votes.started).toEqual(["old", "known"]);
});

test("a poll that cannot be reached is not given up", async () => {
  vi.mocked(ipc.startedPolls).mockResolvedValue(["p1"]);
  vi.mocked(ipc.poll).mockRejectedValue(offline);
  const votes = new Votes(silently);
  await votes.read();
  const stop = votes.follow("p1");
  await vi.waitFor(() => expect(asked()).toBe(1));
  expect(votes.started).toEqual(["p1"]);
  stop();
});

test("with the next profile every poll is asked about anew, whatever is still awaited", async () => {
  vi.useFakeTimers();
  const { answer, give } = later<Poll>();
  vi.mocked(ipc.poll)
    .mockReturnValueOnce(answer)
    .mockResolvedValue(poll("p1", { question: "Bob's" }));
  const votes = new Votes(silently);
  votes.follow("p1")();
  votes.clear();
  const stop = votes.follow("p1");
  await ticks(0);
  give(poll("p1", { question: "Alice's" }));
  await ticks(0);
  expect(votes.polls.get("p1")?.question).toBe("Bob's");
  stop();
});

test("a vote that was started has not failed because a list cannot be read, and is followed", async () => {
  const votes = new Votes(silently);
  await votes.read();
  vi.mocked(ipc.startedPolls).mockRejectedValueOnce(offline);
  expect(await votes.start("family", "Question", "The car?")).toBe(true);
  await vi.waitFor(() => expect(votes.error?.code).toBe("offline"));
  expect(votes.work("ask").error).toBeNull();
  expect(votes.started).toEqual(["poll-1"]);
});

test("a vote that is started while the lists are read is not forgotten by their older answer", async () => {
  const { answer, give } = later<string[]>();
  vi.mocked(ipc.startedPolls).mockReturnValueOnce(answer).mockResolvedValue(["poll-1"]);
  const votes = new Votes(silently);
  const read = votes.read();
  await votes.start("family", "Question", "The car?");
  give([]);
  await read;
  await vi.waitFor(() => expect(votes.reading).toBe(false));
  expect(votes.started).toEqual(["poll-1"]);
});

test("when only the first of the voting rules was taken on, it is shown, and the refusal stays", async () => {
  vi.mocked(ipc.setVotingRules).mockRejectedValueOnce(rejected);
  vi.mocked(ipc.voting).mockResolvedValue(voting({ rules: { quorum: 3, attempts: 1 } }));
  const votes = new Votes(silently);
  expect(await votes.setRules({ quorum: 3, attempts: 9 })).toBe(false);
  expect(votes.voting?.rules?.quorum).toBe(3);
  expect(votes.work("rules").error?.code).toBe("rejected");
});

test("after the profile was left nothing is read because the voting rules were refused", async () => {
  const { answer, refuse } = later<null>();
  vi.mocked(ipc.setVotingRules).mockReturnValueOnce(answer);
  const votes = new Votes(silently);
  const set = votes.setRules({ quorum: 3, attempts: 9 });
  votes.clear();
  refuse(rejected);
  await set;
  expect(ipc.voting).not.toHaveBeenCalled();
});

const phone = (name: string): Phone => ({ id: "a", name, script: { kind: "byHand" }, ballots: [] });

test("older answers about phones and held commands do not come over newer ones", async () => {
  const [older, held] = [later<Phone[]>(), later<ActivityPage>()];
  vi.mocked(ipc.phones)
    .mockReturnValueOnce(older.answer)
    .mockResolvedValueOnce([phone("new")]);
  vi.mocked(ipc.activity).mockReturnValueOnce(held.answer).mockResolvedValueOnce(activityPage());
  const votes = new Votes(silently);
  const stop = votes.watch();
  votes.activityChanged();
  const first = votes.readPhones();
  await votes.readPhones();
  older.give([phone("old")]);
  held.give(activityPage(entry(1, { state: "held", outcome: "held" })));
  await first;
  expect(votes.phones?.[0]?.name).toBe("new");
  expect([...votes.held.keys()]).toEqual([]);
  stop();
});

test("what a phone was asked to do has not failed because the phones cannot be read", async () => {
  vi.mocked(ipc.phones).mockRejectedValue(offline);
  const votes = new Votes(silently);
  expect(await votes.pair("Phone")).toBe(true);
  expect(await votes.script("a", { kind: "silent" })).toBe(true);
  expect(await votes.answer("a", "p1", "yes")).toBe(true);
  expect(votes.work("phone a").error).toBeNull();
});

test("the phones of one profile are not read for the next", async () => {
  const [paired, scripted] = [later<null>(), later<null>()];
  vi.mocked(ipc.pairPhone).mockReturnValueOnce(paired.answer);
  vi.mocked(ipc.setPhoneScript).mockReturnValueOnce(scripted.answer);
  const votes = new Votes(silently);
  const done = [votes.pair("Phone"), votes.script("a", { kind: "silent" })];
  votes.clear();
  paired.give(null);
  scripted.give(null);
  await Promise.all(done);
  expect(ipc.phones).not.toHaveBeenCalled();
});
