/** Answers that come late, or not at all, while something else has happened already. */
import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { later, type Later } from "./later";
import { goTo } from "./go";
import { device, errorView, fakeIpc, keys, pageOf, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import { Applications } from "../src/live/applications.svelte";
import { Console } from "../src/live/console.svelte";
import { CopiedToken } from "../src/live/copied.svelte";
import { Devices } from "../src/live/devices.svelte";
import { Files } from "../src/live/files.svelte";
import { Keys } from "../src/live/keys.svelte";
import { Messages } from "../src/live/messages.svelte";
import { TransferQueue } from "../src/live/transfers.svelte";
import type {
  Applications as ApplicationsView,
  Deletion,
  Devices as DevicesView,
  RowPage,
  HeldSecret,
  Keys as KeysView,
  Operation,
  Transfers,
  TransferView,
} from "../src/types";

const offline = errorView({
  code: "offline",
  message: "Not reached.",
  hint: "Check the network.",
});

const silently = () => {};

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.startedPolls).mockResolvedValue([]);
});
afterEach(() => vi.useRealTimers());

const all = (...items: TransferView[]): Transfers => ({ items, summary: summary() });
const told = (changed: TransferView[], removed: string[] = []) => ({
  changed,
  removed,
  summary: summary(),
});
const states = ({ queue }: TransferQueue) =>
  Object.fromEntries([...queue.items.values()].map(({ id, state }) => [id, state]));

test("what is told of transfers while they are read is not overwritten by the answer", async () => {
  const { answer, give } = later<Transfers>();
  vi.mocked(ipc.transfers).mockReturnValueOnce(answer);
  const transfers = new TransferQueue();
  const read = transfers.read();
  transfers.changed(told([transfer("a", { state: "done" }), transfer("new")]));
  transfers.changed(told([], ["gone"]));
  give(
    all(transfer("a", { state: "running" }), transfer("gone", { state: "failed" }), transfer("b")),
  );
  await read;
  expect(states(transfers)).toEqual({ a: "done", b: "waiting", new: "waiting" });
});

test("of two readings of the transfers the later one counts, with all that was told since", async () => {
  const [first, second] = [later<Transfers>(), later<Transfers>()];
  vi.mocked(ipc.transfers).mockReturnValueOnce(first.answer).mockReturnValueOnce(second.answer);
  const transfers = new TransferQueue();
  const reads = [transfers.read(), transfers.read()];
  transfers.changed(told([transfer("a", { state: "done" })]));
  second.give(all(transfer("a", { state: "running" }), transfer("b")));
  await reads[1];
  first.give(all(transfer("a")));
  await reads[0];
  expect(states(transfers)).toEqual({ a: "done", b: "waiting" });
});

test("what was told of transfers stays when they cannot be read", async () => {
  const { answer, refuse } = later<Transfers>();
  vi.mocked(ipc.transfers).mockReturnValueOnce(answer);
  const transfers = new TransferQueue();
  const read = transfers.read();
  transfers.changed(told([transfer("a", { state: "failed" })]));
  refuse(offline);
  await expect(read).rejects.toBe(offline);
  transfers.changed(told([transfer("b")]));
  expect(states(transfers)).toEqual({ a: "failed", b: "waiting" });
});

test("a lock discards transfers that were still being read, and the failure to read them", async () => {
  const [answered, refused] = [later<Transfers>(), later<Transfers>()];
  vi.mocked(ipc.transfers).mockReturnValueOnce(answered.answer).mockReturnValueOnce(refused.answer);
  const transfers = new TransferQueue();
  const reads = [transfers.read(), transfers.read()];
  transfers.clear();
  answered.give(all(transfer("a")));
  refused.refuse(offline);
  await Promise.all(reads);
  expect(states(transfers)).toEqual({});
});

test("what is told of transfers after a lock is not kept, and the next reading tells it", async () => {
  const transfers = new TransferQueue();
  await transfers.read();
  transfers.clear();
  transfers.changed(told([transfer("a", { state: "paused" })]));
  expect(states(transfers)).toEqual({});
  vi.mocked(ipc.transfers).mockResolvedValueOnce(all(transfer("a")));
  await transfers.read();
  transfers.changed(told([transfer("a", { state: "done" })]));
  expect(states(transfers)).toEqual({ a: "done" });
});

