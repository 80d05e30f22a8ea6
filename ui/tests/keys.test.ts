import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, keys, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { Keys, PinAlarm } from "../src/types";

const SHARED = {
  name: "team",
  fingerprint: "3f9c27d1a40b8e65",
  madeAt: 0,
  files: 2,
  contexts: ["documents"],
};
const ANNA = {
  key: "age1anna",
  fingerprint: "age1anna",
  short: "age1…nna",
  label: "Anna",
  context: null,
};
const SECRET = "00".repeat(32);

const input = (id: string) => screen.getByTestId<HTMLInputElement>(id);
const type = (id: string, value: string) => fireEvent.input(input(id), { target: { value } });
const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));

async function open(now: Keys = keys()): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.keys).mockResolvedValue(now);
  render(App);
  await goTo("security");
  await screen.findAllByTestId("application-key");
}

beforeEach(() => vi.clearAllMocks());

test("a new application key asks for the passphrase, and older files can be sealed again", async () => {
  await open(keys({ needsPassphrase: true }));
  expect(screen.queryByTestId("reseal-all")).toBeNull();
  await press("rotate");
  await fireEvent.submit(screen.getByTestId("rotate-form"));
  expect(ipc.changeKeys).not.toHaveBeenCalled();
  await type("rotate-form-passphrase", "correct horse");
  const older = { fingerprint: "SHA256:old", isNewest: false, files: 3 };
  const rotated = keys({
    application: [{ fingerprint: "SHA256:new", isNewest: true, files: 0 }, older],
    outdated: 3,
  });
  vi.mocked(ipc.changeKeys).mockResolvedValue(rotated);
  vi.mocked(ipc.keys).mockResolvedValue(rotated);
  await fireEvent.submit(screen.getByTestId("rotate-form"));
  expect(ipc.changeKeys).toHaveBeenCalledWith({ kind: "rotate" }, "correct horse");
  await waitFor(() => expect(screen.queryByTestId("rotate-form")).toBeNull());
  expect(screen.getAllByTestId("application-key").map((key) => key.textContent)).toEqual([
    "SHA256:new",
    "SHA256:old",
  ]);
  vi.mocked(ipc.resealOutdated).mockResolvedValue(3);
  await press("reseal-all");
  expect((await screen.findByTestId("reseal-queued")).textContent).toContain("3");
});

test("what was typed for an import is wiped whatever comes of it", async () => {
  await open();
  await press("import-shared-key");
  await type("shared-key-name", "team");
  await type("shared-key-text", SECRET);
  expect(input("shared-key-text").type).toBe("password");
  const refusal = { code: "bad_shared_key", message: "This is not a shared key.", hint: "" };
  vi.mocked(ipc.changeKeys).mockRejectedValueOnce(errorView(refusal));
  await fireEvent.submit(screen.getByTestId("shared-key-form"));
  expect(ipc.changeKeys).toHaveBeenCalledWith({ kind: "import", name: "team", key: SECRET }, null);
  expect((await screen.findByTestId("alert")).textContent).toContain("not a shared key");
  expect(input("shared-key-text").value).toBe("");
  expect(input("shared-key-name").value).toBe("team");
});

test("a shared key is exported by the shell, and removed only after it was said what that means", async () => {
  await open(keys({ shared: [SHARED] }));
  expect(screen.getByTestId("shared-key").textContent).toContain("documents");
  await press("export-shared-key");
  expect(ipc.exportSharedKey).toHaveBeenCalledWith("team");
  await press("remove-shared-key");
  expect(screen.getByTestId("shared-key-form").textContent).toContain(
    "does not open on this machine any more",
  );
  expect(ipc.changeKeys).not.toHaveBeenCalled();
  await fireEvent.submit(screen.getByTestId("shared-key-form"));
  expect(ipc.changeKeys).toHaveBeenCalledWith({ kind: "remove", name: "team" }, null);
});

test("a recipient is added for all files or for one context, and removed", async () => {
  await open(keys({ recipients: [ANNA] }));
  await press("add-recipient");
  await type("recipient-key", "ssh-rsa AAAA bob@desk");
  await type("recipient-context", " work ");
  await fireEvent.submit(screen.getByTestId("recipient-form"));
  expect(ipc.addRecipient).toHaveBeenCalledWith("ssh-rsa AAAA bob@desk", "", "work");
  vi.mocked(ipc.keys).mockResolvedValue(keys({ recipients: [ANNA] }));
  spoken.heard?.appChanged(view({ revision: 1 }));
  await press("remove-recipient");
  expect(ipc.removeRecipient).toHaveBeenCalledWith("age1anna", null);
});

