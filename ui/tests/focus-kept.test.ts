import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, keys, network, pageOf, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { AppView, Code, Kit } from "../src/types";

const noKeyring = { keyring: { available: false, reason: "no secret service" } };
const signedOut = view({ stage: "signedOut", profile: null });
const firstStart = view({ stage: "firstStart", connection: null, profile: null, ...noKeyring });
const refusal = (code: Code) =>
  errorView({ code, message: "That cannot be used.", hint: "Use another one." });

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(3));
  vi.mocked(ipc.network).mockResolvedValue(network());
});

async function open(as: AppView = view()): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(as);
  render(App);
  await waitFor(() => expect(document.querySelector("main")).not.toBeNull());
}

/** Presses a button as a person does, who has the focus on it then. */
async function press(id: string): Promise<void> {
  const button = await screen.findByTestId(id);
  button.focus();
  await fireEvent.click(button);
}

async function type(id: string, value: string): Promise<void> {
  const input = await screen.findByTestId(id);
  input.focus();
  await fireEvent.input(input, { target: { value } });
}

const focusIsOn = (id: string) =>
  waitFor(() => expect((document.activeElement as HTMLElement | null)?.dataset.testid).toBe(id));

test("the choice that a profile with keys elsewhere gives begins at its first way", async () => {
  vi.mocked(ipc.signIn).mockRejectedValue(refusal("keys_elsewhere"));
  await open(signedOut);
  await type("username", "ada");
  await type("password", "secret");
  await press("submit-sign-in");
  await focusIsOn("keys-restore");
});

test("the reminder of the kit leads to the button that makes it", async () => {
  await open(view({ recoveryConfirmed: false }));
  await press("kit-make");
  await focusIsOn("kit-save");
});

test("a kit that is confirmed says so, and leaves the focus in the place it was made from", async () => {
  vi.mocked(ipc.saveRecoveryKit).mockResolvedValue({
    page: "k.html",
    text: "k.txt",
    characters: 8,
  });
  vi.mocked(ipc.confirmRecoveryKit).mockResolvedValue(view({ revision: 1 }));
  await open(view({ recoveryConfirmed: false }));
  await press("kit-make");
  await press("kit-save");
  await type("kit-confirmation", "ABCD EFGH");
  await press("kit-confirm");
  await focusIsOn("kit-done");
  expect(ipc.confirmRecoveryKit).toHaveBeenCalledWith({ typed: "ABCD EFGH", passphrase: null });
  expect(screen.queryByTestId("kit-reminder")).toBeNull();
  await press("kit-done");
  expect(screen.queryByTestId("kit-sheet")).toBeNull();
  await waitFor(() => expect(document.activeElement).not.toBe(document.body));
});

test("a form that is done gives the focus back to the button that opened it", async () => {
  const ANNA = {
    key: "age1anna",
    fingerprint: "age1anna",
    short: "age1…anna",
    label: "Anna",
    context: null,
  };
  vi.mocked(ipc.addRecipient).mockResolvedValue(keys({ recipients: [ANNA] }));
  await open();
  await goTo("security");
  await press("add-recipient");
  await type("recipient-key", "age1anna");
  await press("recipient-form-submit");
  await screen.findByTestId("remove-recipient");
  await focusIsOn("add-recipient");
});

test("a menu that is closed gives the focus back to what opened it", async () => {
  await open();
  await press("account");
  await focusIsOn("settings");
  await fireEvent.keyDown(screen.getByTestId("settings"), { key: "Escape" });
  await focusIsOn("account");
});

test("the place of what needs attention leaves the focus in its list", async () => {
  await open();
  await press("place-attention");
  await waitFor(() => expect(document.activeElement?.tagName).not.toBe("BODY"));
});

test("who restores a profile types the password next, when the kit has told the name", async () => {
  const kit: Kit = { userName: "ada", server: null, hasAllKeys: true, opensNames: true };
  vi.mocked(ipc.chooseKit).mockResolvedValue(kit);
  await open(signedOut);
  await press("mode-restore");
  await focusIsOn("kit-choose");
  await press("kit-choose");
  await focusIsOn("password");
  expect(screen.getByTestId<HTMLInputElement>("username").value).toBe("ada");
});

