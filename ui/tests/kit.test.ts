import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { account, goTo } from "./go";
import { errorView, fakeIpc, pageOf, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const SAVED = { page: "kit.html", text: "kit.txt", characters: 8 };
const step = () => document.querySelector("[aria-current=step]")?.textContent?.trim() ?? "";

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view({ recoveryConfirmed: false }));
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(3));
  vi.mocked(ipc.saveRecoveryKit).mockResolvedValue(SAVED);
});

async function press(id: string): Promise<void> {
  const button = await screen.findByTestId(id);
  button.focus();
  await fireEvent.click(button);
}

async function type(id: string, value: string): Promise<void> {
  await fireEvent.input(await screen.findByTestId(id), { target: { value } });
}

test("nobody is asked for a recovery kit before there is a file to lose", async () => {
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(0));
  render(App);
  await screen.findByTestId("empty");
  expect(screen.queryByTestId("kit-reminder")).toBeNull();
});

test("a kit is saved, its last characters are typed, and it is done", async () => {
  render(App);
  await press("kit-make");
  expect(step()).toContain("Save or print it");
  await press("kit-save");
  expect((await screen.findByTestId("kit-saved")).textContent).toContain("kit.html");
  expect(step()).toContain("Type its last characters");
  vi.mocked(ipc.confirmRecoveryKit).mockResolvedValue(view({ revision: 1 }));
  await type("kit-confirmation", "ABCD EFGH");
  await press("kit-confirm");
  await screen.findByTestId("kit-confirmed");
  expect(step()).toContain("Done");
  expect(ipc.confirmRecoveryKit).toHaveBeenCalledExactlyOnceWith({
    typed: "ABCD EFGH",
    passphrase: null,
  });
});

test("who chooses no place for the kit is still at the first step", async () => {
  vi.mocked(ipc.saveRecoveryKit).mockResolvedValue(null);
  render(App);
  await press("kit-make");
  await press("kit-save");
  await waitFor(() => expect(screen.getByTestId("kit-save").ariaBusy).not.toBe("true"));
  expect(step()).toContain("Save or print it");
  expect(screen.queryByTestId("kit-confirmation")).toBeNull();
});

test("characters that are wrong stay to be mended, and nothing is called confirmed", async () => {
  vi.mocked(ipc.confirmRecoveryKit).mockRejectedValueOnce(
    errorView({ code: "kit_not_confirmed", message: "Those are not its.", hint: "Look again." }),
  );
  render(App);
  await press("kit-make");
  await press("kit-save");
  await type("kit-confirmation", "QQQQQQQQ");
  await press("kit-confirm");
  expect((await screen.findByTestId("alert")).textContent).toContain("Those are not its.");
  expect(screen.getByTestId<HTMLInputElement>("kit-confirmation").value).toBe("QQQQQQQQ");
  expect(screen.queryByTestId("kit-confirmed")).toBeNull();
});

test("the passphrase is asked for only where one protects the keys", async () => {
  vi.mocked(ipc.confirmRecoveryKit).mockRejectedValueOnce(
    errorView({ code: "passphrase_needed", message: "", hint: "" }),
  );
  render(App);
  await press("kit-make");
  await press("kit-save");
  await type("kit-confirmation", "ABCDEFGH");
  expect(screen.queryByTestId("kit-passphrase")).toBeNull();
  await press("kit-confirm");
  await type("kit-passphrase", "open sesame");
  vi.mocked(ipc.confirmRecoveryKit).mockResolvedValue(view({ revision: 1 }));
  await press("kit-confirm");
  await screen.findByTestId("kit-confirmed");
  expect(ipc.confirmRecoveryKit).toHaveBeenLastCalledWith({
    typed: "ABCDEFGH",
    passphrase: "open sesame",
  });
});

test("the sheet is left by its button, and the focus is back at what opened it", async () => {
  render(App);
  await press("kit-make");
  await press("kit-later");
  await waitFor(() => expect(screen.queryByTestId("kit-sheet")).toBeNull());
  expect(document.activeElement).toBe(screen.getByTestId("kit-make"));
});

test("another computer is set up in three steps, the first of which saves the kit", async () => {
  render(App);
  await screen.findByTestId("kit-reminder");
  await account("another-computer");
  const steps = await screen.findByTestId("another-steps");
  expect(steps.querySelectorAll("li")).toHaveLength(3);
  await press("another-kit");
  await screen.findByTestId("kit-save");
  expect(screen.queryByTestId("another-sheet")).toBeNull();
});

test("who has a kit already is led to where another is made", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await screen.findAllByTestId("file-row");
  await account("another-computer");
  await press("another-kit");
  await screen.findByTestId("kit-renew");
});

test("security offers the same steps", async () => {
  render(App);
  await screen.findAllByTestId("file-row");
  await goTo("security");
  await press("kit-make");
  await screen.findByTestId("kit-sheet");
  expect(step()).toContain("Save or print it");
});

test("behind an open sheet no shortcut leads to another place", async () => {
  HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
    this.open = true;
  };
  render(App);
  await press("kit-make");
  await fireEvent.keyDown(window, { key: "3", ctrlKey: true });
  expect(screen.getByTestId("place-files").getAttribute("aria-current")).toBe("true");
  await press("kit-later");
  await fireEvent.keyDown(window, { key: "3", ctrlKey: true });
  expect(screen.getByTestId("place-attention").getAttribute("aria-current")).toBe("true");
});

test("Escape closes a sheet", async () => {
  render(App);
  await press("kit-make");
  const sheet = await screen.findByTestId("kit-sheet");
  // What the browser does with a dialog on Escape.
  sheet.dispatchEvent(new Event("close"));
  await waitFor(() => expect(screen.queryByTestId("kit-sheet")).toBeNull());
});
