import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import type { AppView } from "../src/types";
import { errorView, fakeIpc, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const signedOut = view({ stage: "signedOut" });
const firstStart = view({ stage: "firstStart", connection: null, profile: null });
const input = (id: string) => screen.getByTestId<HTMLInputElement>(id);

async function open(as = signedOut): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(as);
  render(App);
  await waitFor(() => expect(document.querySelector("main")).not.toBeNull());
}

beforeEach(() => vi.clearAllMocks());

async function fill(): Promise<void> {
  await fireEvent.input(input("username"), { target: { value: "alice" } });
  await fireEvent.input(input("password"), { target: { value: "wrong" } });
}

test("a wrong password is said with what to do, and is not kept", async () => {
  vi.mocked(ipc.signIn).mockRejectedValue(
    errorView({
      code: "wrongPassword",
      message: "That password is not right.",
      hint: "Try again.",
    }),
  );
  await open();
  await fill();
  await fireEvent.click(screen.getByTestId("submit-sign-in"));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain("That password is not right.");
  expect(alert.textContent).toContain("Try again.");
  expect(input("password").value).toBe("");
  expect(input("username").value).toBe("alice");
});

test("a second press while signing in asks only once", async () => {
  vi.mocked(ipc.signIn).mockReturnValue(new Promise(() => {}));
  await open();
  await fill();
  const form = screen.getByTestId("submit-sign-in").closest("form");
  if (!form) throw new Error("no form");
  await fireEvent.submit(form);
  await fireEvent.submit(form);
  expect(ipc.signIn).toHaveBeenCalledTimes(1);
  expect(ipc.signIn).toHaveBeenCalledWith(
    { username: "alice", password: "wrong", passphrase: null },
    "none",
  );
  expect(screen.getByTestId("submit-sign-in").textContent).toContain("Signing in…");
});

test("the passphrase is asked for only without a keyring, with the reason", async () => {
  await open();
  expect(screen.queryByTestId("passphrase")).toBeNull();
  spoken.heard?.appChanged({
    ...signedOut,
    keyring: { available: false, reason: "no secret service" },
  });
  await screen.findByTestId("passphrase");
  expect(document.body.textContent).toContain("no secret service");
});

test("a new secret that was typed once is asked for once more, where the focus then is", async () => {
  await open();
  await fireEvent.click(screen.getByTestId("mode-create"));
  await fireEvent.input(input("username"), { target: { value: "ada" } });
  await fireEvent.input(input("password"), { target: { value: "correct horse battery" } });
  await fireEvent.click(screen.getByTestId("submit-create"));
  await waitFor(() => expect(document.activeElement).toBe(input("password-again")));
  expect(input("password-again").getAttribute("aria-invalid")).toBe("true");
  expect(ipc.createProfile).not.toHaveBeenCalled();
});

test("making keys shows its steps and gives way to the error", async () => {
  let refuse: (failure: unknown) => void = () => {};
  vi.mocked(ipc.createProfile).mockReturnValue(new Promise((_, reject) => (refuse = reject)));
  await open();
  await fireEvent.click(screen.getByTestId("mode-create"));
  await fill();
  await fireEvent.input(input("password-again"), { target: { value: "wrong" } });
  await fireEvent.click(screen.getByTestId("submit-create"));
  spoken.heard?.keyProgress("recovery");
  await screen.findByText("Making your keys");
  refuse(
    errorView({ code: "name_taken", message: "That name is taken.", hint: "Choose another." }),
  );
  expect((await screen.findByRole("alert")).textContent).toContain("Choose another.");
  expect(screen.queryByText("Making your keys")).toBeNull();
});

const elsewhere = () =>
  errorView({
    code: "keys_elsewhere",
    message: "This profile already has keys.",
    hint: "Restore them.",
  });

test("keys that are elsewhere are for the user to choose about, and nothing is made before", async () => {
  vi.mocked(ipc.signIn).mockRejectedValueOnce(elsewhere()).mockResolvedValueOnce(view());
  await open();
  await fill();
  await fireEvent.click(screen.getByTestId("submit-sign-in"));
  const choice = await screen.findByTestId("keys-choice");
  expect(choice.textContent).toContain("This profile already has keys.");
  expect(choice.textContent).toContain("stay encrypted here");
  expect(screen.queryByTestId("submit-sign-in")).toBeNull();
  await fireEvent.click(screen.getByTestId("keys-new"));
  expect(ipc.signIn).toHaveBeenCalledTimes(1);
  expect(input("username").value).toBe("alice");
  await fireEvent.input(input("password"), { target: { value: "right" } });
  await fireEvent.click(screen.getByTestId("submit-new"));
  expect(ipc.signIn).toHaveBeenLastCalledWith(
    { username: "alice", password: "right", passphrase: null },
    "accepted",
  );
});

