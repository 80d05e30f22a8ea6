import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
import { errorView, fakeIpc, spoken, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { Code, Directories, Directory, OpenDirectory, Person } from "../src/types";

const engines: Directory = { id: "d1", name: "Engines & Co.", shortName: "engines", createdAt: 0 };
const club: Directory = { id: "d2", name: "Chess club", shortName: "chess", createdAt: 0 };
const invitation = { directory: "d3", name: "Harbour", invitedAt: 0 };

const person = (id: string, over: Partial<Person> = {}): Person => ({
  id,
  username: `${id}@example.com`,
  givenName: null,
  familyName: null,
  membership: "member",
  devices: 2,
  storageDevices: 1,
  ...over,
});
const bob = person("bob");
const grace = person("grace", { givenName: "Grace", familyName: "Hopper" });

const all = (over: Partial<Directories> = {}): Directories => ({
  owned: [engines],
  assigned: [],
  invitations: [],
  mark: "not documented by the service; may be refused",
  ...over,
});
const one = (over: Partial<OpenDirectory> = {}): OpenDirectory => ({
  directory: engines,
  meta: "{}",
  people: [bob, grace],
  devices: [{ id: "attic", name: "Attic NAS", state: "approved", person: "bob" }],
  pools: [],
  own: null,
  ...over,
});

const type = (id: string, value: string) =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const press = (id: string) => fireEvent.click(screen.getByTestId(id));
const has = (directories: Directories) => vi.mocked(ipc.directories).mockResolvedValue(directories);
const row = (id: string) =>
  document.querySelector<HTMLElement>(`[data-person="${id}"]`) as HTMLElement;
const refusal = (code: Code, message: string) => errorView({ code, message, hint: "What to do." });

async function open(directories: Directories): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  has(directories);
  render(App);
  await goTo("directories");
  await screen.findByTestId("directory-new");
}

async function inside(
  opened: OpenDirectory = one(),
  directories: Directories = all(),
): Promise<void> {
  vi.mocked(ipc.directory).mockResolvedValue(opened);
  await open(directories);
  await fireEvent.click((await screen.findAllByTestId("directory-open"))[0] as HTMLElement);
  await screen.findByText(opened.directory.id);
}

beforeEach(() => vi.clearAllMocks());

test("without a directory it is said what one is for, and the first is made", async () => {
  await open(all({ owned: [] }));
  expect(screen.getByTestId("directories-none").textContent).toContain("for a team");
  expect(screen.getByTestId("directories-mark").textContent).toContain("does not document");
  await press("directory-new");
  await type("directory-name", " Engines & Co. ");
  await type("directory-short-name", "engines");
  has(all());
  await press("directory-make");
  expect(ipc.makeDirectory).toHaveBeenCalledWith("Engines & Co.", "engines");
  await screen.findByTestId("directory");
  expect(screen.queryByTestId("directories-none")).toBeNull();
  await waitFor(() => expect(screen.queryByTestId("directory-form")).toBeNull());
  expect(screen.getByText("“Engines & Co.” was made")).toBeTruthy();
});

test("what the service does not tell is not said to be nothing", async () => {
  await open(all({ owned: null, assigned: null, invitations: null }));
  expect(screen.getAllByText("Not reported by the service.")).toHaveLength(3);
  expect(screen.queryByTestId("directories-none")).toBeNull();
});

test("a name that is taken is refused and stays", async () => {
  await open(all());
  vi.mocked(ipc.makeDirectory).mockRejectedValueOnce(
    refusal("conflict", "The service has something by this name already."),
  );
  await press("directory-new");
  await type("directory-name", "Engines");
  await type("directory-short-name", "engines");
  await press("directory-make");
  await screen.findByTestId("alert");
  expect(screen.getByTestId<HTMLInputElement>("directory-short-name").value).toBe("engines");
});

test("an invitation is accepted, and the directory is one the profile belongs to", async () => {
  await open(all({ invitations: [invitation] }));
  has(all({ assigned: [club] }));
  await press("invitation-accept");
  expect(ipc.answerInvitation).toHaveBeenCalledWith("d3", true);
  await waitFor(() => expect(screen.queryByTestId("invitation")).toBeNull());
  expect(screen.getByText("Chess club")).toBeTruthy();
});

