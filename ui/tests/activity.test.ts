import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import {
  activityPage,
  entry,
  errorView,
  fakeIpc,
  poll,
  spoken,
  statistics,
  summary,
  transfer,
  view,
} from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import { share, timeline } from "../src/state/activity";
import { acted, byDay, KEPT, noted } from "../src/state/file-log";
import type { ActivityEntry, ErrorView, TransferView } from "../src/types";

const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));
const refusal = errorView({
  code: "locked",
  message: "The app was locked.",
  hint: "Unlock it.",
});

async function open(...entries: ActivityEntry[]): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.activity).mockResolvedValue(activityPage(...entries));
  render(App);
  await goTo("activity");
  await press("activity-log");
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.statistics).mockResolvedValue(statistics());
});

test("a timeline says how long each step took from the first", () => {
  expect(timeline(entry(1)).map(({ afterMs }) => afterMs)).toEqual([0, 100, 2_500]);
});

test("what is there at all has a bar that can be seen", () => {
  expect([share(0, [0, 5]), share(5, [0, 5]), share(1, [1, 10_000]), share(0, [])]).toEqual([
    0, 100, 2, 0,
  ]);
});

test("an entry opens to its timeline, and closes again", async () => {
  await open(entry(1, { state: "rejected", outcome: "notDone", reason: "policy.refused" }));
  const toggle = screen.getByTestId("activity-toggle");
  expect(toggle.getAttribute("aria-expanded")).toBe("false");
  await fireEvent.click(toggle);
  expect(toggle.getAttribute("aria-expanded")).toBe("true");
  const steps = screen.getByTestId("activity-timeline").querySelectorAll("li");
  expect([...steps].map((step) => step.textContent)).toEqual([
    expect.stringContaining("Sent"),
    expect.stringContaining("after 0.1 sec"),
    expect.stringContaining("after 2.5 sec"),
  ]);
  expect(screen.getByTestId("activity-entry").textContent).toContain("policy.refused");
  await fireEvent.click(toggle);
  expect(screen.queryByTestId("activity-timeline")).toBeNull();
});

test("an entry that a vote holds shows the poll once it is open", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(poll("c-1", { question: "May the phone join?" }));
  await open(entry(1, { state: "held", outcome: "held" }));
  expect(ipc.poll).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByTestId("activity-toggle"));
  expect((await screen.findByTestId("poll")).textContent).toContain("May the phone join?");
  expect(ipc.poll).toHaveBeenCalledWith("c-1");
});

test("nothing asked of the service is said, and there is nothing to export", async () => {
  await open();
  await screen.findByTestId("activity-none");
  expect(screen.getByTestId<HTMLButtonElement>("activity-export").disabled).toBe(true);
  expect(screen.queryByTestId("activity-search")).toBeNull();
});

test("the filters go to the shell, and what matches nothing can be taken back", async () => {
  await open(entry(1));
  await fireEvent.change(screen.getByTestId("activity-outcome"), { target: { value: "held" } });
  expect(ipc.activity).toHaveBeenLastCalledWith({
    outcome: "held",
    group: null,
    text: "",
    limit: 100,
  });
  vi.mocked(ipc.activity).mockResolvedValue({ ...activityPage(), all: 1 });
  await fireEvent.input(screen.getByTestId("activity-search"), { target: { value: "nothing" } });
  expect(ipc.activity).toHaveBeenLastCalledWith({
    outcome: "held",
    group: null,
    text: "nothing",
    limit: 100,
  });
  await screen.findByTestId("activity-no-match");
  vi.mocked(ipc.activity).mockResolvedValue(activityPage(entry(1)));
  await press("activity-show-all");
  await screen.findByTestId("activity-entry");
  expect(screen.getByTestId<HTMLInputElement>("activity-search").value).toBe("");
});

test("older entries are asked for when they are wanted", async () => {
  vi.mocked(ipc.activity).mockResolvedValue({ ...activityPage(entry(1)), found: 150, all: 150 });
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await goTo("activity");
  await press("activity-log");
  await press("activity-older");
  expect(ipc.activity).toHaveBeenLastCalledWith(expect.objectContaining({ limit: 200 }));
});