test("keys that are elsewhere can be restored from the kit", async () => {
  vi.mocked(ipc.signIn).mockRejectedValueOnce(elsewhere());
  await open();
  await fill();
  await fireEvent.click(screen.getByTestId("submit-sign-in"));
  await fireEvent.click(await screen.findByTestId("keys-restore"));
  await screen.findByTestId("kit-choose");
  expect(screen.queryByTestId("keys-choice")).toBeNull();
});

test("a new passphrase is typed twice, and its strength is shown", async () => {
  vi.mocked(ipc.rateSecret).mockResolvedValue("guessable");
  await open({ ...signedOut, keyring: { available: false, reason: "no secret service" } });
  await fireEvent.click(screen.getByTestId("mode-create"));
  await fill();
  await fireEvent.input(input("password-again"), { target: { value: "wrong" } });
  await fireEvent.input(input("passphrase"), { target: { value: "password" } });
  await waitFor(() =>
    expect(screen.getByTestId("passphrase-strength").dataset.strength).toBe("guessable"),
  );
  expect(ipc.rateSecret).toHaveBeenLastCalledWith("password", ["alice", "wrong"]);
  await fireEvent.click(screen.getByTestId("submit-create"));
  expect(ipc.createProfile).not.toHaveBeenCalled();
  await fireEvent.input(input("passphrase-again"), { target: { value: "passwor" } });
  expect(document.body.textContent).toContain("don’t match");
});

test("first keys without a keyring ask for a passphrase of their own", async () => {
  vi.mocked(ipc.signIn).mockRejectedValueOnce(
    errorView({
      code: "new_passphrase_needed",
      message: "New keys need a passphrase.",
      hint: "Choose one.",
    }),
  );
  await open({ ...signedOut, keyring: { available: false, reason: null } });
  await fill();
  await fireEvent.input(input("passphrase"), { target: { value: "typed once" } });
  await fireEvent.click(screen.getByTestId("submit-sign-in"));
  await screen.findByTestId("passphrase-again");
  await screen.findByTestId("submit-first");
});

test("the sandbox offers the trial profile of this machine", async () => {
  vi.mocked(ipc.tryNow).mockResolvedValue(view());
  await open(view({ stage: "signedOut", trialProfile: "trial-1" }));
  expect(screen.getByTestId("try-now").textContent).toContain("Continue as trial-1");
  await fireEvent.click(screen.getByTestId("try-now"));
  expect(ipc.tryNow).toHaveBeenCalledWith(null);
  await screen.findByTestId("search");
});

test("the test of the addresses says what fails and what to do", async () => {
  vi.mocked(ipc.checkAddresses).mockResolvedValue([
    { which: "api", ok: false, message: "Nothing answers.", hint: "Check the port." },
  ]);
  await open(view({ stage: "firstStart", connection: null, profile: null }));
  await fireEvent.click(screen.getByTestId("connect-service"));
  await fireEvent.click(screen.getByTestId("connect-advanced"));
  await fireEvent.click(screen.getByTestId("check-addresses"));
  expect(ipc.checkAddresses).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByText("On this machine"));
  await fireEvent.click(screen.getByTestId("check-addresses"));
  await screen.findByText("Check the port.");
});

const answer = (ok: boolean) =>
  (["api", "websocket", "upstream", "downstream"] as const).map((which) => ({
    which,
    ok: ok || which !== "upstream",
    message: ok ? "Answers." : "Another web server answers.",
    hint: null,
  }));

async function connectTo(address: string): Promise<void> {
  await open(view({ stage: "firstStart", connection: null, profile: null }));
  await fireEvent.click(screen.getByTestId("connect-service"));
  await fireEvent.input(screen.getByTestId("address-one"), { target: { value: address } });
  await fireEvent.click(screen.getByTestId("use-addresses"));
}

const all = {
  api: "https://cloud.example.com:8009",
  websocket: "wss://cloud.example.com:8083",
  upstream: "https://cloud.example.com:8010",
  downstream: "https://cloud.example.com:8011",
};

