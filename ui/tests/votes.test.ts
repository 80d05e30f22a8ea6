import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import {
  activityPage,
  entry,
  errorView,
  fakeIpc,
  policies,
  poll,
  spoken,
  summary,
  transfer,
  view,
  voting,
} from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import ApprovalsScreen from "../src/approvals/ApprovalsScreen.svelte";
import { ipc } from "../src/ipc";
import { AppState } from "../src/live/app-state";
import SettingsPage from "../src/settings/SettingsPage.svelte";
import { lockout, sentence } from "../src/state/votes";
import type { Phone, Policies, Policy, Voting } from "../src/types";

const EVENT = "data_token.data_requested";
const phone: Phone = {
  id: "a",
  name: "Phone",
  script: { kind: "byHand" },
  ballots: [
    {
      poll: "p1",
      title: "Request data",
      question: "May alice have it?",
      attempt: 1,
      attempts: 2,
      expiresAt: Date.now() + 120_000,
    },
  ],
};
const policy = (over: Partial<Policy> = {}): Policy => ({
  id: "p",
  name: "Four eyes",
  template: "data",
  events: [EVENT],
  configuration: "family",
  state: "inactive",
  ...over,
});
const asked = [{ id: "a", name: "Phone" }];

const type = (id: string, value: string) =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const press = async (id: string) => fireEvent.click(await screen.findByTestId(id));

type Shown = { voting?: Voting; policies?: Policies; sandbox?: boolean };

async function begun(has: Shown): Promise<AppState> {
  vi.mocked(ipc.voting).mockResolvedValue(has.voting ?? voting());
  vi.mocked(ipc.policies).mockResolvedValue(has.policies ?? policies());
  const app = new AppState();
  await app.begin();
  await app.transfers.read();
  return app;
}

/** Shows what waits for approval. */
async function openApprovals(has: Shown = {}): Promise<void> {
  const app = await begun(has);
  render(ApprovalsScreen, {
    votes: app.votes,
    queue: app.transfers.queue,
    sandbox: has.sandbox ?? true,
  });
  await screen.findByTestId("approvals-refresh");
  await waitFor(() => expect(ipc.voting).toHaveBeenCalled());
}

/** Shows a page of the settings. */
async function open(place: "votes" | "policies", has: Shown = {}): Promise<AppState> {
  const app = await begun(has);
  const shown = view();
  if (has.sandbox === false)
    shown.connection = { kind: "service", label: "elsewhere", addresses: null };
  render(SettingsPage, { app, view: shown, place, onplace: () => {} });
  await screen.findByTestId(place === "votes" ? "rules-change" : "configuration-new");
  return app;
}

beforeEach(() => {
  vi.clearAllMocks();
  vi.mocked(ipc.phones).mockResolvedValue([]);
  vi.mocked(ipc.activity).mockResolvedValue(activityPage());
});

test("a policy is said in a sentence", () => {
  const rules = { quorum: 2, attempts: 2 };
  const known = voting({ rules });
  expect(sentence(policy(), policies(), known)).toBe(
    "Before downloading a file, ask all authenticators for one yes, within 5 minutes, up to 2 times. " +
      "At least 2 must answer.",
  );
  expect(sentence(policy({ events: [EVENT, "data_token.archived"] }), policies(), known)).toContain(
    "Before downloading a file or “Archive data”,",
  );
  expect(sentence(policy({ configuration: "gone" }), policies(), known)).toContain("ask by “gone”");
});

test("what could lock the user out is found, and what could not is not", () => {
  expect(lockout(policy(), voting())[0]).toContain("no authenticator");
  expect(
    lockout(policy(), voting({ authenticators: asked, rules: { quorum: 2, attempts: 1 } }))[0],
  ).toContain("2 must answer, but it asks only 1");
  const configurations = [
    { name: "family", seconds: 300, counting: { kind: "one" as const }, devices: ["other"] },
  ];
  expect(lockout(policy(), voting({ authenticators: asked, configurations }))[0]).toContain(
    "None of the devices",
  );
  expect(lockout(policy(), voting({ authenticators: asked }))).toEqual([]);
  expect(lockout(policy(), voting({ authenticators: null }))).toEqual([]);
});