test("the list follows the log while it is looked at, and only then", async () => {
  await open(entry(1, { state: "pending", outcome: "underWay" }));
  vi.mocked(ipc.activity).mockResolvedValue(activityPage(entry(1)));
  spoken.heard?.activityChanged();
  await waitFor(() => expect(screen.getByTestId("activity-entry").dataset.state).toBe("done"));
  await goTo("security");
  // Approvals ask for the names of what waits, with a query of their own.
  const asked = () =>
    vi.mocked(ipc.activity).mock.calls.filter(([query]) => query.outcome !== "held").length;
  const before = asked();
  spoken.heard?.activityChanged();
  expect(asked()).toBe(before);
});

test("what cannot be read says so and can be tried again", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.activity).mockRejectedValue(refusal);
  render(App);
  await goTo("activity");
  expect((await screen.findByTestId("alert")).textContent).toContain("Unlock it.");
  vi.mocked(ipc.activity).mockResolvedValue(activityPage(entry(1)));
  await press("activity-retry");
  await press("activity-log");
  await screen.findByTestId("activity-entry");
  expect(screen.queryByTestId("alert")).toBeNull();
});

test("an export says how many entries it wrote, and nothing when no place was chosen", async () => {
  await open(entry(1));
  await press("activity-export");
  expect(screen.queryByTestId("activity-exported")).toBeNull();
  vi.mocked(ipc.exportActivity).mockResolvedValueOnce(1);
  await press("activity-export");
  expect((await screen.findByTestId("activity-exported")).textContent).toContain(
    "1 entry was written",
  );
});

test("the figures are tables, and the service is asked for its own only then", async () => {
  await open(entry(1));
  expect(ipc.statistics).not.toHaveBeenCalled();
  await press("activity-figures");
  const days = await screen.findByTestId("figures-days");
  expect(days.tagName).toBe("TABLE");
  expect(days.textContent).toContain("4.2 MB");
  expect(screen.getByTestId("figures-service").textContent).toContain("stored");
  expect(screen.getByTestId("figures").textContent).toContain("does not document these figures");
});

test("a service that does not count leaves the figures of this machine", async () => {
  vi.mocked(ipc.statistics).mockResolvedValue(statistics({ service: null }));
  await open(entry(1));
  await press("activity-figures");
  await screen.findByTestId("figures-untold");
  screen.getByTestId("figures-days");
});

async function heardOf(...changed: TransferView[]): Promise<void> {
  spoken.heard?.transfersChanged({ changed, removed: [], summary: summary() });
  await Promise.resolve();
}

const saidOf = async () =>
  (await screen.findAllByTestId("file-event")).map(
    (event) => event.querySelector("p")?.textContent ?? "",
  );

test("activity speaks of files, the newest first, with the operation beneath", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.activity).mockResolvedValue(activityPage());
  render(App);
  await screen.findAllByTestId("file-row");
  await heardOf(transfer("a", { name: "Deed.pdf", state: "running" }));
  await heardOf(transfer("a", { name: "Deed.pdf", state: "done" }));
  await heardOf(
    transfer("b", { name: "Blood test.pdf", state: "done", direction: "download" }),
    transfer("c", {
      name: "Lost.pdf",
      state: "failed",
      error: errorView({ code: "no_space", message: "The disk is full.", hint: "" }),
    }),
  );
  await goTo("activity");
  expect(await saidOf()).toEqual([
    expect.stringContaining("Lost.pdf"),
    expect.stringMatching(/^Saved .*Blood test\.pdf/),
    expect.stringMatching(/^Stored .*Deed\.pdf/),
  ]);
  const events = screen.getAllByTestId("file-event");
  expect(events[0]?.textContent).toContain("The disk is full.");
  expect(events[1]?.textContent).toContain("data-token.request");
  expect(screen.getByRole("heading", { name: "today" })).toBeTruthy();
});

