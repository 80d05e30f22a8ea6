import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { account } from "./go";
import { errorView, fakeIpc, poll, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import { icons, type IconName } from "../src/parts/icons";
import type { TransferSummary, TransferView } from "../src/types";

const offline = { code: "offline", message: "Not reached.", hint: "Check the network." };

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
});
afterEach(() => vi.useRealTimers());

function tell(items: TransferView[], over: Partial<TransferSummary> = {}): void {
  spoken.heard?.transfersChanged({ changed: items, removed: [], summary: summary(over) });
}

async function open(
  items: TransferView[],
  over: Partial<TransferSummary> = {},
): Promise<HTMLElement> {
  vi.mocked(ipc.transfers).mockResolvedValue({ items, summary: summary(over) });
  render(App);
  const strip = await screen.findByTestId("transfers-strip");
  const sum = strip.querySelector(".sum");
  if (sum && !screen.queryByTestId("transfer-row")) await fireEvent.click(sum);
  await screen.findAllByTestId("transfer-row");
  return strip;
}

const row = (id: string) => {
  const found = document.querySelector<HTMLElement>(`[data-testid=transfer-row][data-id="${id}"]`);
  if (!found) throw new Error(`transfer ${id} is not drawn`);
  return found;
};
const buttons = (id: string) =>
  within(row(id))
    .queryAllByRole("button")
    .map((each) => each.getAttribute("aria-label"));
const line = () => screen.getByTestId("transfers-figures").textContent;

test.each([
  ["waiting", ["Pause x.txt", "Cancel x.txt"]],
  ["running", ["Pause x.txt", "Cancel x.txt"]],
  ["finishing", ["Pause x.txt", "Cancel x.txt"]],
  ["held", ["Open vote on x.txt", "Pause x.txt", "Cancel x.txt"]],
  ["paused", ["Resume x.txt", "Cancel x.txt"]],
  ["failed", ["Retry x.txt"]],
  ["canceled", ["Retry x.txt"]],
  ["notConfirmed", []],
  ["done", []],
] as const)("a transfer that is %s offers %j", async (state, expected) => {
  await open([transfer("x", { state })]);
  expect(buttons("x")).toEqual(expected);
});

test.each<[TransferView["state"], string, IconName, string]>([
  ["waiting", "quietly", "clock", "Waiting"],
  ["running", "accent", "transfers", "Encrypting and uploading"],
  ["finishing", "accent", "transfers", "Waiting for confirmation"],
  ["held", "held", "clock", "Waiting for approval"],
  ["paused", "quietly", "pause", "Paused"],
  ["failed", "bad", "cross", "Failed"],
  ["canceled", "quietly", "cross", "Canceled"],
  ["notConfirmed", "warn", "ask", "Not confirmed"],
  ["done", "ok", "check", "Stored"],
])("%s has its colour, sign and word", async (state, tone, icon, word) => {
  await open([transfer("x", { state })]);
  const mark = row("x").querySelector(".state");
  expect(mark?.classList).toContain(tone);
  expect(mark?.querySelector("path")?.getAttribute("d")).toBe(icons[icon][0]);
  expect(mark?.textContent).toContain(word);
});

test.each([
  ["transfer-pause", "running", "pauseTransfer"],
  ["transfer-pause", "held", "pauseTransfer"],
  ["transfer-resume", "paused", "resumeTransfer"],
  ["transfer-retry", "failed", "retryTransfer"],
  ["transfer-retry", "canceled", "retryTransfer"],
  ["transfer-cancel", "paused", "cancelTransfer"],
] as const)("%s of one that is %s asks the shell for %s", async (id, state, command) => {
  await open([transfer("x", { state })]);
  await fireEvent.click(screen.getByTestId(id));
  expect(ipc[command]).toHaveBeenCalledExactlyOnceWith("x");
});

test("what is being confirmed says that it can no longer be canceled", async () => {
  await open([transfer("x", { state: "finishing" })]);
  const cancel = screen.getByTestId("transfer-cancel");
  expect(cancel.getAttribute("aria-disabled")).toBe("true");
  expect(cancel.title).toContain("can no longer be canceled");
  await fireEvent.click(cancel);
  expect(ipc.cancelTransfer).not.toHaveBeenCalled();
});

test("pausing says beforehand that a file starts over", async () => {
  await open([transfer("x", { state: "running" }), transfer("y")]);
  expect(within(row("x")).getByTestId("transfer-pause").title).toContain("starts over");
  expect(within(row("y")).getByTestId("transfer-pause").title).toBe("Pause");
});