test("one address is enough where all four servers answer", async () => {
  vi.mocked(ipc.checkAddresses).mockResolvedValue(answer(true));
  vi.mocked(ipc.connectService).mockResolvedValue(view({ stage: "signedOut", revision: 1 }));
  await connectTo("cloud.example.com");
  expect(ipc.checkAddresses).toHaveBeenCalledWith(all);
  await waitFor(() => expect(ipc.connectService).toHaveBeenCalledWith(all));
});

test("where one of the four does not answer, each says at its own field what is there", async () => {
  vi.mocked(ipc.connectService).mockClear();
  vi.mocked(ipc.checkAddresses).mockResolvedValue(answer(false));
  await connectTo("cloud.example.com");
  const upstream = await screen.findByTestId<HTMLInputElement>("address-upstream");
  expect(upstream.value).toBe(all.upstream);
  expect(upstream.closest(".address")?.textContent).toContain("Another web server answers.");
  expect(ipc.connectService).not.toHaveBeenCalled();
});

test("who came to restore a profile is asked for the recovery kit after the service", async () => {
  vi.mocked(ipc.connectSandbox).mockResolvedValue(view({ stage: "signedOut", revision: 1 }));
  await open(view({ stage: "firstStart", connection: null, profile: null }));
  await fireEvent.click(screen.getByTestId("first-restore"));
  await fireEvent.click(screen.getByTestId("connect-own-sandbox"));
  expect(await screen.findByTestId("kit-choose")).toBeTruthy();
});

test("each address that no service can have is named at its field, and nothing is tried", async () => {
  vi.mocked(ipc.checkAddresses).mockClear();
  await open(view({ stage: "firstStart", connection: null, profile: null }));
  await fireEvent.click(screen.getByTestId("connect-service"));
  await fireEvent.click(screen.getByTestId("connect-advanced"));
  const nonsense = {
    api: "nonsense",
    websocket: "https://host",
    upstream: "http://far.example",
    downstream: "ftp://host",
  };
  for (const [which, text] of Object.entries(nonsense)) {
    await fireEvent.input(screen.getByTestId(`address-${which}`), { target: { value: text } });
  }
  await fireEvent.click(screen.getByTestId("check-addresses"));
  expect(screen.getAllByText(/Use an address that starts with https/)).toHaveLength(3);
  expect(screen.getAllByText(/Use an address that starts with wss/)).toHaveLength(1);
  expect(ipc.checkAddresses).not.toHaveBeenCalled();
});

test("a view that a newer one has overtaken is not shown", async () => {
  await open(view({ stage: "signedOut", revision: 2 }));
  spoken.heard?.appChanged(view({ revision: 3 }));
  spoken.heard?.appChanged(view({ stage: "signedOut", revision: 2 }));
  await screen.findByTestId("add-files");
});

test("trying it shows the keys being made until the files are there, and never a sign-in form", async () => {
  let enter: (view: AppView) => void = () => {};
  vi.mocked(ipc.tryNow).mockReturnValue(new Promise((resolve) => (enter = resolve)));
  await open(firstStart);
  await fireEvent.click(screen.getByTestId("try-now"));
  await screen.findByRole("heading", { name: "Preparing your profile…" });
  spoken.heard?.appChanged(view({ stage: "signedOut", profile: null, revision: 1 }));
  spoken.heard?.keyProgress("recovery");
  await screen.findByText("Making your keys");
  expect(screen.queryByTestId("username")).toBeNull();
  spoken.heard?.appChanged(view({ revision: 2 }));
  await screen.findByTestId("add-files");
  enter(view({ revision: 2 }));
});

test("a trial that cannot be made says why on the screen where it leaves the user", async () => {
  let refuse: (failure: unknown) => void = () => {};
  vi.mocked(ipc.tryNow).mockReturnValue(new Promise((_, reject) => (refuse = reject)));
  await open(firstStart);
  await fireEvent.click(screen.getByTestId("try-now"));
  spoken.heard?.appChanged(view({ stage: "signedOut", profile: null, revision: 1 }));
  refuse(errorView({ code: "broken", message: "The disk is full.", hint: "Make room." }));
  expect((await screen.findByRole("alert")).textContent).toContain("Make room.");
  expect(screen.getByTestId("username")).toBeTruthy();
});

test("what begins has the focus at the first start, and Enter is enough", async () => {
  await open(firstStart);
  expect(document.activeElement).toBe(screen.getByTestId("try-now"));
});
