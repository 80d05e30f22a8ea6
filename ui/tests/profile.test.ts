import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, spoken, summary, transfer, view } from "./shell";
import type { Code } from "../src/types";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const HOUR_MS = 3_600_000;
const input = (id: string) => screen.getByTestId<HTMLInputElement>(id);
const type = (id: string, value: string) => fireEvent.input(input(id), { target: { value } });
const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));
const code = (lifeMs: number) => ({
  path: "M4 4h1v1h-1z",
  side: 29,
  expiresAt: Date.now() + lifeMs,
});
const refusal = (code: Code, message: string) => errorView({ code, message, hint: "What to do." });

async function open(as = view()): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(as);
  vi.mocked(ipc.account).mockResolvedValue({ profileId: "p-1", expiresAt: Date.now() + HOUR_MS });
  render(App);
  await goTo("profile");
  await screen.findByTestId("profile-id");
}

async function fillIn(): Promise<void> {
  await press("change-password");
  await type("password-current", "old");
  await type("password-new", "new one");
  await type("password-new-again", "new one");
}

beforeEach(() => vi.clearAllMocks());

test("the profile id is copied", async () => {
  const writeText = vi.fn().mockResolvedValue(undefined);
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText } });
  await open();
  await press("copy-profile-id");
  expect(writeText).toHaveBeenCalledWith("p-1");
  await waitFor(() =>
    expect(screen.getByTestId("copy-profile-id").textContent).toContain("Copied"),
  );
});

test("the session says how long it lives, and is renewed for as long as was chosen", async () => {
  await open();
  expect(screen.getByTestId("session-left").textContent).toMatch(/59|60/);
  await fireEvent.change(screen.getByTestId("session-hours"), { target: { value: "24" } });
  await press("renew-session");
  expect(ipc.renewSession).toHaveBeenCalledWith(24);
  await waitFor(() =>
    expect(screen.getByTestId("session-left").textContent).toContain("hours left"),
  );
});

test("a renewal nobody confirmed is looked at again, not taken for done", async () => {
  await open();
  vi.mocked(ipc.renewSession).mockRejectedValueOnce(refusal("not_confirmed", "It was sent."));
  await press("renew-session");
  await press("unclear-look");
  expect(ipc.account).toHaveBeenCalledTimes(2);
  await waitFor(() => expect(screen.queryByTestId("unclear")).toBeNull());
});

test("a new password has to be typed twice, and is wiped when it was handed over", async () => {
  await open();
  await fillIn();
  await type("password-new-again", "new on");
  expect(input("password-submit").disabled).toBe(true);
  expect(screen.getByTestId("password-form").textContent).toContain("don’t match");
  await type("password-new-again", "new one");
  vi.mocked(ipc.changePassword).mockRejectedValueOnce(refusal("not_the_password", "Another one."));
  await fireEvent.submit(screen.getByTestId("password-form"));
  expect(ipc.changePassword).toHaveBeenCalledWith({ current: "old", fresh: "new one" });
  await screen.findByTestId("alert");
  for (const field of ["password-current", "password-new", "password-new-again"])
    expect(input(field).value).toBe("");
});

test("a changed password is said to be changed only when it is", async () => {
  await open();
  await fillIn();
  vi.mocked(ipc.changePassword).mockRejectedValueOnce(refusal("not_confirmed", "It was sent."));
  await fireEvent.submit(screen.getByTestId("password-form"));
  expect((await screen.findByTestId("unclear")).textContent).toContain(
    "try the new password first",
  );
  expect(screen.queryByTestId("password-changed")).toBeNull();
  await type("password-current", "old");
  await type("password-new", "new one");
  await type("password-new-again", "new one");
  await fireEvent.submit(screen.getByTestId("password-form"));
  await screen.findByTestId("password-changed");
  expect(screen.queryByTestId("password-form")).toBeNull();
});

test("the trial profile has no password to change", async () => {
  await open(view({ trialProfile: "alice" }));
  expect(screen.queryByTestId("change-password")).toBeNull();
  await press("password-to-security");
  await screen.findByTestId("security");
});

test("a pairing code is drawn on request and goes when it is hidden", async () => {
  await open();
  expect(ipc.pairingCode).not.toHaveBeenCalled();
  vi.mocked(ipc.pairingCode).mockResolvedValueOnce(code(60 * 60_000));
  await press("show-code");
  const drawn = await screen.findByTestId("pairing-code");
  expect(drawn.querySelector("path")?.getAttribute("d")).toBe("M4 4h1v1h-1z");
  expect(screen.getByTestId("pairing-left").textContent).toMatch(/Expires in (1:00:00|59:\d\d)/);
  await press("hide-code");
  expect(screen.queryByTestId("pairing-code")).toBeNull();
});

test("an expired code leaves the page, and another one is asked for by hand", async () => {
  await open();
  vi.mocked(ipc.pairingCode).mockResolvedValueOnce(code(700));
  await press("show-code");
  await screen.findByTestId("pairing-code");
  await waitFor(() => expect(screen.queryByTestId("pairing-code")).toBeNull(), { timeout: 10_000 });
  expect(screen.getByTestId("profile").textContent).toContain("The code has expired");
  expect(ipc.pairingCode).toHaveBeenCalledTimes(1);
  vi.mocked(ipc.pairingCode).mockResolvedValueOnce(code(60 * 60_000));
  await press("show-code");
  await screen.findByTestId("pairing-code");
});

test("signing out asks once while transfers run", async () => {
  await open();
  vi.mocked(ipc.signOut).mockResolvedValue(
    view({ revision: 1, stage: "signedOut", profile: null }),
  );
  const going = transfer("1", { state: "running" });
  spoken.heard?.transfersChanged({
    changed: [going],
    removed: [],
    summary: summary({ running: 1 }),
  });
  await press("profile-sign-out");
  expect(ipc.signOut).not.toHaveBeenCalled();
  await press("profile-sign-out-anyway");
  expect(ipc.signOut).toHaveBeenCalledTimes(1);
});

test("without the service it says so and can be tried again", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.account).mockRejectedValueOnce(
    refusal("offline", "The service cannot be reached."),
  );
  render(App);
  await goTo("profile");
  await screen.findByTestId("alert");
  expect(screen.queryByTestId("change-password")).toBeNull();
  vi.mocked(ipc.account).mockResolvedValue({ profileId: "p-1", expiresAt: Date.now() + HOUR_MS });
  await press("profile-retry");
  await screen.findByTestId("profile-id");
});