test.each<[what: string, password: string, again: string, on: string]>([
  ["no password", "", "", "password"],
  ["a password typed once", "a long enough one", "", "password-again"],
  ["two passwords that differ", "a long enough one", "another", "password-again"],
])("a new profile with %s is refused at that field", async (_, password, again, on) => {
  await open(signedOut);
  await press("mode-create");
  await type("username", "ada");
  if (password) await type("password", password);
  if (again) await type("password-again", again);
  await press("submit-create");
  await focusIsOn(on);
  expect(document.activeElement?.getAttribute("aria-invalid")).toBe("true");
  expect(ipc.createProfile).not.toHaveBeenCalled();
});

test.each<[what: string, passphrase: string, again: string, on: string]>([
  ["no passphrase", "", "", "passphrase"],
  ["a passphrase typed once", "a long enough one", "", "passphrase-again"],
  ["two passphrases that differ", "a long enough one", "another", "passphrase-again"],
])("a trial with %s is refused at that field", async (_, passphrase, again, on) => {
  await open(firstStart);
  if (passphrase) await type("passphrase", passphrase);
  if (again) await type("passphrase-again", again);
  await press("try-now");
  await focusIsOn(on);
  expect(document.activeElement?.getAttribute("aria-invalid")).toBe("true");
  expect(ipc.tryNow).not.toHaveBeenCalled();
});

test.each([
  ["bad_proxy", "proxy-address"],
  ["bad_proxy_name", "proxy-username"],
])("a proxy that is refused with %s is told at %s, which has the focus", async (code, on) => {
  vi.mocked(ipc.network).mockResolvedValue(network({ proxy: "explicit", proxyAddress: "ht!tp" }));
  vi.mocked(ipc.setNetwork).mockRejectedValue(refusal(code));
  await open();
  await goTo("network");
  await press("network-apply");
  await focusIsOn(on);
  const field = document.activeElement as HTMLInputElement;
  const note = document.getElementById(field.getAttribute("aria-describedby") ?? "");
  expect(note?.textContent).toBe("That cannot be used. Use another one.");
  expect(screen.queryByTestId("alert")).toBeNull();
  await type(on, "http://proxy.test:3128");
  expect(field.getAttribute("aria-invalid")).toBeNull();
});

test("a field that turns wrong while another is typed in takes nothing away", async () => {
  vi.mocked(ipc.rateSecret).mockResolvedValue("guessable");
  await open(firstStart);
  await type("passphrase", "password1");
  await type("passphrase-again", "pass");
  await waitFor(() =>
    expect(screen.getByTestId("passphrase").getAttribute("aria-invalid")).toBe("true"),
  );
  await new Promise((later) => setTimeout(later));
  await focusIsOn("passphrase-again");
});

test("a button that is busy has the focus again when it is done", async () => {
  let done: () => void = () => {};
  vi.mocked(ipc.refreshFiles).mockReturnValue(
    new Promise((resolve) => (done = () => resolve(null))),
  );
  await open(view({ listAlarm: { expected: 30, listed: 3, at: "2026-11-26T10:00:00Z" } }));
  await press("look-again");
  const button = screen.getByTestId<HTMLButtonElement>("look-again");
  expect(button.disabled).toBe(true);
  // As an engine does that takes the focus from what is disabled.
  button.blur();
  done();
  await focusIsOn("look-again");
});

test("who left what had the focus on purpose is not led back to it", async () => {
  await open();
  const search = await screen.findByTestId("search");
  search.focus();
  search.blur();
  spoken.heard?.appChanged(view({ revision: 1, recoveryConfirmed: false }));
  await screen.findByTestId("kit-reminder");
  await new Promise((later) => setTimeout(later));
  await new Promise((later) => setTimeout(later));
  expect(document.activeElement).toBe(document.body);
});
