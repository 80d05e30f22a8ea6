import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { account } from "./go";
import { errorView, fakeIpc, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

beforeEach(() => vi.clearAllMocks());

async function open(): Promise<HTMLElement> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  const { container } = render(App);
  await waitFor(() => expect(screen.getAllByTestId("file-row").length).toBeGreaterThan(1));
  return container;
}

const row = (at: number) => screen.getAllByTestId("file-row")[at] as HTMLElement;

test("a file is opened in its application, and the page says that a copy exists", async () => {
  const page = await open();
  await fireEvent.click(row(1));
  await fireEvent.click(await screen.findByTestId("open-outside"));
  expect(ipc.openFile).toHaveBeenCalledWith("f1");
  await waitFor(() => expect(page.textContent).toContain("is open in another application"));
  expect(page.textContent).toContain("Privicore removes it when it locks");
});

test("a program is not opened, and saving it is offered", async () => {
  vi.mocked(ipc.openFile).mockRejectedValueOnce(
    errorView({ code: "program_not_opened", message: "“a.exe” is a program.", hint: "Save it." }),
  );
  const page = await open();
  await fireEvent.click(row(1));
  await fireEvent.click(await screen.findByTestId("open-outside"));
  await waitFor(() => expect(page.textContent).toContain("“a.exe” is a program."));
  expect(ipc.saveRows).toHaveBeenCalledWith([{ file: "f1" }], "inFolders", "keepBoth");
});

test("dragging a row begins a drag of the shell, with the selection when it is part of it", async () => {
  await open();
  expect(await fireEvent.dragStart(row(1))).toBe(false);
  expect(ipc.dragRows).toHaveBeenLastCalledWith([{ file: "f1" }]);
  await fireEvent.click(row(0));
  await fireEvent.click(row(1), { ctrlKey: true });
  await fireEvent.dragStart(row(1));
  await waitFor(() =>
    expect(ipc.dragRows).toHaveBeenLastCalledWith([{ file: "f0" }, { file: "f1" }]),
  );
  await fireEvent.dragStart(row(2));
  await waitFor(() => expect(ipc.dragRows).toHaveBeenLastCalledWith([{ file: "f2" }]));
});

test("opening in other applications is forbidden by a setting", async () => {
  await open();
  await account("settings");
  await fireEvent.click(await screen.findByTestId("never-opens-elsewhere"));
  expect(ipc.setNeverOpensElsewhere).toHaveBeenCalledWith(true);
});