test("the focus stays on the button that pauses and resumes, wherever its row goes", async () => {
  await open(
    [transfer("x", { state: "running" }), transfer("y", { state: "running" }), transfer("z")],
    { running: 2, waiting: 1 },
  );
  const button = within(row("x")).getByTestId("transfer-pause");
  button.focus();
  tell([transfer("x", { state: "paused" })], { running: 1, waiting: 1, paused: 1 });
  await screen.findByTestId("transfer-resume");
  expect(document.activeElement).toBe(button);
});

test("one that is tried again says why and counts down, and can be tried now", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  await open([transfer("x", { error: offline, retryInMs: 12_000 })], { waiting: 1 });
  expect(row("x").textContent).toContain("Not reached.");
  expect(row("x").querySelector(".state")?.classList).toContain("warn");
  expect(screen.getByTestId("transfer-next-try").textContent).toBe("next try in 12 s");
  expect(line()).toContain("Offline: next try in 12 s");
  await vi.advanceTimersByTimeAsync(4_000);
  expect(screen.getByTestId("transfer-next-try").textContent).toBe("next try in 8 s");
  expect(line()).toContain("Offline: next try in 8 s");
  await fireEvent.click(screen.getByTestId("transfer-try-now"));
  expect(ipc.resumeTransfer).toHaveBeenCalledExactlyOnceWith("x");
  await vi.advanceTimersByTimeAsync(20_000);
  expect(screen.getByTestId("transfer-next-try").textContent).toBe("trying again…");
});

test("while the service is not reached, an attempt does not turn the line, and the sidebar says it", async () => {
  await open([
    transfer("x", { direction: "verify", error: offline, retryInMs: 12_000 }),
    transfer("y", { direction: "download", error: offline, retryInMs: 30_000 }),
  ]);
  const said: string[] = [line() ?? ""];
  for (let round = 0; round < 3; round += 1) {
    tell([transfer("x", { direction: "verify", state: "running" })], { running: 1, waiting: 1 });
    await tick();
    said.push(line() ?? "");
    tell([transfer("x", { direction: "verify", error: offline, retryInMs: 12_000 })]);
    await tick();
    said.push(line() ?? "");
  }
  expect(said.filter((words) => !words.includes("Offline"))).toEqual([]);
  expect(said.join()).not.toContain("0 byte");
  expect(screen.getByTestId("offline").textContent).toBe("Offline");
  tell([transfer("x", { direction: "verify", state: "running", doneBytes: 10 })], { running: 1 });
  await waitFor(() => expect(screen.queryByTestId("offline")).toBeNull());
  expect(line()).not.toContain("Offline");
});

/** Opens the window without transfers; answers how the shell says whether the service was reached. */
async function openReached(reached: boolean | null): Promise<(reached: boolean) => void> {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.mocked(ipc.appView).mockResolvedValue(view({ reached }));
  vi.mocked(ipc.transfers).mockResolvedValue({ items: [], summary: summary() });
  render(App);
  await screen.findAllByTestId("file-row");
  let revision = 0;
  return (now) => spoken.heard?.appChanged(view({ revision: (revision += 1), reached: now }));
}

test("a list that the shell could not fetch is told in the sidebar without a transfer or a key", async () => {
  const says = await openReached(null);
  expect(screen.queryByTestId("offline")).toBeNull();
  says(false);
  await screen.findByTestId("offline");
  // It got through by itself.
  says(true);
  await waitFor(() => expect(screen.queryByTestId("offline")).toBeNull());
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ipc.refreshFiles).not.toHaveBeenCalled();
});

test("who starts without a network sees it, and the list is asked for again until it comes", async () => {
  vi.mocked(ipc.refreshFiles).mockRejectedValue(errorView(offline));
  const says = await openReached(false);
  await screen.findByTestId("offline");
  await vi.advanceTimersByTimeAsync(31_000);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(ipc.refreshFiles).toHaveBeenCalledTimes(2);
  expect(screen.getByTestId("offline")).toBeTruthy();
  vi.mocked(ipc.refreshFiles).mockImplementation(() =>
    Promise.resolve(null).finally(() => says(true)),
  );
  await vi.advanceTimersByTimeAsync(31_000);
  await waitFor(() => expect(screen.queryByTestId("offline")).toBeNull());
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ipc.refreshFiles).toHaveBeenCalledTimes(3);
});