test("a policy is made from a template, its events and a voting configuration, with a preview", async () => {
  await open("policies", { voting: voting({ authenticators: asked }) });
  await press("policy-new");
  expect(screen.getByTestId<HTMLButtonElement>("policy-submit").disabled).toBe(true);
  await type("policy-name", " Four eyes ");
  await press(`event-${EVENT}`);
  expect((await screen.findByTestId("policy-preview")).textContent).toContain(
    "Before downloading a file",
  );
  expect(screen.queryByTestId("policy-warning")).toBeNull();
  await fireEvent.submit(screen.getByTestId("policy-form"));
  expect(ipc.registerPolicy).toHaveBeenCalledWith({
    name: "Four eyes",
    template: "data",
    events: [EVENT],
    configuration: "family",
    reason: "",
  });
  await waitFor(() => expect(screen.queryByTestId("policy-sheet")).toBeNull());
});

test("a policy that could lock the user out is put into force only after it was said", async () => {
  await open("policies", { policies: policies({ policies: [policy()] }) });
  await press("policy-activate");
  expect((await screen.findByTestId("policy-warning")).textContent).toContain("locked out");
  expect(ipc.changePolicy).not.toHaveBeenCalled();
  await press("policy-activate");
  expect(ipc.changePolicy).toHaveBeenCalledWith("p", "activate");
});

test("where the service does not tell its voting configurations, none is said to be missing", async () => {
  await open("policies", { voting: voting({ configurations: null }) });
  expect(screen.getByTestId("policy-untold").textContent).toContain("has not reported");
  expect(screen.queryByTestId("policy-needs")).toBeNull();
});

test("deleting is asked about once, with what is not documented of it", async () => {
  await open("policies", { policies: policies({ policies: [policy({ state: "active" })] }) });
  await press("policy-delete");
  expect(screen.getByTestId("policy").textContent).toContain("does not document deleting");
  expect(ipc.changePolicy).not.toHaveBeenCalled();
  await press("policy-delete");
  expect(ipc.changePolicy).toHaveBeenCalledWith("p", "delete");
});

test("a refusal stands at the policy it is about", async () => {
  await open("policies", {
    voting: voting({ authenticators: asked }),
    policies: policies({ policies: [policy()] }),
  });
  vi.mocked(ipc.changePolicy).mockRejectedValueOnce(
    errorView({ code: "rejected", message: "No.", hint: "What to do." }),
  );
  await press("policy-activate");
  expect((await within(screen.getByTestId("policy")).findByTestId("alert")).textContent).toContain(
    "What to do.",
  );
});

test("a question is answered on the simulated phone", async () => {
  vi.mocked(ipc.phones).mockResolvedValue([phone]);
  await openApprovals({ voting: voting({ authenticators: asked }) });
  await screen.findByTestId("ballot");
  expect(screen.getByTestId("poll").textContent).toContain("May alice have it?");
  vi.mocked(ipc.phones).mockResolvedValue([{ ...phone, ballots: [] }]);
  await press("ballot-yes");
  expect(ipc.answerOnPhone).toHaveBeenCalledWith("a", "p1", "yes");
  await waitFor(() => expect(screen.queryByTestId("ballot")).toBeNull());
});

test("a phone that is switched off cannot answer, and can be told otherwise", async () => {
  vi.mocked(ipc.phones).mockResolvedValue([{ ...phone, script: { kind: "silent" } }]);
  await openApprovals();
  expect((await screen.findByTestId("ballot")).textContent).toContain("Phone is switched off");
  expect(screen.queryByTestId("ballot-yes")).toBeNull();
  cleanup();
  await open("votes");
  await screen.findByTestId("phone");
  await fireEvent.change(screen.getByTestId("phone-script"), { target: { value: "alwaysNo" } });
  expect(ipc.setPhoneScript).toHaveBeenCalledWith("a", { kind: "always", vote: "no" });
});