test("an answer that is not confirmed is not given twice before the user has looked", async () => {
  await open(all({ invitations: [invitation] }));
  vi.mocked(ipc.answerInvitation).mockRejectedValueOnce(refusal("not_confirmed", "It was sent."));
  await press("invitation-decline");
  await screen.findByTestId("unclear");
  expect(screen.getByTestId<HTMLButtonElement>("invitation-accept").disabled).toBe(true);
  await press("unclear-look");
  await waitFor(() => expect(screen.queryByTestId("unclear")).toBeNull());
  expect(screen.getByTestId<HTMLButtonElement>("invitation-accept").disabled).toBe(false);
});

test("while a vote may hold it, it goes on and says so", async () => {
  await inside();
  vi.mocked(ipc.changeDirectory).mockReturnValueOnce(new Promise(() => {}));
  await press("invite-new");
  await type("invite-id", " carol ");
  await press("invite-submit");
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", { kind: "invite", person: "carol" });
  expect((await screen.findByTestId("waiting")).textContent).toContain("Inviting…");
  await goTo("security");
  await goTo("directories");
  expect((await screen.findByTestId("waiting")).textContent).toContain("Inviting…");
});

test("a password is set only after it was said what that means, and is not kept", async () => {
  await inside();
  await fireEvent.click(within(row("grace")).getByTestId("person-password"));
  expect(screen.getByTestId("person-form").textContent).toContain("cannot be undone");
  await fireEvent.keyDown(screen.getByTestId("person-new-password"), { key: "Escape" });
  await waitFor(() => expect(screen.queryByTestId("person-form")).toBeNull());
  expect(document.activeElement).toBe(within(row("grace")).getByTestId("person-password"));
  expect(ipc.changeDirectory).not.toHaveBeenCalled();
  await fireEvent.click(within(row("grace")).getByTestId("person-password"));
  await type("person-new-password", "another one");
  await fireEvent.submit(screen.getByTestId("person-form"));
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "setPassword",
    person: "grace",
    password: "another one",
  });
  expect((await within(row("grace")).findByTestId("directory-done")).textContent).toBe(
    "“Grace Hopper” signs in with the new password from now on",
  );
  expect(document.body.innerHTML).not.toContain("another one");
});

test("a refusal stands at the person it is about", async () => {
  await inside();
  vi.mocked(ipc.changeDirectory).mockRejectedValueOnce(
    refusal("rejected", "The service rejected the command."),
  );
  await fireEvent.click(within(row("bob")).getByTestId("person-password"));
  await type("person-new-password", "x");
  await fireEvent.submit(screen.getByTestId("person-form"));
  expect((await within(row("bob")).findByTestId("alert")).textContent).toContain("What to do.");
  expect(within(row("grace")).queryByTestId("alert")).toBeNull();
});

test("of a name only what is another one is sent", async () => {
  await inside();
  await fireEvent.click(within(row("grace")).getByTestId("person-name"));
  expect(screen.getByTestId<HTMLButtonElement>("person-form-submit").disabled).toBe(true);
  await type("person-family", "Murray");
  await fireEvent.submit(screen.getByTestId("person-form"));
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "rename",
    person: "grace",
    givenName: null,
    familyName: "Murray",
  });
});

test("a profile is made for somebody, and its password leaves the page with it", async () => {
  await inside();
  await press("person-new");
  for (const [id, value] of [
    ["new-given", "Alan"],
    ["new-family", "Turing"],
    ["new-username", "alan"],
    ["new-password", "secret word"],
  ] as const)
    await type(id, value);
  vi.mocked(ipc.changeDirectory).mockRejectedValueOnce(
    refusal("conflict", "The service has something by this name already."),
  );
  await press("new-submit");
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "addPerson",
    givenName: "Alan",
    familyName: "Turing",
    username: "alan",
    password: "secret word",
  });
  await screen.findByTestId("alert");
  expect(screen.getByTestId<HTMLInputElement>("new-password").value).toBe("");
  expect(screen.getByTestId<HTMLInputElement>("new-username").value).toBe("alan");
});

