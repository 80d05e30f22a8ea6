import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));
const row = async (at: number) =>
  fireEvent.click((await screen.findAllByTestId("file-row"))[at] as HTMLElement);
const status = () => screen.getByTestId("token-status").textContent.replace(/\s+/g, " ").trim();

async function open(): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await row(0);
}

beforeEach(() => vi.clearAllMocks());

test("a token is copied by its file's id, and the page says for how long", async () => {
  await open();
  await press("token-copy");
  expect(ipc.copyToken).toHaveBeenCalledWith("f0");
  await waitFor(() => expect(status()).toMatch(/^Copied; cleared in (30|29) s$/));
});

test("what became of the copy is said in words, for the file it was of", async () => {
  await open();
  await press("token-copy");
  await waitFor(() => expect(status()).toContain("Copied"));
  spoken.heard?.copyEnded({ cleared: true });
  await waitFor(() => expect(status()).toBe("Cleared from the clipboard."));
  await row(1);
  await waitFor(() => expect(status()).toBe(""));
  await press("token-copy");
  await waitFor(() => expect(status()).toContain("Copied"));
  spoken.heard?.copyEnded({ cleared: false });
  await waitFor(() => expect(status()).toContain("The clipboard has something else"));
});

test("a clipboard that cannot be used is named, and nothing is said to be copied", async () => {
  await open();
  vi.mocked(ipc.copyToken).mockRejectedValueOnce(
    errorView({
      code: "clipboard",
      message: "The clipboard cannot be used.",
      hint: "Try again.",
    }),
  );
  await press("token-copy");
  expect((await screen.findByRole("alert")).textContent).toContain("The clipboard cannot be used.");
  expect(status()).toBe("");
});

test("a code is drawn on request only, and goes with the file it is of", async () => {
  await open();
  expect(ipc.tokenCode).not.toHaveBeenCalled();
  await press("token-show");
  const code = await screen.findByRole("img", { name: "The token of file 0.txt as a QR code" });
  expect(code.querySelector("path")?.getAttribute("d")).toBe("M4 4h7v1h-7z");
  await row(1);
  await waitFor(() => expect(screen.queryByTestId("token-code")).toBeNull());
  await press("token-show");
  await screen.findByTestId("token-code");
  await press("token-show");
  expect(screen.queryByTestId("token-code")).toBeNull();
});

test("how long a copy stays is set under security", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await goTo("security");
  const chosen = await screen.findByTestId<HTMLSelectElement>("clipboard-seconds");
  expect(chosen.value).toBe("30");
  await fireEvent.change(chosen, { target: { value: "10" } });
  expect(ipc.setClipboardSeconds).toHaveBeenCalledWith(10);
  await waitFor(() =>
    expect(screen.getByTestId<HTMLSelectElement>("clipboard-seconds").value).toBe("10"),
  );
});
