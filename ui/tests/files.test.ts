import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { RowPage, RowQuery } from "../src/types";
import { account } from "./go";
import { errorView, fakeIpc, file, pageOf, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(3));
});

async function open(total = 3): Promise<HTMLElement[]> {
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(total));
  render(App);
  return total ? screen.findAllByTestId("file-row") : [await screen.findByTestId("empty")];
}

const row = (at: number) => {
  const found = document.querySelector<HTMLElement>(`[data-id=f${at}]`);
  if (!found) throw new Error(`row ${at} is not drawn`);
  return found;
};
const selected = () =>
  screen
    .getAllByTestId("file-row")
    .filter((each) => each.ariaSelected === "true" || each.getAttribute("aria-selected") === "true")
    .map((each) => each.dataset.id);
const key = (name: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(screen.getByRole("grid"), { key: name, ...more });

test("draws a window of a hundred thousand files and follows the scrolling", async () => {
  const rows = await open(100_000);
  expect(rows.length).toBeLessThan(60);
  const grid = screen.getByRole("grid");
  grid.scrollTop = 50_000 * 32;
  await fireEvent.scroll(grid);
  await waitFor(() => expect(row(50_000)).toBeTruthy());
  expect(screen.getAllByTestId("file-row").length).toBeLessThan(60);
  expect(vi.mocked(ipc.queryRows).mock.calls.every(([query]) => query.limit <= 200)).toBe(true);
});

test("a change reads again what is in view and leaves the scrolling", async () => {
  await open(1000);
  const grid = screen.getByRole("grid");
  grid.scrollTop = 400 * 32;
  await fireEvent.scroll(grid);
  await waitFor(() => row(400));
  vi.mocked(ipc.queryRows).mockClear();
  spoken.heard?.filesChanged();
  spoken.heard?.filesChanged();
  await waitFor(() => expect(ipc.queryRows).toHaveBeenCalled());
  expect(grid.scrollTop).toBe(400 * 32);
  expect(vi.mocked(ipc.queryRows).mock.calls.map(([query]) => query.offset)).not.toContain(0);
});

/** A list of `total` files before which `come` new ones have come. */
const withNew =
  (total: number, come: () => number) =>
  (query: RowQuery): Promise<RowPage> => {
    const all = total + come();
    const at = (place: number) =>
      place < come() ? file(place, { id: `new${place}` }) : file(place - come());
    return Promise.resolve({
      rows: Array.from({ length: Math.max(0, Math.min(query.limit, all - query.offset)) }, (_, i) =>
        at(query.offset + i),
      ),
      offset: query.offset,
      total: all,
      totalBytes: 0,
      allFiles: all,
      contexts: [],
      needAttention: 0,
      folders: 0,
      files: 0,
      crumbs: [],
      folderIsGone: false,
      followed: query.follow.map((id) =>
        id.startsWith("f") ? Number(id.slice(1)) + come() : null,
      ),
    });
  };

test.each([3, 190, 1500])(
  "%i new files before what is in view leave it where it is",
  async (count) => {
    let come = 0;
    vi.mocked(ipc.queryRows).mockImplementation(withNew(1000, () => come));
    render(App);
    await screen.findAllByTestId("file-row");
    const grid = screen.getByRole("grid");
    grid.scrollTop = 400 * 32 + 13;
    await fireEvent.scroll(grid);
    await waitFor(() => row(405));
    await fireEvent.click(row(405));
    come = count;
    spoken.heard?.filesChanged();
    await waitFor(() => expect(grid.scrollTop).toBe((400 + count) * 32 + 13));
    await waitFor(() => expect(row(405).id).toBe(`file-${405 + count}`));
    expect(selected()).toEqual(["f405"]);
    expect(screen.queryByText("Loading…")).toBeNull();
  },
);

test("files that go on coming while the list is read again do not make it jump", async () => {
  let come = 0;
  const pages = withNew(1000, () => come);
  vi.mocked(ipc.queryRows).mockImplementation((query) => {
    if (come > 0 && come < 900) come += 150;
    return pages(query);
  });
  render(App);
  await screen.findAllByTestId("file-row");
  const grid = screen.getByRole("grid");
  grid.scrollTop = 400 * 32;
  await fireEvent.scroll(grid);
  await waitFor(() => row(405));
  come = 1;
  spoken.heard?.filesChanged();
  await waitFor(() => expect(grid.scrollTop).toBeGreaterThan(400 * 32));
  await waitFor(() => expect(row(400)).toBeTruthy());
  const top = Number(row(400).getAttribute("aria-rowindex")) - 2;
  expect(grid.scrollTop).toBe(top * 32);
});

test("at the top of the list new files are seen as they come", async () => {
  let come = 0;
  vi.mocked(ipc.queryRows).mockImplementation(withNew(1000, () => come));
  render(App);
  await screen.findAllByTestId("file-row");
  come = 2;
  spoken.heard?.filesChanged();
  await waitFor(() => expect(document.querySelector("[data-id=new0]")).not.toBeNull());
  expect(screen.getByRole("grid").scrollTop).toBe(0);
});

test("rows that load or change do not scroll the list", async () => {
  await open(2000);
  const grid = screen.getByRole("grid");
  const scrolled = vi.fn();
  grid.scrollTo = scrolled;
  await key("End");
  await waitFor(() => expect(selected()).toEqual(["f1999"]));
  spoken.heard?.filesChanged();
  await waitFor(() => expect(vi.mocked(ipc.queryRows).mock.lastCall?.[0].offset).toBe(1800));
  for (let pages = 0; pages < 5; pages += 1) await key("PageUp");
  await waitFor(() => expect(selected()).not.toEqual(["f1999"]));
  expect(scrolled).not.toHaveBeenCalled();
  expect(grid.scrollTop).toBeGreaterThan(1800 * 32);
});

test("clicks pick one, several with ctrl, a range with shift", async () => {
  await open(9);
  await fireEvent.click(row(2));
  expect(selected()).toEqual(["f2"]);
  await fireEvent.click(row(4), { ctrlKey: true });
  expect(selected()).toEqual(["f2", "f4"]);
  await fireEvent.click(row(6), { shiftKey: true });
  await waitFor(() => expect(selected()).toEqual(["f4", "f5", "f6"]));
});

test("the keyboard moves, extends, selects all, saves and clears", async () => {
  await open(9);
  await key("ArrowDown");
  await waitFor(() => expect(selected()).toEqual(["f0"]));
  await key("ArrowDown", { shiftKey: true });
  await waitFor(() => expect(selected()).toEqual(["f0", "f1"]));
  await key("a", { ctrlKey: true });
  await waitFor(() => expect(selected()).toHaveLength(9));
  await key("s", { ctrlKey: true });
  await fireEvent.click(await screen.findByTestId("save-choose"));
  expect(vi.mocked(ipc.saveRows).mock.calls[0]?.[0]).toHaveLength(9);
  await key("Escape");
  expect(selected()).toEqual([]);
});

test("deleting offers to undo, and undo asks the shell", async () => {
  vi.mocked(ipc.deleteRows).mockResolvedValue({
    id: "d1",
    count: 1,
    name: "file 1.txt",
    files: 1,
    versions: 1,
    untilMs: 10_000,
  });
  await open();
  await fireEvent.click(row(1));
  await fireEvent.click(screen.getByTestId("delete"));
  expect(ipc.deleteRows).toHaveBeenCalledWith([{ file: "f1" }]);
  const undo = await screen.findByTestId("undo");
  expect(document.body.textContent).toContain("“file 1.txt” will be deleted");
  await fireEvent.click(undo);
  expect(ipc.undoDeletion).toHaveBeenCalledWith("d1");
  await waitFor(() => expect(screen.queryByTestId("undo")).toBeNull());
});

test("an undo that came too late says so", async () => {
  vi.mocked(ipc.deleteRows).mockResolvedValue({
    id: "d1",
    count: 1,
    name: "file 1.txt",
    files: 1,
    versions: 1,
    untilMs: 10_000,
  });
  vi.mocked(ipc.undoDeletion).mockResolvedValue(false);
  await open();
  await fireEvent.click(row(1));
  await fireEvent.click(screen.getByTestId("delete"));
  await fireEvent.click(await screen.findByTestId("undo"));
  expect((await screen.findByRole("alert")).textContent).toContain("too late to undo");
});

test("a deletion that failed in the end says so", async () => {
  await open();
  spoken.heard?.deletionEnded({
    id: "d1",
    error: { code: "offline", message: "It was not deleted.", hint: "Try later." },
  });
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("It was not deleted.");
  expect(alert.textContent).toContain("Try later.");
});

test("dragging over the window names how many and the label", async () => {
  await open();
  await fireEvent.click(screen.getByTestId("store-in"));
  await fireEvent.input(screen.getByTestId("context-input"), { target: { value: "legal" } });
  await waitFor(() => expect(ipc.setDropTarget).toHaveBeenLastCalledWith("legal", ""));
  spoken.heard?.dropChanged({ over: true, count: 3, folders: 0, own: false, x: 0, y: 0 });
  const target = await screen.findByTestId("drop-target");
  expect(target.textContent).toContain("3 files");
  expect(target.textContent).toContain("All files");
  expect(target.textContent).toContain("legal");
  spoken.heard?.dropChanged({ over: false, count: 0, folders: 0, own: false, x: 0, y: 0 });
  await waitFor(() => expect(screen.queryByTestId("drop-target")).toBeNull());
});

test("an empty list invites, a failed one can be tried again", async () => {
  await open(0);
  vi.mocked(ipc.queryRows).mockRejectedValueOnce(
    errorView({ code: "broken", message: "Not read.", hint: "Again." }),
  );
  spoken.heard?.filesChanged();
  expect((await screen.findByRole("alert")).textContent).toContain("Not read.");
  await fireEvent.click(screen.getByText("Try again"));
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
});

test("a search asks for what was typed last", async () => {
  await open(9);
  await fireEvent.input(screen.getByTestId("search"), { target: { value: "inv" } });
  await waitFor(() =>
    expect(vi.mocked(ipc.queryRows).mock.lastCall?.[0]).toMatchObject({
      search: "inv",
      offset: 0,
    }),
  );
});

test("a transfer that failed says what to do in its line, and covers nothing with a list", async () => {
  await open();
  const error = { code: "offline", message: "Not reached.", hint: "Check the network." };
  spoken.heard?.transfersChanged({
    changed: [transfer("a", { state: "running" })],
    removed: [],
    summary: summary({ running: 1 }),
  });
  await screen.findByTestId("transfers-strip");
  expect(screen.queryByTestId("transfer-row")).toBeNull();
  spoken.heard?.transfersChanged({
    changed: [transfer("a", { state: "failed", error })],
    removed: [],
    summary: summary({ failed: 1 }),
  });
  const line = await screen.findByTestId("transfers-reason");
  expect(line.textContent).toContain("a.txt: Not reached. Check the network.");
  expect(screen.queryByTestId("transfer-row")).toBeNull();
});

test("signing out with unfinished transfers asks once, in place", async () => {
  await open();
  spoken.heard?.transfersChanged({
    changed: [transfer("a", { state: "running" })],
    removed: [],
    summary: summary({ running: 1 }),
  });
  await screen.findByTestId("transfers-strip");
  await account("sign-out");
  expect(ipc.signOut).not.toHaveBeenCalled();
  vi.mocked(ipc.signOut).mockResolvedValue(view({ stage: "signedOut", profile: null }));
  await fireEvent.click(screen.getByText("Sign out anyway"));
  expect(ipc.signOut).toHaveBeenCalledTimes(1);
});
