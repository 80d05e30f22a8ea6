import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { account } from "./go";
import { errorView, fakeIpc, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { FilePreview } from "../src/types";

beforeEach(() => vi.clearAllMocks());

async function open(): Promise<HTMLElement> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  const { container } = render(App);
  await waitFor(() => expect(screen.getAllByTestId("file-row").length).toBeGreaterThan(1));
  return container;
}

const row = (at: number) => screen.getAllByTestId("file-row")[at] as HTMLElement;
const kind = () => screen.getByTestId("preview").dataset["kind"];

async function preview(shown: FilePreview): Promise<HTMLElement> {
  vi.mocked(ipc.previewFile).mockResolvedValue(shown);
  const page = await open();
  await fireEvent.dblClick(row(1));
  await waitFor(() => expect(kind()).toBe(shown.kind));
  return page;
}

test("a double click shows a text as text, and closing leaves nothing of it", async () => {
  const text = "<b>Dear diary</b>";
  const page = await preview({ kind: "text", text, isWhole: true });
  expect(vi.mocked(ipc.previewFile).mock.calls[0]?.[0]).toBe("f1");
  expect(screen.getByTestId("preview-text").textContent).toBe(text);
  await fireEvent.click(screen.getByTestId("preview-close"));
  await waitFor(() => expect(screen.queryByTestId("preview")).toBeNull());
  expect(ipc.closePreview).toHaveBeenCalled();
  expect(page.textContent).not.toContain("Dear diary");
});

test("the beginning of a long text is said to be one", async () => {
  const page = await preview({ kind: "text", text: "line", isWhole: false });
  expect(page.textContent).toContain("only the beginning, not compared");
});

test("a picture is shown from the address of the shell, under the name of its file", async () => {
  const address = "picture://localhost/0123";
  await preview({ kind: "picture", address, width: 640, height: 480 });
  const picture = screen.getByRole("img", { hidden: true, name: "file 1.txt" });
  expect(picture.getAttribute("src")).toBe(address);
});

test.each([
  ["hidden", "Previews are off."],
  ["otherKind", "This kind of file has no preview."],
  ["tooLarge", "This file is too large"],
  ["notReadable", "cannot be read as one"],
] as const)("%s is said in words", async (name, words) => {
  const page = await preview({ kind: name });
  expect(page.textContent).toContain(words);
});

test("a file that cannot be opened is told of where it would be shown", async () => {
  const swapped = errorView({ code: "swapped", message: "It is another file.", hint: "" });
  vi.mocked(ipc.previewFile).mockRejectedValue(swapped);
  const page = await open();
  await fireEvent.dblClick(row(1));
  await waitFor(() => expect(kind()).toBe("error"));
  expect(page.textContent).toContain("It is another file.");
});

test("Enter and Space preview the selected file, and Space closes it again", async () => {
  for (const pressed of ["Enter", " "]) {
    vi.mocked(ipc.previewFile).mockResolvedValue({ kind: "text", text: "x", isWhole: true });
    await open();
    await fireEvent.click(row(1));
    await fireEvent.keyDown(screen.getByRole("grid"), { key: pressed });
    await screen.findByTestId("preview-text");
    const focused = document.activeElement ?? document.body;
    expect(focused).not.toBeInstanceOf(HTMLButtonElement);
    await fireEvent.keyDown(screen.getByTestId("preview"), { key: " ", repeat: true });
    expect(screen.queryByTestId("preview")).not.toBeNull();
    await fireEvent.keyDown(focused, { key: " " });
    await waitFor(() => expect(screen.queryByTestId("preview")).toBeNull());
    document.body.replaceChildren();
  }
});

test("what comes after it was closed is not shown", async () => {
  let answer: (shown: FilePreview) => void = () => undefined;
  vi.mocked(ipc.previewFile).mockReturnValue(new Promise((resolve) => (answer = resolve)));
  const page = await open();
  await fireEvent.dblClick(row(1));
  expect(kind()).toBe("loading");
  await fireEvent.click(screen.getByTestId("preview-close"));
  answer({ kind: "text", text: "too late", isWhole: true });
  await Promise.resolve();
  expect(page.textContent).not.toContain("too late");
});

test("contents are hidden by a setting", async () => {
  await open();
  await account("settings");
  await fireEvent.click(await screen.findByTestId("hides-contents"));
  expect(ipc.setHidesContents).toHaveBeenCalledWith(true);
});
