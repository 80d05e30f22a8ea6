import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { application, errorView, fakeIpc, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { Application, Code, ErrorView, HeldSecret } from "../src/types";

const SECRET = "s3cr3t-of-the-application";
const reports = application("a-1", { name: "Reports" });
const held: HeldSecret = { application: "a-1", clientId: "client-1" };

const type = (id: string, value: string) =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));
const submit = (id: string) => fireEvent.submit(screen.getByTestId(id));
const row = (id: string) =>
  document.querySelector<HTMLElement>(
    `[data-testid="application"][data-application="${id}"]`,
  ) as HTMLElement;
const button = (id: string) => screen.getByTestId<HTMLButtonElement>(id);
const refusal = (code: Code, message: string) => errorView({ code, message, hint: "What to do." });

function has(applications: Application[], secrets: HeldSecret[] = []): void {
  vi.mocked(ipc.applications).mockResolvedValue({ applications, held: secrets });
}

async function open(applications: Application[], secrets: HeldSecret[] = []): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  has(applications, secrets);
  render(App);
  await goTo("applications");
  await screen.findByTestId("application-new");
}

async function fillIn(scopes = "device, storage"): Promise<void> {
  if (!screen.queryByTestId("application-form")) await press("application-new");
  await type("application-name", " Reports ");
  await type("application-redirect", "https://reports.example.com/back");
  await type("application-scopes", scopes);
}

beforeEach(() => vi.clearAllMocks());

test("without any it says what an application is for", async () => {
  await open([]);
  expect(screen.getByTestId("applications-none").textContent).toContain("in your name");
  await press("application-new");
  expect(button("application-submit").disabled).toBe(true);
});

test("a list that cannot be read says so, and is read again", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.applications).mockRejectedValueOnce(
    refusal("offline", "The service cannot be reached."),
  );
  render(App);
  await goTo("applications");
  expect((await screen.findByTestId("alert")).textContent).toContain("cannot be reached");
  has([reports]);
  await press("applications-retry");
  await waitFor(() => expect(row("a-1").textContent).toContain("Reports"));
});

test("a new application's secret is held at once, and on the page only while it is shown", async () => {
  await open([]);
  vi.mocked(ipc.registerApplication).mockResolvedValueOnce("a-1");
  vi.mocked(ipc.takeApplicationSecret).mockResolvedValueOnce(held);
  vi.mocked(ipc.showApplicationSecret).mockResolvedValueOnce(SECRET);
  await fillIn();
  has([reports], [held]);
  await submit("application-form");
  expect(ipc.registerApplication).toHaveBeenCalledWith({
    name: "Reports",
    redirectUri: "https://reports.example.com/back",
    scopes: ["device", "storage"],
  });
  const card = await screen.findByTestId("held-secret");
  expect(ipc.takeApplicationSecret).toHaveBeenCalledWith("a-1");
  await waitFor(() => expect(card.textContent).toContain("Reports"));
  expect(card.textContent).toContain("only this once");
  expect(screen.getByTestId("client-id").textContent).toBe("client-1");
  expect(document.body.textContent).not.toContain(SECRET);
  await press("secret-show");
  expect((await screen.findByTestId("secret-text")).textContent).toBe(SECRET);
  await press("secret-show");
  await waitFor(() => expect(document.body.textContent).not.toContain(SECRET));
});

test("a secret is copied by the shell, and the page says for how long", async () => {
  await open([reports], [held]);
  await press("secret-copy");
  expect(ipc.copyApplicationSecret).toHaveBeenCalledWith("a-1");
  await waitFor(() => expect(screen.getByTestId("secret-status").textContent).toContain("Copied"));
  spoken.heard?.copyEnded({ cleared: true });
  await waitFor(() => expect(screen.getByTestId("secret-status").textContent).toContain("Cleared"));
});

test("what was not saved is put away only after a question, what was saved at once", async () => {
  await open([reports], [held]);
  await press("secret-done");
  expect(screen.getByTestId("held-secret").textContent).toContain("was not saved here");
  await press("secret-keep");
  expect(ipc.forgetApplicationSecret).not.toHaveBeenCalled();
  await press("secret-save");
  await screen.findByTestId("secret-saved");
  expect(ipc.saveApplicationSecret).toHaveBeenCalledWith("a-1", "Reports");
  await press("secret-done");
  expect(ipc.forgetApplicationSecret).toHaveBeenCalledWith("a-1");
  await waitFor(() => expect(screen.queryByTestId("held-secret")).toBeNull());
});