test("nothing is asked for while the app is locked, and the next person is not offline", async () => {
  await openReached(false);
  await screen.findByTestId("offline");
  spoken.heard?.appChanged(
    view({ revision: 1, stage: "locked", lockedFor: "idle", reached: null }),
  );
  await waitFor(() => expect(screen.queryByTestId("offline")).toBeNull());
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ipc.refreshFiles).not.toHaveBeenCalled();
  spoken.heard?.appChanged(view({ revision: 2, reached: null }));
  await screen.findAllByTestId("file-row");
  expect(screen.queryByTestId("offline")).toBeNull();
});

test("one that is not confirmed says that it is checked and not sent twice", async () => {
  const error = { code: "not_confirmed", message: "Unknown.", hint: "Do not send it again." };
  await open([transfer("x", { state: "notConfirmed", error, retryInMs: 9_000 })]);
  expect(row("x").textContent).toContain("checks whether it arrived");
  expect(row("x").textContent).toContain("never sent twice");
  expect(screen.getByTestId("transfer-next-try").textContent).toMatch(/^next check in \d s$/);
  await fireEvent.click(screen.getByRole("button", { name: "Check x.txt now" }));
  expect(ipc.resumeTransfer).toHaveBeenCalledExactlyOnceWith("x");
});

test("the line says how far the batch is and what stands still beside it", async () => {
  await open(
    [
      transfer("a", { state: "running" }),
      transfer("b", { state: "held" }),
      transfer("c", { state: "paused" }),
    ],
    {
      running: 1,
      waiting: 6,
      held: 1,
      paused: 1,
      done: 3,
      bytesPerSecond: 412e6,
      secondsLeft: 14,
      current: "photos.tar",
    },
  );
  expect(line()).toContain("Encrypting and uploading photos.tar");
  expect(line()).toMatch(/3 of 12 · 412 MB\/s · 0:14 left/);
  expect(line()).toContain("1 waiting for approval");
  expect(line()).toContain("1 paused");
});

test("all can be paused, and resumed once they are, by the same button", async () => {
  await open([transfer("a", { state: "running" }), transfer("b")], { running: 1, waiting: 1 });
  const button = screen.getByTestId("pause-all");
  expect(screen.queryByTestId("resume-all")).toBeNull();
  await fireEvent.click(button);
  expect(ipc.pauseAll).toHaveBeenCalledTimes(1);
  tell([transfer("a", { state: "paused" }), transfer("b", { state: "paused" })], { paused: 2 });
  expect(await screen.findByTestId("resume-all")).toBe(button);
  expect(line()).toContain("2 paused");
  await fireEvent.click(button);
  expect(ipc.resumeAll).toHaveBeenCalledTimes(1);
});

test("where some are paused and some run, both can be asked for", async () => {
  await open([transfer("a", { state: "running" }), transfer("b", { state: "paused" })], {
    running: 1,
    paused: 1,
  });
  await fireEvent.click(screen.getByTestId("resume-all"));
  expect(ipc.resumeAll).toHaveBeenCalledTimes(1);
  expect(ipc.pauseAll).not.toHaveBeenCalled();
  expect(screen.getByTestId("pause-all")).toBeTruthy();
});

test("all that failed can be tried again, only when something failed", async () => {
  await open([transfer("a"), transfer("b", { state: "canceled" })], { waiting: 1 });
  expect(screen.queryByTestId("retry-failed")).toBeNull();
  tell([transfer("a", { state: "failed", error: offline })], { failed: 1 });
  await fireEvent.click(await screen.findByTestId("retry-failed"));
  expect(ipc.retryFailed).toHaveBeenCalledTimes(1);
  expect(line()).toContain("1 failed");
});

test("a refusal of the shell is said", async () => {
  vi.mocked(ipc.pauseTransfer).mockRejectedValueOnce(
    errorView({ code: "broken", message: "Not paused.", hint: "Again." }),
  );
  await open([transfer("x", { state: "running" })], { running: 1 });
  await fireEvent.click(screen.getByTestId("transfer-pause"));
  expect((await screen.findByRole("alert")).textContent).toContain("Not paused.");
});

