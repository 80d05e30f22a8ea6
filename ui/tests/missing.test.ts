import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, file, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { FileView } from "../src/types";

beforeEach(() => vi.clearAllMocks());

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
}

test("a missing file says since when, and can be forgotten", async () => {
  await select({
    ...file(0),
    state: "missing",
    missingSince: 1_700_000_000_000,
    lastSeen: 1_600_000_000_000,
  });
  expect((await screen.findByTestId("file-row")).textContent).toContain("Missing");
  expect((await screen.findByTestId("missing")).textContent).toContain("Last seen");
  await fireEvent.click(screen.getByTestId("forget"));
  expect(ipc.forgetFile).toHaveBeenCalledExactlyOnceWith("f0");
});

test("files that need attention are one click away from any list", async () => {
  const one: FileView = {
    ...file(0),
    state: "missing",
    missingSince: 1_700_000_000_000,
    lastSeen: null,
  };
  const page = {
    rows: [one],
    offset: 0,
    total: 1,
    totalBytes: 1,
    allFiles: 9,
    contexts: [],
    needAttention: 1,
    folders: 0,
    files: 0,
    crumbs: [],
    folderIsGone: false,
    followed: [],
  };
  vi.mocked(ipc.queryRows).mockResolvedValue(page);
  render(App);
  const attention = await screen.findByTestId("place-attention");
  await waitFor(() => expect(attention.textContent).toContain("1"));
  await fireEvent.click(attention);
  await waitFor(() =>
    expect(ipc.queryRows).toHaveBeenCalledWith(
      expect.objectContaining({ needsAttention: true, context: null }),
    ),
  );
  expect(attention.getAttribute("aria-current")).toBe("true");
  await fireEvent.click(screen.getByTestId("place-files"));
  await waitFor(() =>
    expect(vi.mocked(ipc.queryRows).mock.lastCall?.[0]).toMatchObject({ needsAttention: false }),
  );
});

test("a file renamed elsewhere shows both names, and takes the other one only when asked to", async () => {
  const one = {
    ...file(0),
    renamed: { name: "other.pdf", folder: "", context: "documents", mark: "m0" },
  };
  await select(one);
  expect((await screen.findByTestId("renamed")).textContent).toContain("other.pdf");
  expect(screen.getByTestId("file-row").textContent).toContain(one.name);
  expect(ipc.acceptName).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByTestId("accept-name"));
  expect(ipc.acceptName).toHaveBeenCalledExactlyOnceWith("f0", "m0");
});

test("a list that is suddenly short is a banner until the user decides", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(
    view({ listAlarm: { expected: 312, listed: 3, at: "2026-11-26T10:00:00Z" } }),
  );
  render(App);
  expect((await screen.findByTestId("list-alarm")).textContent).toContain("3 of 312");
  await fireEvent.click(screen.getByTestId("look-again"));
  expect(ipc.refreshFiles).toHaveBeenCalled();
  await waitFor(() =>
    expect(screen.getByTestId("accept-list").hasAttribute("disabled")).toBe(false),
  );
  await fireEvent.click(screen.getByTestId("accept-list"));
  expect(ipc.acceptList).toHaveBeenCalledOnce();
});