test("how files of a label are encrypted is chosen beside it once there is a shared key", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.keys).mockResolvedValue(keys({ shared: [SHARED] }));
  render(App);
  await fireEvent.click(await screen.findByTestId("store-in"));
  const form = await screen.findByTestId<HTMLSelectElement>("context-form");
  expect(form.value).toBe("team");
  await fireEvent.change(form, { target: { value: "" } });
  expect(ipc.setContextKey).toHaveBeenCalledWith("documents", null);
  await waitFor(() => expect(screen.queryByTestId("context-form")).toBeNull());
});

test("the details say who can open a file, and seal it again", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.keys).mockResolvedValue(keys());
  vi.mocked(ipc.openers).mockResolvedValue({
    keys: [
      {
        kind: "applicationKey",
        name: null,
        fingerprint: "SHA256:old",
        short: "SHA256:o…",
        isCurrent: false,
      },
      {
        kind: "recipient",
        name: "Anna",
        fingerprint: "age1anna",
        short: "age1…nna",
        isCurrent: true,
      },
    ],
    isOutdated: true,
    sealedAt: null,
  });
  render(App);
  await fireEvent.click((await screen.findAllByTestId("file-row"))[0] as HTMLElement);
  await waitFor(() => expect(screen.getByTestId("opened-by").textContent).toContain("Anna"));
  expect(screen.getByTestId("opened-by").textContent).toContain("no longer used for new files");
  await press("reseal");
  expect(ipc.resealFiles).toHaveBeenCalledWith(["f0"], false);
  await fireEvent.click(screen.getAllByTestId("file-row")[2] as HTMLElement, { ctrlKey: true });
  await press("reseal");
  expect(ipc.resealFiles).toHaveBeenCalledWith(["f0", "f2"], false);
  const going = transfer("1", { direction: "reseal", state: "running" });
  spoken.heard?.transfersChanged({
    changed: [going],
    removed: [],
    summary: summary({ running: 1 }),
  });
  await waitFor(() => expect(screen.getByTestId("transfers-strip").textContent).toBeTruthy());
});

test("a file without a receipt says that who can open it is unknown, and how to change that", async () => {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.openers).mockResolvedValue({ sealedAt: null, keys: [], isOutdated: true });
  render(App);
  await fireEvent.click((await screen.findAllByTestId("file-row"))[0] as HTMLElement);
  await waitFor(() => expect(screen.getByTestId("opened-by").textContent).toContain("no receipt"));
  expect(screen.getByTestId("opened-by").textContent).not.toContain("other keys");
});

const alarm = (key: PinAlarm["key"], pinned: string | null = "SHA256:before"): PinAlarm => ({
  key,
  pinned,
  pinnedAt: pinned ? Date.UTC(2026, 1, 1) : 0,
  seen: `SHA256:${key}-now`,
  seenAt: Date.UTC(2026, 10, 1),
});
/** Goes to where the keys are compared; answers what the banner said. */
const alarmed = async (...alarms: PinAlarm[]): Promise<string> => {
  vi.mocked(ipc.appView).mockResolvedValue(view({ alarms }));
  vi.mocked(ipc.keys).mockResolvedValue(keys());
  render(App);
  const banner = (await screen.findByTestId("key-alarm")).textContent;
  await press("compare-keys");
  await screen.findAllByTestId("pinned");
  return banner;
};

test.each(["engine", "profile"] as const)(
  "the service is not accused of another %s key when the remembered one is lost",
  async (key) => {
    const banner = await alarmed(alarm(key, null));
    const said = banner + document.body.textContent;
    expect(banner).toContain("A remembered key is lost");
    expect(banner).toContain("compared the fingerprints");
    expect(screen.getByTestId("pinned").textContent).toContain("lost");
    expect(said).not.toMatch(/has changed|another key than|1970|None has been seen/);
    expect([...document.querySelectorAll("code")].filter((code) => !code.textContent)).toEqual([]);
    expect(screen.getByTestId("pin-lost").textContent).toContain("is lost");
    await press("accept-key");
    expect(ipc.acceptKey).toHaveBeenCalledExactlyOnceWith(key, `SHA256:${key}-now`);
    await goTo("profile");
    expect((await screen.findByTestId("pin-lost")).textContent).toContain("is lost");
    expect(document.body.textContent).not.toContain("None has been seen");
  },
);

test("a key that has changed is told as that, also beside one that is lost", async () => {
  const banner = await alarmed(alarm("engine"), alarm("profile", null));
  expect(banner).toContain("another key than before");
  expect(screen.getByTestId("alarm-engine").textContent).toContain("The engine key has changed");
  expect(screen.getByTestId("alarm-engine").textContent).toContain("SHA256:before");
  expect(screen.getByTestId("alarm-profile").textContent).not.toContain("has changed");
});
