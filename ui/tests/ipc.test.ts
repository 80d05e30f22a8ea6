import { beforeEach, expect, test, vi } from "vitest";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke }));

import { appView, asErrorView, ShellError, signOut } from "../src/ipc";

beforeEach(() => {
  invoke.mockReset();
});

test("an answer arrives without its envelope", async () => {
  invoke.mockResolvedValue({ stage: "firstStart" });
  await expect(appView()).resolves.toEqual({ stage: "firstStart" });
});

test("a refusal is thrown with its message and hint", async () => {
  invoke.mockRejectedValue({
    code: "offline",
    message: "Not reached.",
    hint: "Check the network.",
  });
  const failure: unknown = await signOut().catch((caught: unknown) => caught);
  expect(failure).toBeInstanceOf(ShellError);
  expect(asErrorView(failure)).toEqual({
    code: "offline",
    message: "Not reached.",
    hint: "Check the network.",
  });
});

test("a fault of the app itself is said to be one", () => {
  expect(asErrorView(new TypeError("boom"))).toMatchObject({ code: "page", hint: "boom" });
});