test("what a screen reader was told is gone from the page when the profile is left", async () => {
  vi.mocked(ipc.devices).mockResolvedValue({
    devices: [device("phone", { name: "Alice's phone", state: "requested" })],
    advised: 3,
  });
  render(App);
  await goTo("devices");
  await fireEvent.click(await screen.findByTestId("device-approve"));
  await waitFor(() => expect(document.body.textContent).toContain("“Alice's phone” was approved"));
  spoken.heard?.appChanged(view({ revision: 1, stage: "locked", profile: null }));
  await screen.findByTestId("unlock");
  expect(document.body.innerHTML).not.toContain("Alice's phone");
});

test("a secret that was put away as the profile was left is not spoken of", async () => {
  const { answer, give } = later<void>();
  vi.mocked(ipc.forgetApplicationSecret).mockReturnValueOnce(answer);
  const say = vi.fn();
  const applications = new Applications(say);
  const away = applications.putAway("a-1");
  applications.clear();
  give();
  await away;
  expect(say).not.toHaveBeenCalled();
});

test("changed keys are shown, also when they were read while they were changed", async () => {
  const [change, read] = [later<KeysView>(), later<KeysView>()];
  vi.mocked(ipc.changeKeys).mockReturnValueOnce(change.answer);
  vi.mocked(ipc.keys)
    .mockResolvedValueOnce(keys({ outdated: 1 }))
    .mockReturnValueOnce(read.answer);
  const held = new Keys();
  const changed = held.change({ kind: "rotate" }, null);
  await held.read();
  expect(held.view?.outdated).toBe(1);
  const reading = held.read();
  change.give(keys({ outdated: 2 }));
  await changed;
  read.give(keys({ outdated: 1 }));
  await reading;
  expect(held.view?.outdated).toBe(2);
});

test("a lock discards keys that were still being read, and the failure to read them", async () => {
  const [answered, refused, changed] = [later<KeysView>(), later<KeysView>(), later<KeysView>()];
  vi.mocked(ipc.keys).mockReturnValueOnce(answered.answer).mockReturnValueOnce(refused.answer);
  vi.mocked(ipc.changeKeys).mockReturnValueOnce(changed.answer);
  const held = new Keys();
  const asked = [held.read(), held.read(), held.change({ kind: "rotate" }, null)];
  held.clear();
  answered.give(keys());
  changed.give(keys());
  refused.refuse(offline);
  await Promise.all(asked);
  expect(held.view).toBeNull();
});

const deletion = { id: "d", count: 1, files: 1, versions: 1, name: "deed.txt", untilMs: 8_000 };

test("a deletion that was begun as the profile was left does not name its file on the lock screen", async () => {
  const [begun, refused] = [later<Deletion>(), later<Deletion>()];
  vi.mocked(ipc.deleteRows).mockReturnValueOnce(begun.answer).mockReturnValueOnce(refused.answer);
  const messages = new Messages();
  const deleted = [
    messages.delete([{ file: "f1" }], "a.txt"),
    messages.delete([{ file: "f2" }], "b.txt"),
  ];
  messages.clear();
  begun.give(deletion);
  refused.refuse(offline);
  await Promise.all(deleted);
  expect(messages.deletions).toEqual([]);
  expect(messages.notices.shown).toEqual([]);
});

test.each([
  ["came in time", (undo: Later<boolean>) => undo.give(true)],
  ["came too late", (undo: Later<boolean>) => undo.give(false)],
  ["failed", (undo: Later<boolean>) => undo.refuse(offline)],
])("an undo that %s after the profile was left is not spoken of", async (_, end) => {
  const undo = later<boolean>();
  vi.mocked(ipc.deleteRows).mockResolvedValueOnce(deletion);
  vi.mocked(ipc.undoDeletion).mockReturnValueOnce(undo.answer);
  const messages = new Messages();
  await messages.delete([{ file: "f1" }], "a.txt");
  const undone = messages.undo("d");
  messages.clear();
  end(undo);
  await undone;
  expect(messages.spoken).toBe("");
  expect(messages.notices.shown).toEqual([]);
});

const secret = (application: string): HeldSecret => ({
  application,
  clientId: `client of ${application}`,
});