test("what was kept though it is not what was stored is not called saved", async () => {
  vi.mocked(ipc.activity).mockResolvedValue(activityPage());
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await screen.findAllByTestId("file-row");
  await heardOf(transfer("a", { state: "done", direction: "download", mismatchName: "a (2).txt" }));
  await goTo("activity");
  expect((await saidOf())[0]).toContain("not what you stored");
});

test("a lock takes the names of files off the activity", async () => {
  vi.mocked(ipc.activity).mockResolvedValue(activityPage());
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await screen.findAllByTestId("file-row");
  await heardOf(transfer("a", { name: "Deed.pdf", state: "done" }));
  spoken.heard?.appChanged(view({ stage: "locked", lockedFor: "asked", revision: 1 }));
  await screen.findByTestId("unlock");
  spoken.heard?.appChanged(view({ revision: 2 }));
  await goTo("activity");
  await screen.findByTestId("file-events-none");
});

test("a transfer has one line, which says how far it is, and only so many are kept", () => {
  const held = transfer("a", { state: "held" });
  const once = noted([], [held], 1);
  expect(noted(once, [held], 2)).toBe(once);
  expect(noted(once, [transfer("a", { state: "done" })], 3)).toEqual([
    expect.objectContaining({ key: "a", state: "done", at: 3 }),
  ]);
  const many = Array.from({ length: KEPT + 5 }, (_, at) => transfer(`t${at}`, { state: "done" }));
  expect(noted([], many, 1)).toHaveLength(KEPT);
});

test("what happened on one day is told together", () => {
  const noon = new Date(2026, 10, 26, 12).getTime();
  const days = byDay([noon + 1, noon, noon - 86_400_000], (at) => at);
  expect(days.map(({ items }) => items.length)).toEqual([2, 1]);
});

test("renamed, moved and deleted files are told by their names", async () => {
  vi.mocked(ipc.activity).mockResolvedValue(activityPage());
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.deleteRows).mockResolvedValue({
    id: "d",
    count: 1,
    files: 1,
    versions: 1,
    name: "file 1.txt",
    untilMs: 8000,
  });
  render(App);
  const [first, second] = await screen.findAllByTestId("file-row");
  await fireEvent.click(first as HTMLElement);
  await fireEvent.keyDown(screen.getByRole("grid"), { key: "F2" });
  const field = await screen.findByTestId("rename-field");
  await fireEvent.input(field, { target: { value: "Deed.pdf" } });
  await fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(screen.queryByTestId("rename-field")).toBeNull());
  await fireEvent.click(second as HTMLElement);
  await fireEvent.click(await screen.findByTestId("delete"));
  await screen.findByTestId("undo");
  spoken.heard?.deletionEnded({ id: "d", error: null });
  await goTo("activity");
  expect(await saidOf()).toEqual([
    expect.stringMatching(/^Deleted .*file 1\.txt/),
    expect.stringMatching(/^Renamed .*file 0\.txt.* to .*Deed\.pdf/),
  ]);
  expect(screen.getAllByTestId("file-event")[1]?.textContent).toContain(
    "data-token.update-metadata",
  );
});

test("what did not work with some of several files is told apart from what did", () => {
  const outcome = {
    done: 2,
    notConfirmed: 1,
    failed: [["b.txt", errorView({ code: "path_taken", message: "It is taken.", hint: "" })]] as [
      string,
      ErrorView,
    ][],
    moreFailed: 3,
  };
  const log = acted([], { did: "move", name: "a.txt", to: "" }, outcome, 1);
  expect(log.map(({ state, count, name, reason }) => [state, count, name, reason])).toEqual([
    ["failed", 4, "b.txt", "It is taken."],
    ["notConfirmed", 1, "a.txt", null],
    ["done", 2, "a.txt", null],
  ]);
});

test("a request that is about a file says which", async () => {
  vi.mocked(ipc.activity).mockResolvedValue(
    activityPage(entry(1, { operation: "data-token.delete", file: "Blood test.pdf" })),
  );
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await goTo("activity");
  await fireEvent.click(await screen.findByTestId("activity-log"));
  expect((await screen.findByTestId("activity-toggle")).textContent).toContain("Blood test.pdf");
});