test("a save that was called off saves nothing", async () => {
  await open([reports], [held]);
  vi.mocked(ipc.saveApplicationSecret).mockResolvedValueOnce(false);
  await press("secret-save");
  await waitFor(() => expect(button("secret-save").disabled).toBe(false));
  expect(screen.queryByTestId("secret-saved")).toBeNull();
});

test("a secret is asked for only after it was said that it is told once", async () => {
  await open([reports]);
  await press("application-secret");
  expect(screen.getByTestId("secret-form").textContent).toContain("only once");
  expect(document.activeElement).toBe(screen.getByTestId("secret-form-cancel"));
  await fireEvent.keyDown(screen.getByTestId("secret-form-cancel"), { key: "Escape" });
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByTestId("application-secret")),
  );
  expect(ipc.takeApplicationSecret).not.toHaveBeenCalled();
  vi.mocked(ipc.takeApplicationSecret).mockRejectedValueOnce(
    refusal("secret_told_already", "The service has told it already."),
  );
  await press("application-secret");
  await submit("secret-form");
  expect((await within(row("a-1")).findByTestId("alert")).textContent).toContain("told it already");
});

test("a secret whose answer was lost is neither there nor refused", async () => {
  await open([reports]);
  vi.mocked(ipc.takeApplicationSecret).mockRejectedValueOnce(
    refusal("not_confirmed", "It was sent."),
  );
  await press("application-secret");
  await submit("secret-form");
  expect((await within(row("a-1")).findByTestId("unclear")).textContent).toContain("Ask once more");
  expect(screen.queryByTestId("alert")).toBeNull();
});

test("a registration that is not confirmed is not sent again before the user has looked", async () => {
  await open([]);
  vi.mocked(ipc.registerApplication).mockRejectedValueOnce(
    refusal("not_confirmed", "It was sent."),
  );
  await fillIn();
  await submit("application-form");
  await screen.findByTestId("unclear");
  expect(button("application-submit").disabled).toBe(true);
  has([reports]);
  await press("unclear-look");
  await waitFor(() => expect(screen.queryByTestId("unclear")).toBeNull());
  expect(row("a-1").textContent).toContain("Reports");
});

test("a registration that waits for a vote says that it waits, and a refusal stands at the form", async () => {
  await open([]);
  let refuse: (error: ErrorView) => void = () => {};
  vi.mocked(ipc.registerApplication).mockReturnValueOnce(
    new Promise((_, reject) => (refuse = reject)),
  );
  await fillIn("all");
  expect(screen.getByTestId("application-scopes-all").textContent).toContain(
    "everything in your name",
  );
  await submit("application-form");
  expect((await screen.findByTestId("waiting")).textContent).toContain("not confirmed it yet");
  refuse(refusal("vote_rejected", "It was rejected by a vote."));
  expect(
    (await within(screen.getByTestId("application-new-sheet")).findByTestId("alert")).textContent,
  ).toContain("rejected by a vote");
  expect(ipc.takeApplicationSecret).not.toHaveBeenCalled();
});

test("an application is let in within its scopes, and the id for it is shown", async () => {
  await open([reports]);
  await press("grant-new");
  await type("grant-client", "client-1");
  await type("grant-word", "word-1");
  await type("grant-scopes", "device");
  await submit("grant-form");
  expect(ipc.letApplicationIn).toHaveBeenCalledWith("client-1", "word-1", ["device"]);
  expect((await screen.findByTestId("grant-id")).textContent).toBe("grant-1");
  expect(screen.queryByTestId("grant-form")).toBeNull();
});

test("a lock takes the secret and all the rest off the page", async () => {
  await open([reports], [held]);
  vi.mocked(ipc.showApplicationSecret).mockResolvedValueOnce(SECRET);
  await press("secret-show");
  await screen.findByTestId("secret-text");
  spoken.heard?.appChanged(view({ stage: "locked", lockedFor: "asked", revision: 9 }));
  await waitFor(() => expect(document.body.textContent).not.toContain(SECRET));
  has([reports]);
  spoken.heard?.appChanged(view({ revision: 10 }));
  await goTo("applications");
  await waitFor(() => expect(row("a-1").textContent).toContain("Reports"));
  expect(screen.queryByTestId("held-secret")).toBeNull();
});