test("a secret that is held while the list is read does not go with the older list", async () => {
  const { answer, give } = later<ApplicationsView>();
  vi.mocked(ipc.applications)
    .mockReturnValueOnce(answer)
    .mockResolvedValue({ applications: [], held: [secret("a-1")] });
  vi.mocked(ipc.takeApplicationSecret).mockResolvedValueOnce(secret("a-1"));
  const applications = new Applications(silently);
  const read = applications.read();
  await applications.takeSecret("a-1");
  give({ applications: [], held: [] });
  await read;
  expect(applications.isHeld("a-1")).toBe(true);
});

test("a secret that was put away while the list is read does not come back with the older list", async () => {
  vi.mocked(ipc.applications).mockResolvedValueOnce({ applications: [], held: [secret("a-1")] });
  const applications = new Applications(silently);
  await applications.read();
  const { answer, give } = later<ApplicationsView>();
  vi.mocked(ipc.applications)
    .mockReturnValueOnce(answer)
    .mockResolvedValue({ applications: [], held: [] });
  const read = applications.read();
  await applications.putAway("a-1");
  give({ applications: [], held: [secret("a-1")] });
  await read;
  await vi.waitFor(() => expect(applications.reading).toBe(false));
  expect(applications.isHeld("a-1")).toBe(false);
});

test("what is copied last is what the page says is copied, and nothing after the profile was left", async () => {
  const [first, second, third] = [later<number>(), later<number>(), later<number>()];
  const copied = new CopiedToken();
  const copies = [copied.copy("a", () => first.answer), copied.copy("b", () => second.answer)];
  second.give(30);
  first.give(30);
  await Promise.all(copies);
  expect(copied.view?.id).toBe("b");
  const late = copied.copy("c", () => third.answer);
  copied.clear();
  third.give(30);
  await late;
  expect(copied.view).toBeNull();
});

test("a device that was requested as the profile was left is not at hand in the next", async () => {
  const { answer, give } = later<DevicesView>();
  vi.mocked(ipc.devices).mockReturnValueOnce(answer);
  vi.mocked(ipc.requestDevice).mockResolvedValueOnce("new");
  const devices = new Devices(silently);
  const requested = devices.request("Attic");
  await vi.waitFor(() => expect(ipc.devices).toHaveBeenCalled());
  devices.clear();
  give({ devices: [device("new")], advised: 3 });
  await requested;
  expect(devices.fresh).toBeNull();
});

test("what the console is asked before the profile is left is neither spoken of nor shown afterwards", async () => {
  const [copy, read] = [later<null>(), later<Operation[]>()];
  const say = vi.fn();
  const console = new Console(say);
  await console.read();
  vi.mocked(ipc.copyOperation).mockReturnValueOnce(copy.answer);
  const copied = console.copy();
  console.clear();
  copy.give(null);
  await copied;
  expect(say).not.toHaveBeenCalled();
  const unread = new Console(say);
  vi.mocked(ipc.operations).mockReturnValueOnce(read.answer);
  const reading = unread.read();
  unread.clear();
  read.refuse(offline);
  await reading;
  expect(unread.error).toBeNull();
});

test("an error of the console is not shown to the next profile", async () => {
  vi.mocked(ipc.operations).mockRejectedValueOnce(offline);
  const console = new Console(silently);
  await console.read();
  console.clear();
  expect(console.error).toBeNull();
});

test("asks for no files after a lock, and shows no refusal to the next profile", async () => {
  vi.useFakeTimers();
  const { answer, give } = later<RowPage>();
  vi.mocked(ipc.queryRows).mockReturnValueOnce(answer).mockRejectedValue(offline);
  const files = new Files();
  files.look(0, 0);
  files.clear();
  give({
    rows: [],
    offset: 0,
    total: 0,
    totalBytes: 0,
    allFiles: 0,
    contexts: [],
    needAttention: 0,
    folders: 0,
    files: 0,
    crumbs: [],
    folderIsGone: false,
    followed: [],
  });
  files.changed();
  await vi.advanceTimersByTimeAsync(1500);
  expect(ipc.queryRows).toHaveBeenCalledTimes(1);
  expect(files.list.error).toBeNull();
  vi.mocked(ipc.queryRows).mockImplementation(pageOf(2));
  files.look(0, 0);
  await vi.advanceTimersByTimeAsync(0);
  expect(files.list.total).toBe(2);
});