test("limits are shown, changed and taken away", async () => {
  vi.mocked(ipc.appView).mockResolvedValueOnce(
    view({ limits: { upload: 5_000_000, download: null } }),
  );
  await open([transfer("x")], { waiting: 1 });
  await fireEvent.click(screen.getByTestId("limits"));
  expect(screen.getByTestId("limits-in-force").textContent).toContain(
    "upload 5 MB/s, download no limit",
  );
  const upload = screen.getByTestId<HTMLInputElement>("limit-upload");
  expect([upload.value, document.activeElement]).toEqual(["5", upload]);
  await fireEvent.input(upload, { target: { value: "" } });
  await fireEvent.input(screen.getByTestId("limit-download"), { target: { value: "2,5" } });
  await fireEvent.click(screen.getByTestId("limits-save"));
  expect(ipc.setLimits).toHaveBeenCalledExactlyOnceWith({ upload: null, download: 2_500_000 });
  await waitFor(() =>
    expect(screen.getByTestId("limits-in-force").textContent).toContain(
      "upload no limit, download 2.5 MB/s",
    ),
  );
  await fireEvent.keyDown(upload, { key: "Escape" });
  expect(screen.queryByTestId("limits-panel")).toBeNull();
  expect(document.activeElement).toBe(screen.getByTestId("limits"));
});

test("a limit that cannot be understood is not saved", async () => {
  await open([transfer("x")], { waiting: 1 });
  await fireEvent.click(screen.getByTestId("limits"));
  await fireEvent.input(screen.getByTestId("limit-upload"), { target: { value: "1,000" } });
  await fireEvent.click(screen.getByTestId("limits-save"));
  expect(ipc.setLimits).not.toHaveBeenCalled();
  expect(screen.getByTestId("limit-upload").getAttribute("aria-invalid")).toBe("true");
  expect(screen.getByTestId("limits-panel").textContent).toContain("Type a number such as 2.5");
});

test("ten thousand transfers draw a window only", async () => {
  await open(
    Array.from({ length: 10_000 }, (_, at) => transfer(`t${at}`)),
    { waiting: 10_000 },
  );
  expect(screen.getAllByTestId("transfer-row").length).toBeLessThan(20);
  expect(line()).toContain("10,000 waiting");
});

test("signing out says that transfers go on at the next sign-in, and does not ask for paused ones", async () => {
  await open([transfer("a", { state: "running" }), transfer("b", { state: "held" })], {
    running: 1,
    held: 1,
  });
  await account("sign-out");
  expect(document.body.textContent).toContain(
    "2 transfers are not finished. They go on at your next sign-in.",
  );
  await fireEvent.click(screen.getByText("Stay"));
  tell([transfer("a", { state: "paused" }), transfer("b", { state: "paused" })], { paused: 2 });
  vi.mocked(ipc.signOut).mockResolvedValue(view({ stage: "signedOut", profile: null }));
  await waitFor(() => expect(line()).toContain("2 paused"));
  await account("sign-out");
  expect(ipc.signOut).toHaveBeenCalledTimes(1);
});

test("one that waits for approval names its file in the question, and leads to the vote", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(
    poll("c1", { question: "Hand out “pv1.a92bK7q22nm6cjJ7qJTJ6n_u-zEg0”?" }),
  );
  await open([transfer("t", { state: "held", poll: "c1", name: "deed.txt" })], { held: 1 });
  await waitFor(() =>
    expect(screen.getByTestId("transfer-row").textContent).toContain("Hand out “deed.txt”?"),
  );
  expect(screen.getByTestId("transfer-row").textContent).toMatch(/[12]:\d\d left/);
  await fireEvent.click(screen.getByTestId("open-vote"));
  await screen.findByTestId("approvals");
});

test("before anything has moved, no speed is told", async () => {
  await open([transfer("t", { state: "running" })], { running: 1, bytesPerSecond: 0 });
  expect(screen.getByTestId("transfers-figures").textContent).not.toContain("byte");
});

/** Opens the window with these transfers, their list closed. */
async function closedWith(
  items: TransferView[],
  over: Partial<TransferSummary> = {},
): Promise<void> {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.mocked(ipc.transfers).mockResolvedValue({ items, summary: summary(over) });
  render(App);
  await screen.findByTestId("transfers-strip");
}

test("five seconds after all ended well, what ended is cleared away", async () => {
  await closedWith([transfer("x", { state: "running" })], { running: 1 });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ipc.clearFinished).not.toHaveBeenCalled();
  tell([transfer("x", { state: "done" }), transfer("y", { state: "canceled" })], { done: 1 });
  await vi.advanceTimersByTimeAsync(4_500);
  expect(ipc.clearFinished).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(ipc.clearFinished).toHaveBeenCalledExactlyOnceWith(true);
  spoken.heard?.transfersChanged({ changed: [], removed: ["x", "y"], summary: summary() });
  await waitFor(() => expect(screen.queryByTestId("transfers-strip")).toBeNull());
});

