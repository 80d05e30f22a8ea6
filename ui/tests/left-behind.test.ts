import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type * as Focus from "../src/parts/focus";
import { account } from "./go";
import { fakeIpc, pageOf, spoken, view } from "./shell";

const kept = vi.hoisted(() => ({ focus: null as Focus.FocusKeeper | null }));
vi.mock("../src/ipc", async (original) => fakeIpc(original as never));
vi.mock("../src/parts/focus", async (original) => {
  const focus = await (original as () => Promise<typeof Focus>)();
  return { ...focus, keepFocus: (root: HTMLElement) => (kept.focus = focus.keepFocus(root)) };
});

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const remembered = () => kept.focus?.remembered() ?? [];
const detached = () => remembered().filter((element) => !element.isConnected);

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(3));
});

/** Has the focus on several things of the workspace, as a person does who uses the keyboard. */
async function work(): Promise<void> {
  render(App);
  await screen.findAllByTestId("file-row");
  for (const id of ["place-approvals", "place-files", "account"]) screen.getByTestId(id).focus();
  screen.getByRole("grid").focus();
  expect(remembered()).toContain(screen.getByRole("grid"));
}

test.each(["locked", "signedOut", "firstStart"] as const)(
  "nothing of the workspace stays in memory when the app is %s",
  async (stage) => {
    await work();
    spoken.heard?.appChanged(view({ revision: 1, stage, lockedFor: "idle" }));
    await waitFor(() => expect(screen.queryByTestId("place-files")).toBeNull());
    await waitFor(() => expect(detached()).toEqual([]));
  },
);

test("nothing of the workspace stays in memory when the next screen has no focus", async () => {
  await work();
  vi.spyOn(HTMLElement.prototype, "focus").mockImplementation(() => {});
  try {
    spoken.heard?.appChanged(view({ revision: 1, stage: "locked", lockedFor: "idle" }));
    await waitFor(() => expect(screen.queryByTestId("place-files")).toBeNull());
    expect(document.activeElement).toBe(document.body);
    await waitFor(() => expect(detached()).toEqual([]));
  } finally {
    vi.restoreAllMocks();
  }
});

test("a dialog that was closed stays in memory only until the focus has gone on", async () => {
  await work();
  const opener = screen.getByTestId("account");
  await account("shortcuts");
  const close = await screen.findByLabelText("Close");
  close.focus();
  expect(remembered()).toContain(close);
  await fireEvent.click(close);
  await waitFor(() => expect(document.activeElement).toBe(opener));
  await waitFor(() => expect(detached()).toEqual([]));
});