test("with a service elsewhere there are no simulated phones", async () => {
  await open("votes", { sandbox: false });
  expect(screen.queryByTestId("phones")).toBeNull();
  expect(ipc.phones).not.toHaveBeenCalled();
});

test("what the service does not tell is said, and the rest is there", async () => {
  await open("votes", { voting: voting({ authenticators: null }) });
  expect(screen.getByTestId("votes").textContent).toContain("Not reported by the service.");
  cleanup();
  await open("policies", { voting: voting({ authenticators: null }) });
  expect(screen.getByTestId("configuration").textContent).toContain("family");
});

test("a held transfer shows its vote under the name of its file", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(poll("c1"));
  vi.mocked(ipc.transfers).mockResolvedValueOnce({
    items: [transfer("t", { state: "held", poll: "c1", name: "deed.txt", direction: "download" })],
    summary: summary({ held: 1 }),
  });
  await openApprovals();
  const row = await screen.findByTestId("poll");
  expect(row.querySelector("b")?.textContent).toBe("Save “deed.txt”");
  await waitFor(() =>
    expect(within(row).getByTestId("poll-line").textContent).toMatch(
      /1 yes, 0 no, 1 outstanding · (2:00|1:59) left · attempt 1 of 2/,
    ),
  );
  await fireEvent.click(within(row).getByTestId("poll-details"));
  expect(row.textContent).toContain("May alice have it?");
});

test("a held command shows its vote among the polls, as soon as it is held", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(poll("c-1", { question: "May the phone join?" }));
  await openApprovals();
  expect(await screen.findByTestId("polls-none")).toBeTruthy();
  vi.mocked(ipc.activity).mockResolvedValue(
    activityPage(entry(1, { state: "held", outcome: "held" })),
  );
  spoken.heard?.activityChanged();
  const row = await screen.findByTestId("poll");
  expect(row.textContent).toContain("Approve a device");
  await fireEvent.click(within(row).getByTestId("poll-details"));
  await waitFor(() => expect(row.textContent).toContain("May the phone join?"));
});

test("all that the simulated phones are asked is approved at once", async () => {
  const ballots = ["p1", "p2", "p3"].map((poll) => ({ ...phone.ballots[0]!, poll }));
  vi.mocked(ipc.phones).mockResolvedValue([{ ...phone, ballots }]);
  vi.mocked(ipc.answerOnPhone).mockImplementation((_, id) =>
    id === "p2"
      ? Promise.reject(errorView({ code: "refused", message: "Not this one.", hint: "" }))
      : Promise.resolve(true),
  );
  await openApprovals();
  const all = await screen.findByTestId("approve-all");
  expect(all.textContent).toContain("Approve all 3");
  await fireEvent.click(all);
  expect(
    vi
      .mocked(ipc.answerOnPhone)
      .mock.calls.map(([, id]) => id)
      .sort(),
  ).toEqual(["p1", "p2", "p3"]);
  // One that was refused is said; the others are approved.
  expect((await screen.findByTestId("alert")).textContent).toContain("Not this one.");
});

test("a question of one's own is asked and followed", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(
    poll("poll-1", { state: "rejected", question: "The car?" }),
  );
  await openApprovals();
  vi.mocked(ipc.startedPolls).mockResolvedValue(["poll-1"]);
  await press("ask");
  await type("ask-question", "The car?");
  await fireEvent.submit(screen.getByTestId("ask-form"));
  expect(ipc.startPoll).toHaveBeenCalledWith("family", "Question", "The car?");
  expect((await screen.findByTestId("poll")).textContent).toContain("Rejected by vote");
  expect(screen.queryByTestId("ask-sheet")).toBeNull();
});

