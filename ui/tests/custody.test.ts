import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { account, goTo } from "./go";
import { fakeIpc, file, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { FileView, TransferView } from "../src/types";

beforeEach(() => vi.clearAllMocks());

async function openWith(item: TransferView): Promise<void> {
  vi.mocked(ipc.transfers).mockResolvedValue({ items: [item], summary: summary({ failed: 1 }) });
  render(App);
  await fireEvent.click(await screen.findByTestId("transfers-show"));
  await screen.findByTestId("transfer-row");
}

async function select(one: FileView): Promise<void> {
  vi.mocked(ipc.queryRows).mockResolvedValue({
    rows: [one],
    offset: 0,
    total: 1,
    totalBytes: 1,
    allFiles: 1,
    contexts: [],
    needAttention: 0,
    folders: 0,
    files: 0,
    crumbs: [],
    folderIsGone: false,
    followed: [],
  });
  render(App);
  await fireEvent.click(await screen.findByTestId("file-row"));
  await screen.findByTestId("verify");
}

const failed = (code: string, over: Partial<TransferView> = {}) =>
  transfer("x", {
    state: "failed",
    direction: "download",
    error: { code, message: "What happened.", hint: "What to do." },
    mismatchName: "x (DAMAGED).txt",
    ...over,
  });

test.each(["swapped", "damaged", "cut_short"])(
  "what is %s can be kept, after a sentence that names what it is",
  async (code) => {
    await openWith(failed(code));
    expect(screen.queryByTestId("keep-yes")).toBeNull();
    await fireEvent.click(screen.getByTestId("keep-anyway"));
    expect(ipc.keepAnyway).not.toHaveBeenCalled();
    expect(screen.getByTestId("keep-words").textContent).toContain("“x (DAMAGED).txt”");
    await fireEvent.click(screen.getByTestId("keep-yes"));
    expect(ipc.keepAnyway).toHaveBeenCalledExactlyOnceWith("x");
  },
);

test("who changes their mind is back where they were", async () => {
  await openWith(failed("damaged"));
  await fireEvent.click(screen.getByTestId("keep-anyway"));
  await fireEvent.click(screen.getByTestId("keep-no"));
  expect(screen.getByTestId("transfer-row").textContent).toContain("What happened.");
  expect(ipc.keepAnyway).not.toHaveBeenCalled();
});

test.each([
  failed("interrupted", { mismatchName: null }),
  failed("verify_damaged", { direction: "verify", mismatchName: null }),
])("nothing else that failed can be kept", async (item) => {
  await openWith(item);
  expect(screen.queryByTestId("keep-anyway")).toBeNull();
});

test("what was kept is not called saved", async () => {
  await openWith(failed("damaged"));
  vi.mocked(ipc.transfers).mockClear();
  document.body.replaceChildren();
  vi.mocked(ipc.transfers).mockResolvedValue({
    items: [failed("damaged", { state: "done", error: null })],
    summary: summary({ done: 1 }),
  });
  render(App);
  const strip = await screen.findByTestId("transfers-strip");
  const sum = strip.querySelector(".sum");
  if (sum) await fireEvent.click(sum);
  const row = await screen.findByTestId("transfer-row");
  expect(row.textContent).toContain("Kept, not as stored");
  expect(row.textContent).toContain("x (DAMAGED).txt");
  expect(row.textContent).not.toContain("Saved");
});

test("a file is read back when that is asked for, and says what came of it", async () => {
  await select(
    file(1, { state: "verified", verification: { at: 0, mismatch: null, storageDevices: 3 } }),
  );
  expect(screen.getByTestId("verification").textContent).toContain(
    "stored on 3 storage devices as of",
  );
  await fireEvent.click(screen.getByTestId("verify"));
  expect(ipc.verifyFiles).toHaveBeenCalledExactlyOnceWith(["f1"]);
});

test.each([
  ["swapped", "swapped or rolled back"],
  ["damaged", "damaged and does not open"],
  ["cut_short", "ends too early"],
] as const)("a file that was %s when it was read back says so", async (mismatch, words) => {
  await select(
    file(1, { state: "mismatch", verification: { at: 0, mismatch, storageDevices: 3 } }),
  );
  expect(screen.getByTestId("file-row").textContent).toContain("Not as stored");
  expect(screen.getByTestId("verification").textContent).toContain(words);
});

test("every upload can be verified, and receipts exported", async () => {
  render(App);
  await account("settings");
  const box = await screen.findByTestId<HTMLInputElement>("verify-uploads");
  expect(box.checked).toBe(false);
  await fireEvent.click(box);
  expect(ipc.setVerifyUploads).toHaveBeenCalledExactlyOnceWith(true);
  await waitFor(() =>
    expect(screen.getByTestId<HTMLInputElement>("verify-uploads").checked).toBe(true),
  );
  vi.mocked(ipc.exportReceipts).mockResolvedValue(7);
  await fireEvent.click(screen.getByTestId("export-receipts"));
  await waitFor(() =>
    expect(screen.getByTestId("exported").textContent).toContain("7 receipts were written"),
  );
});

test("the system's notifications can be silenced", async () => {
  render(App);
  await goTo("notifications");
  const box = await screen.findByTestId<HTMLInputElement>("notifications");
  expect(box.checked).toBe(true);
  await fireEvent.click(box);
  expect(ipc.setNotifications).toHaveBeenCalledExactlyOnceWith(false);
  await waitFor(() =>
    expect(screen.getByTestId<HTMLInputElement>("notifications").checked).toBe(false),
  );
});

test("who is not signed in is offered the network settings only", async () => {
  vi.mocked(ipc.appView).mockResolvedValueOnce(view({ stage: "signedOut" }));
  render(App);
  await fireEvent.click(await screen.findByTestId("network-settings"));
  await screen.findByTestId("network-panel");
  for (const other of ["verify-uploads", "export-receipts", "notifications"])
    expect(screen.queryByTestId(other)).toBeNull();
});
