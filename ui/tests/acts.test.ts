import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { errorView, fakeIpc, file, folder, page, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { Version } from "../src/types";

const family = folder("family", { name: "Family" });

beforeEach(() => {
  vi.clearAllMocks();
  localStorage.clear();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryFolders).mockResolvedValue({
    folders: [{ key: "family", name: "Family", files: 2, hasFolders: false }],
    more: 0,
  });
  vi.mocked(ipc.queryRows).mockResolvedValue(
    page([family, file(0, { name: "plan.txt", versions: 2 }), file(1)]),
  );
});

async function open(): Promise<HTMLElement> {
  render(App);
  return (await screen.findAllByTestId("file-row"))[0] as HTMLElement;
}

const field = () => screen.findByTestId<HTMLInputElement>("rename-field");

async function renaming(): Promise<HTMLInputElement> {
  await fireEvent.click(await open());
  await fireEvent.keyDown(screen.getByRole("grid"), { key: "F2" });
  return field();
}

test("F2 selects the name without its extension, and Enter gives the row the new one", async () => {
  const input = await renaming();
  expect(input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)).toBe("plan");
  await fireEvent.input(input, { target: { value: "agenda.txt" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(ipc.renameRow).toHaveBeenCalledWith({ file: "f0" }, "agenda.txt"));
  await waitFor(() => expect(screen.queryByTestId("rename-field")).toBeNull());
});

test("Escape, an empty name and the same name change nothing", async () => {
  const input = await renaming();
  await fireEvent.input(input, { target: { value: "other.txt" } });
  await fireEvent.keyDown(input, { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("rename-field")).toBeNull());
  for (const value of [" ", "plan.txt"]) {
    await fireEvent.keyDown(screen.getByRole("grid"), { key: "F2" });
    const again = await field();
    await fireEvent.input(again, { target: { value } });
    await fireEvent.keyDown(again, { key: "Enter" });
    await waitFor(() => expect(screen.queryByTestId("rename-field")).toBeNull());
  }
  expect(ipc.renameRow).not.toHaveBeenCalled();
});

test("a name that is refused stays in its field, with the reason", async () => {
  vi.mocked(ipc.renameRow).mockRejectedValueOnce(
    errorView({ code: "path_taken", message: "The name is taken.", hint: "Choose another." }),
  );
  const input = await renaming();
  await fireEvent.input(input, { target: { value: "taken.txt" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  expect((await screen.findByRole("alert")).textContent).toContain("The name is taken.");
  expect((await field()).value).toBe("taken.txt");
});

test("a new folder is named in the list of the folder that it will be in", async () => {
  await open();
  await fireEvent.click(screen.getByTestId("add-more"));
  await fireEvent.click(await screen.findByTestId("new-folder"));
  const input = await field();
  await fireEvent.input(input, { target: { value: "Taxes" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(ipc.newFolder).toHaveBeenCalledWith("", "Taxes"));
});

test("a file is moved into a folder that is chosen from the tree", async () => {
  await fireEvent.contextMenu(await open(), { clientX: 10, clientY: 10 });
  await fireEvent.click(await screen.findByTestId("row-move"));
  await fireEvent.click(await within(await screen.findByTestId("move-sheet")).findByText("Family"));
  await fireEvent.click(screen.getByTestId("move-here"));
  await waitFor(() => expect(ipc.moveRows).toHaveBeenCalledWith([{ file: "f0" }], "family"));
});

test("a folder is not offered itself as the place to move to", async () => {
  await open();
  await fireEvent.contextMenu(screen.getByTestId("folder-row"), { clientX: 10, clientY: 10 });
  await fireEvent.click(await screen.findByTestId("row-move"));
  const sheet = within(await screen.findByTestId("move-sheet"));
  await fireEvent.click(await sheet.findByText("Family"));
  expect(screen.getByTestId<HTMLButtonElement>("move-here").disabled).toBe(true);
});

test("what is selected gets another label", async () => {
  await fireEvent.click(await open());
  await fireEvent.click(await screen.findByTestId("label-act"));
  await fireEvent.input(await screen.findByTestId("label-field"), { target: { value: "taxes" } });
  await fireEvent.click(screen.getByTestId("label-apply"));
  await waitFor(() => expect(ipc.labelRows).toHaveBeenCalledWith([{ file: "f0" }], "taxes"));
});

test("a change that is not confirmed is said, and not called done", async () => {
  vi.mocked(ipc.labelRows).mockResolvedValueOnce({
    done: 0,
    notConfirmed: 1,
    failed: [],
    moreFailed: 0,
  });
  await fireEvent.click(await open());
  await fireEvent.click(await screen.findByTestId("label-act"));
  await fireEvent.input(await screen.findByTestId("label-field"), { target: { value: "taxes" } });
  await fireEvent.click(screen.getByTestId("label-apply"));
  await screen.findByText("The change of one file is not confirmed yet.");
});

const version = (id: string, more: Partial<Version> = {}): Version => ({
  id,
  size: 5,
  modified: 0,
  storedAt: Date.UTC(2026, 0, 1),
  state: "stored",
  verified: false,
  hasReceipt: true,
  newest: false,
  ...more,
});

test("an older version is restored, saved and deleted from the details; the newest is not restored", async () => {
  vi.mocked(ipc.queryVersions).mockResolvedValue([version("f0", { newest: true }), version("old")]);
  await fireEvent.click(await open());
  await waitFor(() => expect(screen.getAllByTestId("version-row")).toHaveLength(2));
  const [newest, older] = screen.getAllByTestId("version-row").map((row) => within(row));
  expect(newest?.queryByTestId("version-restore")).toBeNull();
  await fireEvent.click(older?.getByTestId("version-restore") as HTMLElement);
  await waitFor(() => expect(ipc.restoreVersion).toHaveBeenCalledWith("old"));
  await fireEvent.click(older?.getByTestId("version-save") as HTMLElement);
  await waitFor(() => expect(ipc.saveFiles).toHaveBeenCalledWith(["old"]));
  await fireEvent.click(older?.getByTestId("version-delete") as HTMLElement);
  await waitFor(() => expect(ipc.deleteVersion).toHaveBeenCalledWith("old"));
});

test("the versions of the file before are not shown as those of the next", async () => {
  let answer: (versions: Version[]) => void = () => {};
  vi.mocked(ipc.queryVersions).mockImplementation(
    () => new Promise((resolve) => (answer = resolve)),
  );
  await fireEvent.click(await open());
  await waitFor(() => expect(ipc.queryVersions).toHaveBeenCalledWith("f0"));
  await fireEvent.click(screen.getAllByTestId("file-row")[1] as HTMLElement);
  answer([version("f0", { newest: true }), version("old")]);
  await waitFor(() => expect(screen.queryByTestId("version-row")).toBeNull());
});

test("a file is classified in words that the service keeps", async () => {
  await fireEvent.click(await open());
  await fireEvent.click(await screen.findByTestId("technical"));
  await fireEvent.click(screen.getByTestId("classify"));
  for (const [id, value] of [
    ["classify-classification", "confidential"],
    ["classify-label", "contract"],
    ["classify-handling", "ten years"],
  ] as const)
    await fireEvent.input(await screen.findByTestId(id), { target: { value } });
  await fireEvent.click(screen.getByTestId("classify-go"));
  await waitFor(() =>
    expect(ipc.classify).toHaveBeenCalledWith("f0", "confidential", "contract", "ten years"),
  );
});

test("a folder of the sidebar is renamed in its place", async () => {
  await open();
  await fireEvent.contextMenu(await screen.findByTestId("folder"), { clientX: 10, clientY: 10 });
  await fireEvent.click(await screen.findByTestId("folder-rename"));
  const input = await field();
  expect(input.closest("nav")).not.toBeNull();
  await fireEvent.input(input, { target: { value: "Kin" } });
  await fireEvent.keyDown(input, { key: "Enter" });
  await waitFor(() => expect(ipc.renameRow).toHaveBeenCalledWith({ folder: "family" }, "Kin"));
});