test("devices say whose they are, are set up for people and made to store", async () => {
  await inside();
  expect(screen.getByTestId("directory-device").textContent).toContain("of bob@example.com");
  await press("device-store");
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "addStorage",
    person: "bob",
    device: "attic",
  });
  expect((await screen.findByTestId("directory-done")).textContent).toContain("stores from now on");
  expect(screen.queryByTestId("device-store")).toBeNull();
  await fireEvent.click(within(row("grace")).getByTestId("person-device"));
  await type("person-device-name", "Laptop");
  await fireEvent.submit(screen.getByTestId("person-form"));
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "addDevice",
    person: "grace",
    name: "Laptop",
  });
});

test("a pool is made of members only, and pools that are not told are not said to be none", async () => {
  await inside(one({ pools: null, people: [bob, person("carol", { membership: "invited" })] }));
  expect(screen.getByTestId("pools-untold").textContent).toContain("has no list of pools");
  expect(within(row("carol")).queryByTestId("person-password")).toBeNull();
  await press("pool-new");
  expect(screen.getAllByTestId("pool-person")).toHaveLength(1);
  await type("pool-name", "Board");
  expect(screen.getByTestId<HTMLButtonElement>("pool-submit").disabled).toBe(true);
  await press("pool-person");
  vi.mocked(ipc.directory).mockResolvedValue(one({ pools: [{ name: "Board", people: ["bob"] }] }));
  await press("pool-submit");
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "addPool",
    name: "Board",
    people: ["bob"],
  });
  expect((await screen.findByTestId("pool")).textContent).toContain("bob@example.com");
});

test("only a JSON object is kept with a directory", async () => {
  await inside();
  await press("meta-edit");
  await type("meta", "[1]");
  expect(screen.getByTestId<HTMLButtonElement>("meta-submit").disabled).toBe(true);
  await type("meta", '{ "floor": 2 }');
  await press("meta-submit");
  expect(ipc.changeDirectory).toHaveBeenCalledWith("d1", {
    kind: "storeMeta",
    meta: '{ "floor": 2 }',
  });
});

test("who belongs to a directory sees it and themselves, and nothing to do", async () => {
  await inside(
    one({ directory: club, people: null, devices: null, pools: null, own: bob }),
    all({ owned: [], assigned: [club] }),
  );
  expect(screen.getByTestId("own-person").textContent).toContain("bob@example.com");
  for (const id of ["invite-new", "person-new", "pool-new", "meta-edit", "person-password"])
    expect(screen.queryByTestId(id)).toBeNull();
  await press("directory-back");
  await screen.findByTestId("directory-new");
});

test("a directory that is gone can be left and asked for again", async () => {
  await open(all());
  vi.mocked(ipc.directory).mockRejectedValueOnce(
    refusal("not_found", "The service does not know this any more."),
  );
  await press("directory-open");
  await screen.findByTestId("alert");
  vi.mocked(ipc.directory).mockResolvedValue(one());
  await press("directory-place-retry");
  await screen.findByText("d1");
  expect(document.activeElement).toBe(screen.getByTestId("directory-back"));
  await press("directory-back");
  await screen.findByTestId("directory");
  await waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("directory-open")));
});

test("nothing of one profile is seen or heard by the next", async () => {
  await inside();
  let done: () => void = () => {};
  vi.mocked(ipc.changeDirectory).mockReturnValueOnce(
    new Promise((resolve) => (done = () => resolve(null))),
  );
  await press("invite-new");
  await type("invite-id", "carol");
  await press("invite-submit");
  spoken.heard?.appChanged(view({ revision: 1, stage: "locked", profile: null }));
  await screen.findByTestId("unlock");
  vi.mocked(ipc.directories).mockReturnValue(new Promise(() => {}));
  spoken.heard?.appChanged(view({ revision: 2, profile: "bob" }));
  await goTo("directories");
  done();
  await waitFor(() =>
    expect(screen.getByTestId("directories").textContent).toContain("Asking the service"),
  );
  expect(document.body.textContent).not.toContain("was invited");
  expect(document.body.textContent).not.toContain("Engines");
  vi.mocked(ipc.directories).mockResolvedValue(all());
  await goTo("security");
  await goTo("directories");
  await fireEvent.click(await screen.findByTestId("directory-open"));
  await screen.findByText("d1");
  expect(screen.queryByTestId("directory-done")).toBeNull();
});
