import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const locked = view({ stage: "locked", lockedFor: "idle", profile: null });

async function open(as = locked): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(as);
  render(App);
  await waitFor(() => expect(document.querySelector("main, .workspace")).not.toBeNull());
}

const damaged = () =>
  errorView({
    code: "key_file_damaged",
    message: "The key file is damaged.",
    hint: "Go back to the copy.",
  });

beforeEach(() => vi.clearAllMocks());

test("the lock says why it is there", async () => {
  await open();
  expect(document.body.textContent).toContain("after a time without input");
});

test("a keyring opens without a passphrase", async () => {
  vi.mocked(ipc.unlockView).mockResolvedValueOnce({ protection: "keyring", hasPrevious: true });
  vi.mocked(ipc.unlock).mockResolvedValue(view({ revision: 1 }));
  await open();
  await screen.findByTestId("unlock-keyring");
  expect(screen.queryByTestId("passphrase")).toBeNull();
  expect(document.activeElement).toBe(screen.getByTestId("unlock"));
  await fireEvent.click(screen.getByTestId("unlock"));
  expect(ipc.unlock).toHaveBeenCalledWith(null);
});

test("the copy is offered only when the key file is damaged", async () => {
  vi.mocked(ipc.unlock).mockRejectedValue(damaged());
  vi.mocked(ipc.restorePreviousKeys).mockResolvedValue(view({ revision: 1 }));
  await open();
  await screen.findByTestId("passphrase");
  expect(screen.queryByTestId("unlock-previous")).toBeNull();
  await fireEvent.input(screen.getByTestId("passphrase"), { target: { value: "secret" } });
  await fireEvent.click(screen.getByTestId("unlock"));
  const previous = await screen.findByTestId("unlock-previous");
  await fireEvent.input(screen.getByTestId("passphrase"), { target: { value: "secret" } });
  await fireEvent.click(previous);
  expect(ipc.restorePreviousKeys).toHaveBeenCalledWith("secret");
});

test("control and L locks, and a sign of the user is told on once in a while", async () => {
  vi.mocked(ipc.lock).mockResolvedValue(view({ ...locked, revision: 1 }));
  await open(view());
  await fireEvent.keyDown(window, { key: "l" });
  await fireEvent.pointerMove(window);
  expect(ipc.lock).not.toHaveBeenCalled();
  expect(ipc.seen).toHaveBeenCalledTimes(1);
  await fireEvent.keyDown(window, { key: "l", ctrlKey: true });
  await screen.findByTestId("unlock");
  expect(ipc.lock).toHaveBeenCalledTimes(1);
});

test("the rules for locking are set one at a time", async () => {
  vi.mocked(ipc.setAutoLock).mockResolvedValue(view({ revision: 1 }));
  await open(view());
  await goTo("security");
  const sleep = await screen.findByTestId("lock-sleep");
  expect(sleep.getAttribute("aria-checked")).toBe("true");
  await fireEvent.click(sleep);
  expect(ipc.setAutoLock).toHaveBeenCalledWith({
    idleMinutes: 15,
    onSleep: false,
    onScreenLock: true,
  });
  await fireEvent.change(screen.getByTestId("lock-idle"), { target: { value: "" } });
  expect(ipc.setAutoLock).toHaveBeenLastCalledWith({
    idleMinutes: null,
    onSleep: true,
    onScreenLock: true,
  });
});

test("how things stand is asked for once a change, not over and over", async () => {
  await open(view());
  await goTo("security");
  await screen.findByTestId("lock-sleep");
  await new Promise((later) => requestAnimationFrame(later));
  expect(ipc.security).toHaveBeenCalledTimes(1);
  spoken.heard?.appChanged(view({ revision: 7 }));
  await waitFor(() => expect(ipc.security).toHaveBeenCalledTimes(2));
});

test("a locked app offers no settings", async () => {
  await open();
  await screen.findByTestId("passphrase");
  expect(screen.queryByTestId("network-settings")).toBeNull();
});
