import { beforeEach, expect, test, vi } from "vitest";

const invoke = vi.hoisted(() => vi.fn());
vi.mock("@tauri-apps/api/core", () => ({ invoke }));

import { asErrorView, ipc } from "../src/ipc";

const offline = { code: "offline", message: "Not reached.", hint: "Check the network." };

beforeEach(() => {
  invoke.mockReset();
});

test("a command resolves to what the shell answers", async () => {
  invoke.mockResolvedValue({ stage: "firstStart" });
  await expect(ipc.appView()).resolves.toEqual({ stage: "firstStart" });
});

test("a refusal of the shell is thrown as it is", async () => {
  invoke.mockRejectedValue(offline);
  await expect(ipc.signOut()).rejects.toEqual(offline);
  expect(asErrorView(offline)).toBe(offline);
});

test("a fault of the app itself is said to be one", () => {
  expect(asErrorView(new TypeError("boom"))).toMatchObject({ code: "broken", hint: "boom" });
});
