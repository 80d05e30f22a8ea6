import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, file, folder, page, pageOf, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const asked = () => vi.mocked(ipc.queryRows).mock.lastCall?.[0];
const key = (name: string, more: KeyboardEventInit = {}) =>
  fireEvent.keyDown(screen.getByRole("grid"), { key: name, ...more });

beforeEach(() => {
  vi.clearAllMocks();
  localStorage.clear();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryRows).mockImplementation((query) =>
    query.below
      ? pageOf(2)(query)
      : Promise.resolve(
          query.folder === "family"
            ? page([file(7, { within: "Family" })], { crumbs: [{ key: "family", name: "Family" }] })
            : page([folder("family", { name: "Family" }), file(0, { versions: 3 }), file(1)]),
        ),
  );
});

async function open(): Promise<HTMLElement> {
  render(App);
  return screen.findByTestId("folder-row");
}

test("Enter opens a folder, Backspace goes up, and nothing is deleted", async () => {
  await open();
  await key("Home");
  await waitFor(() =>
    expect(screen.getByTestId("folder-row").getAttribute("aria-selected")).toBe("true"),
  );
  await key("Enter");
  await waitFor(() => expect(asked()?.folder).toBe("family"));
  await waitFor(() => expect(document.querySelector(".crumbs")?.textContent).toContain("Family"));
  await key("Backspace");
  await waitFor(() => expect(asked()?.folder).toBe(""));
  expect(ipc.deleteRows).not.toHaveBeenCalled();
});

test("Alt and left go back to where one was", async () => {
  const row = await open();
  await fireEvent.dblClick(row);
  await waitFor(() => expect(asked()?.folder).toBe("family"));
  await fireEvent.keyDown(window, { key: "ArrowLeft", altKey: true });
  await waitFor(() => expect(asked()?.folder).toBe(""));
  expect(screen.getByTestId<HTMLButtonElement>("back").disabled).toBe(true);
});

test("a search looks in all folders and says where a file is", async () => {
  await open();
  vi.mocked(ipc.queryRows).mockResolvedValue(page([file(3, { within: "Family/2025" })]));
  await fireEvent.input(screen.getByTestId("search"), { target: { value: "file" } });
  await waitFor(() => expect(asked()).toMatchObject({ below: true, folder: "", search: "file" }));
  await waitFor(() =>
    expect(screen.getByTestId("file-row").textContent).toContain("in Family/2025"),
  );
});

test("a letter finds the next name that begins with it", async () => {
  await open();
  await key("f");
  await waitFor(() =>
    expect(document.querySelector("[aria-selected=true]")?.getAttribute("data-name")).toBe(
      "Family",
    ),
  );
});

test("a right click selects the row and offers what can be done with it", async () => {
  await open();
  const row = screen.getAllByTestId("file-row")[1] as HTMLElement;
  await fireEvent.contextMenu(row, { clientX: 10, clientY: 10 });
  expect(row.getAttribute("aria-selected")).toBe("true");
  await fireEvent.click(await screen.findByTestId("row-delete"));
  await waitFor(() => expect(ipc.deleteRows).toHaveBeenCalledWith([{ file: "f1" }]));
});

test("several are saved after it was chosen how", async () => {
  await open();
  await key("a", { ctrlKey: true });
  await waitFor(() => expect(document.querySelectorAll("[aria-selected=true]")).toHaveLength(3));
  await key("s", { ctrlKey: true });
  await fireEvent.click(await screen.findByTestId("existing-skipIdentical"));
  await fireEvent.click(screen.getByTestId("save-choose"));
  expect(ipc.saveRows).toHaveBeenCalledWith(
    [{ folder: "family" }, { file: "f0" }, { file: "f1" }],
    "inFolders",
    "skipIdentical",
  );
});

test("a drop goes into the folder that it is over, and only that lights up", async () => {
  const row = await open();
  document.elementFromPoint = () => row;
  spoken.heard?.dropChanged({ over: true, count: 4, folders: 1, own: false, x: 5, y: 5 });
  const told = await screen.findByTestId("drop-target");
  expect(told.textContent).toContain("3 files and 1 folder");
  expect(told.textContent).toContain("Family");
  await waitFor(() => expect(ipc.setDropTarget).toHaveBeenLastCalledWith("documents", "family"));
  expect([...document.querySelectorAll(".target")]).toEqual([row]);
  spoken.heard?.dropChanged({ over: false, count: 0, folders: 0, own: false, x: null, y: null });
  await waitFor(() => expect(document.querySelector(".target")).toBeNull());
});

test("rows that are dragged onto a folder are moved into it, and stay when dropped beside it", async () => {
  const row = await open();
  const file = screen.getAllByTestId("file-row")[0] as HTMLElement;
  await fireEvent.dragStart(file);
  document.elementFromPoint = () => null;
  const carried = { over: true, count: 1, folders: 0, own: true, x: 5, y: 5 };
  spoken.heard?.dropChanged(carried);
  const told = await screen.findByTestId("move-target");
  expect(told.textContent).toContain("Move 1 item");
  expect(document.querySelector(".target")).toBeNull();
  spoken.heard?.rowsDropped();
  expect(ipc.moveRows).not.toHaveBeenCalled();
  await fireEvent.dragStart(file);
  document.elementFromPoint = () => row;
  spoken.heard?.dropChanged({ ...carried, x: 9 });
  await waitFor(() => expect(told.textContent).toContain("Family"));
  expect([...document.querySelectorAll(".target")]).toEqual([row]);
  spoken.heard?.rowsDropped();
  expect(ipc.moveRows).toHaveBeenCalledWith([{ file: file.dataset.id }], "family");
  expect(ipc.setDropTarget).not.toHaveBeenCalledWith("documents", "family");
});

test("a folder is not moved into itself", async () => {
  const row = await open();
  await fireEvent.dragStart(row);
  document.elementFromPoint = () => row;
  spoken.heard?.dropChanged({ over: true, count: 1, folders: 0, own: true, x: 5, y: 5 });
  spoken.heard?.rowsDropped();
  expect(ipc.dragRows).toHaveBeenCalledWith([{ folder: "family" }]);
  expect(ipc.moveRows).not.toHaveBeenCalled();
});

test("details are shown for what is selected, and hidden by Ctrl I", async () => {
  await open();
  expect(document.querySelector(".pane")).toBeNull();
  await fireEvent.click(screen.getAllByTestId("file-row")[0] as HTMLElement);
  expect(document.querySelector(".pane")).not.toBeNull();
  await fireEvent.keyDown(window, { key: "i", ctrlKey: true });
  await waitFor(() => expect(document.querySelector(".pane")).toBeNull());
});

test("the palette goes to places and files", async () => {
  await open();
  await fireEvent.keyDown(window, { key: "k", ctrlKey: true });
  const input = await screen.findByTestId("palette-input");
  await fireEvent.input(input, { target: { value: "recent" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() =>
    expect(screen.getByTestId("place-recent").getAttribute("aria-current")).toBe("true"),
  );
});

test("what was arranged is remembered", async () => {
  await open();
  await fireEvent.click(document.querySelector("[data-sort=size]") as HTMLElement);
  await fireEvent.click(screen.getByTestId("density"));
  expect(JSON.parse(localStorage.getItem("view") ?? "{}")).toMatchObject({
    order: { sort: "size", descending: true },
    density: 40,
  });
});
