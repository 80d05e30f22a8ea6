import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { goTo } from "./go";
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

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
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

async function open(
  place: "votes" | "policies",
  has: { voting?: Voting; policies?: Policies; sandbox?: boolean } = {},
): Promise<void> {
  const shown = view();
  if (has.sandbox === false)
    shown.connection = { kind: "service", label: "elsewhere", addresses: null };
  vi.mocked(ipc.appView).mockResolvedValue(shown);
  vi.mocked(ipc.voting).mockResolvedValue(has.voting ?? voting());
  vi.mocked(ipc.policies).mockResolvedValue(has.policies ?? policies());
  render(App);
  await goTo(place);
  await screen.findByTestId(place === "votes" ? "configuration-form" : "policies");
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
    "When data is requested, ask all authenticators for one yes, within 5 minutes, up to 2 times. " +
      "At least 2 must answer.",
  );
  expect(sentence(policy({ events: [EVENT, "data_token.archived"] }), policies(), known)).toContain(
    "When data is requested or “Archive data” is asked for,",
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
  expect(screen.getByTestId<HTMLButtonElement>("policy-submit").disabled).toBe(true);
  await type("policy-name", " Four eyes ");
  await press(`event-${EVENT}`);
  expect((await screen.findByTestId("policy-preview")).textContent).toContain(
    "When data is requested",
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
  await waitFor(() => expect(screen.getByTestId<HTMLInputElement>("policy-name").value).toBe(""));
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
  expect(screen.getByTestId("policy-untold").textContent).toContain("does not tell");
  expect(screen.queryByTestId("policy-needs")).toBeNull();
});

test("deleting is asked about once, with what is not documented of it", async () => {
  await open("policies", { policies: policies({ policies: [policy({ state: "active" })] }) });
  await press("policy-delete");
  expect(screen.getByTestId("policy").textContent).toContain(
    "not documented by the service; may be refused",
  );
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
  await open("votes", { voting: voting({ authenticators: asked }) });
  expect((await screen.findByTestId("ballot")).textContent).toContain("May alice have it?");
  vi.mocked(ipc.phones).mockResolvedValue([{ ...phone, ballots: [] }]);
  await press("ballot-yes");
  expect(ipc.answerOnPhone).toHaveBeenCalledWith("a", "p1", "yes");
  await waitFor(() => expect(screen.queryByTestId("ballot")).toBeNull());
});

test("a phone that is switched off cannot answer, and can be told otherwise", async () => {
  vi.mocked(ipc.phones).mockResolvedValue([{ ...phone, script: { kind: "silent" } }]);
  await open("votes");
  expect((await screen.findByTestId("ballot")).textContent).toContain("Switched off");
  expect(screen.queryByTestId("ballot-yes")).toBeNull();
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
  expect(screen.getByTestId("votes").textContent).toContain("The service does not tell.");
  expect(screen.getByTestId("configuration").textContent).toContain("family");
});

test("a held transfer shows its vote, in the list of transfers and among the polls", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(poll("c1"));
  vi.mocked(ipc.transfers).mockResolvedValueOnce({
    items: [transfer("t", { state: "held", poll: "c1", name: "deed.txt" })],
    summary: summary({ held: 1 }),
  });
  await open("votes");
  const row = await screen.findByTestId("poll");
  expect(row.textContent).toContain("May alice have it?");
  expect(row.textContent).toContain("Holds “deed.txt”");
  expect(within(row).getByTestId("poll-line").textContent).toMatch(
    /1 yes, 0 no, 1 outstanding · (2:00|1:59) left · attempt 1 of 2/,
  );
  const strip = await screen.findByTestId("transfers-strip");
  await fireEvent.click(strip.querySelector("button") as HTMLElement);
  expect((await screen.findByTestId("transfer-row")).textContent).toContain(
    "1 yes, 0 no, 1 outstanding",
  );
});

test("a held command shows its vote among the polls, as soon as it is held", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(poll("c-1", { question: "May the phone join?" }));
  await open("votes");
  expect(screen.getByTestId("polls-none")).toBeTruthy();
  vi.mocked(ipc.activity).mockResolvedValue(
    activityPage(entry(1, { state: "held", outcome: "held" })),
  );
  spoken.heard?.activityChanged();
  const row = await screen.findByTestId("poll");
  expect(row.textContent).toContain("May the phone join?");
  expect(row.textContent).toContain("Lets a requested device take part.");
});

test("a poll of one's own is started and followed", async () => {
  vi.mocked(ipc.poll).mockResolvedValue(
    poll("poll-1", { state: "rejected", question: "The car?" }),
  );
  await open("votes");
  vi.mocked(ipc.startedPolls).mockResolvedValue(["poll-1"]);
  await type("ask-question", "The car?");
  await fireEvent.change(screen.getByTestId("ask-configuration"), { target: { value: "family" } });
  await fireEvent.submit(screen.getByTestId("ask-form"));
  expect(ipc.startPoll).toHaveBeenCalledWith("family", "Question", "The car?");
  expect((await screen.findByTestId("poll")).textContent).toContain("Rejected by vote");
});

test("nothing of one profile is seen by the next", async () => {
  await open("votes");
  await screen.findByTestId("configuration");
  spoken.heard?.appChanged(view({ revision: 1, stage: "locked", profile: null }));
  await screen.findByTestId("unlock");
  vi.mocked(ipc.voting).mockReturnValue(new Promise(() => {}));
  spoken.heard?.appChanged(view({ revision: 2, profile: "bob" }));
  await goTo("votes");
  expect((await screen.findByTestId("votes")).textContent).toContain("Asking the service");
  expect(screen.queryByTestId("configuration")).toBeNull();
});
