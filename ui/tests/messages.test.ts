import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { errorView, fakeIpc, pageOf, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import { lifetime } from "../src/state/notices";

const offline = () =>
  errorView({
    code: "offline",
    message: "The service cannot be reached.",
    hint: "Try again later.",
  });

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(3));
  vi.mocked(ipc.saveRows).mockRejectedValue(offline());
});

afterEach(() => void vi.useRealTimers());

async function failToSave(at: number): Promise<void> {
  await fireEvent.click((await screen.findAllByTestId("file-row"))[at] as HTMLElement);
  await fireEvent.click(screen.getByTestId("save"));
}

test("an error names the file and what was done with it, and many of a kind are one", async () => {
  render(App);
  await failToSave(0);
  expect((await screen.findByRole("alert")).textContent).toContain("Saving “file 0.txt”");
  await failToSave(1);
  await waitFor(() =>
    expect(screen.getByRole("alert").textContent).toContain("Saving “file 1.txt”"),
  );
  expect(screen.getByRole("alert").textContent).toContain("and 1 more");
  expect(screen.getAllByRole("alert")).toHaveLength(1);
});

test("an error goes by itself, but not while somebody points at it", async () => {
  render(App);
  await failToSave(0);
  const alert = await screen.findByRole("alert");
  vi.useFakeTimers();
  await fireEvent.pointerEnter(alert);
  await vi.advanceTimersByTimeAsync(lifetime.error * 2);
  expect(screen.queryByRole("alert")).not.toBeNull();
  await fireEvent.pointerLeave(alert);
  await vi.advanceTimersByTimeAsync(lifetime.error - 1000);
  expect(screen.queryByRole("alert")).not.toBeNull();
  await vi.advanceTimersByTimeAsync(2000);
  expect(screen.queryByRole("alert")).toBeNull();
});

test.each(["locked", "signedOut"] as const)(
  "what was said is gone when the app is %s, and after it",
  async (stage) => {
    render(App);
    await failToSave(0);
    await screen.findByRole("alert");
    spoken.heard?.appChanged(
      view({ stage, profile: null, revision: 1, lockedFor: stage === "locked" ? "idle" : null }),
    );
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
    spoken.heard?.notice({
      kind: "warning",
      code: "broken",
      message: "The list is as it was.",
      hint: "",
    });
    await screen.findByRole("alert");
    spoken.heard?.appChanged(view({ revision: 2 }));
    await screen.findAllByTestId("file-row");
    expect(screen.queryByRole("alert")).toBeNull();
  },
);

test("what is refused because of a lock is not said twice", async () => {
  vi.mocked(ipc.saveRows).mockRejectedValue(
    errorView({ code: "locked", message: "The app is locked.", hint: "Unlock it." }),
  );
  render(App);
  await failToSave(0);
  await waitFor(() => expect(ipc.saveRows).toHaveBeenCalled());
  expect(screen.queryByRole("alert")).toBeNull();
});