test("nothing is cleared away while something is on its way, or somebody looks", async () => {
  await closedWith([transfer("x", { state: "done" }), transfer("y", { state: "held" })]);
  await vi.advanceTimersByTimeAsync(20_000);
  tell([transfer("y", { state: "paused" })], { paused: 1 });
  await vi.advanceTimersByTimeAsync(20_000);
  await fireEvent.click(screen.getByTestId("transfers-show"));
  tell([transfer("y", { state: "done" })], { done: 2 });
  await vi.advanceTimersByTimeAsync(20_000);
  await fireEvent.click(screen.getByTestId("transfers-show"));
  await fireEvent.pointerEnter(screen.getByTestId("transfers-strip"));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(ipc.clearFinished).not.toHaveBeenCalled();
  await fireEvent.pointerLeave(screen.getByTestId("transfers-strip"));
  await vi.advanceTimersByTimeAsync(6_000);
  expect(ipc.clearFinished).toHaveBeenCalledExactlyOnceWith(true);
});

test("what failed stays in one line with its reason until it is dismissed", async () => {
  await closedWith([transfer("x", { state: "failed", error: offline })], { failed: 1 });
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ipc.clearFinished).not.toHaveBeenCalled();
  expect(screen.queryByTestId("transfer-row")).toBeNull();
  expect(screen.getByTestId("transfers-reason").textContent).toContain("x.txt: Not reached.");
  await fireEvent.click(screen.getByTestId("transfers-dismiss"));
  expect(ipc.clearFinished).toHaveBeenCalledExactlyOnceWith(false);
});

test("what was kept though it is not what was stored is not cleared away by itself", async () => {
  await closedWith([
    transfer("x", { state: "done", direction: "download", mismatchName: "x (DAMAGED).txt" }),
  ]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ipc.clearFinished).not.toHaveBeenCalled();
});

test("what is skipped stays in one line of the transfers until it is dismissed", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  vi.mocked(ipc.transfers).mockResolvedValue({ items: [], summary: summary() });
  render(App);
  await screen.findAllByTestId("file-row");
  const skip = (message: string) =>
    spoken.heard?.notice({ kind: "warning", code: "skipped", message, hint: "Add them." });
  skip("2 links skipped.");
  skip("1 pipe skipped.");
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen.queryByRole("alert")).toBeNull();
  const [line] = screen.getAllByTestId("skipped");
  expect(line?.textContent).toContain("1 pipe skipped.");
  expect(line?.textContent).toContain("and 1 more");
  await fireEvent.click(screen.getByTestId("skipped-dismiss"));
  expect(screen.queryByTestId("transfers-strip")).toBeNull();
});

test("Escape and a press beside it close the list of transfers", async () => {
  await closedWith([transfer("x", { state: "running" })], { running: 1 });
  const show = screen.getByTestId("transfers-show");
  await fireEvent.click(show);
  await fireEvent.keyDown(screen.getByTestId("transfers-popover"), { key: "Escape" });
  expect(screen.queryByTestId("transfers-popover")).toBeNull();
  expect(document.activeElement).toBe(show);
  await fireEvent.click(show);
  await fireEvent.pointerDown(screen.getByTestId("transfer-row"));
  expect(screen.getByTestId("transfers-popover")).toBeTruthy();
  await fireEvent.pointerDown(screen.getByRole("grid"));
  expect(screen.queryByTestId("transfers-popover")).toBeNull();
});

test("a saved file is shown in its folder", async () => {
  await open([transfer("x", { state: "done", direction: "download" })]);
  await fireEvent.click(screen.getByRole("button", { name: "Show x.txt in its folder" }));
  expect(ipc.showSaved).toHaveBeenCalledExactlyOnceWith("x");
});

test("the row of a file that a vote holds says how long it waits, and leads to the vote", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(poll("c1", { question: "Hand it out?" }));
  vi.mocked(ipc.transfers).mockResolvedValue({
    items: [transfer("t", { state: "held", direction: "verify", poll: "c1", file: "f1" })],
    summary: summary({ held: 1 }),
  });
  render(App);
  const held = await screen.findByTestId("row-held");
  expect(held.closest("[data-id]")?.getAttribute("data-id")).toBe("f1");
  await waitFor(() => expect(held.textContent).toMatch(/Approval, [12]:\d\d/));
  tell([transfer("t", { state: "done", direction: "verify", file: "f1" })], { done: 1 });
  await waitFor(() => expect(screen.queryByTestId("row-held")).toBeNull());
  tell([transfer("t", { state: "held", direction: "verify", poll: "c1", file: "f1" })]);
  await fireEvent.click(await screen.findByTestId("row-held"));
  await screen.findByTestId("approvals");
});