test("a rule is made in one go: who is asked, the policy, and its activation", async () => {
  await open("votes", { voting: voting({ authenticators: asked }) });
  await press("rule-new");
  await fireEvent.change(screen.getByTestId("rule-who"), { target: { value: "unanimous" } });
  await fireEvent.submit(screen.getByTestId("rule-form"));
  await waitFor(() => expect(ipc.changePolicy).toHaveBeenCalledWith("policy-1", "activate"));
  const name = "a yes from all who answer, 5 min";
  expect(ipc.saveVotingConfiguration).toHaveBeenCalledWith({
    name,
    seconds: 300,
    counting: { kind: "unanimous" },
    devices: [],
  });
  expect(ipc.registerPolicy).toHaveBeenCalledWith({
    name: "Approval for downloading a file",
    template: "data",
    events: [EVENT],
    configuration: name,
    reason: "",
  });
  await waitFor(() => expect(screen.queryByTestId("rule-sheet")).toBeNull());
});

test("a rule whose activation fails says what there is, and is activated by the next try alone", async () => {
  await open("votes", { voting: voting({ authenticators: asked }) });
  vi.mocked(ipc.changePolicy).mockRejectedValueOnce(
    errorView({ code: "refused", message: "No.", hint: "" }),
  );
  await press("rule-new");
  await fireEvent.submit(screen.getByTestId("rule-form"));
  expect((await screen.findByTestId("rule-partial")).textContent).toContain(
    "The rule was saved, but it is not in force.",
  );
  await fireEvent.submit(screen.getByTestId("rule-form"));
  await waitFor(() => expect(screen.queryByTestId("rule-sheet")).toBeNull());
  expect(ipc.registerPolicy).toHaveBeenCalledTimes(1);
  expect(ipc.changePolicy).toHaveBeenCalledTimes(2);
  // One yes within five minutes is what “family” asks for already.
  expect(ipc.saveVotingConfiguration).not.toHaveBeenCalled();
});

test("a rule whose saving is not confirmed is looked for before it is saved again", async () => {
  const app = await open("votes", { voting: voting({ authenticators: asked }) });
  vi.mocked(ipc.registerPolicy).mockRejectedValueOnce(
    errorView({ code: "not_confirmed", message: "Not confirmed.", hint: "" }),
  );
  await press("rule-new");
  await fireEvent.submit(screen.getByTestId("rule-form"));
  await screen.findByTestId("rule-partial");
  vi.mocked(ipc.policies).mockResolvedValue(
    policies({ policies: [policy({ id: "p-9", name: "Approval for downloading a file" })] }),
  );
  await fireEvent.submit(screen.getByTestId("rule-form"));
  await waitFor(() => expect(ipc.changePolicy).toHaveBeenCalledWith("p-9", "activate"));
  expect(ipc.registerPolicy).toHaveBeenCalledTimes(1);
  expect(app.votes.policies?.policies?.length).toBe(1);
});

test("a rule that nobody could approve says so before it is made", async () => {
  await open("votes");
  await press("rule-new");
  expect(screen.getByTestId("rule-warning").textContent).toContain("no authenticator");
  expect(screen.getByTestId("rule-submit").textContent).toContain("anyway");
});

test("a sheet takes the focus, and gives it back to what opened it", async () => {
  await open("policies");
  const opener = screen.getByTestId("configuration-new");
  opener.focus();
  await fireEvent.click(opener);
  await waitFor(() =>
    expect(document.activeElement).toBe(screen.getByTestId("configuration-name")),
  );
  await fireEvent.click(screen.getByTestId("configuration-sheet-close"));
  await waitFor(() => expect(document.activeElement).toBe(opener));
});

test("nothing of one profile is seen by the next", async () => {
  const app = await open("policies");
  expect(screen.getByTestId("configuration")).toBeTruthy();
  vi.mocked(ipc.voting).mockReturnValue(new Promise(() => {}));
  app.leave();
  await waitFor(() => expect(screen.queryByTestId("configuration")).toBeNull());
  void app.votes.read();
  expect(screen.getByTestId("policies").textContent).toContain("Asking the service");
});
