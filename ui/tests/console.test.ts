import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import catalog from "./catalog.json";
import { goTo } from "./go";
import { errorView, fakeIpc, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";

const type = (id: string, value: string) =>
  fireEvent.input(screen.getByTestId(id), { target: { value } });
const choose = async (id: string) => {
  const button = document.querySelector<HTMLElement>(`[data-operation-choice="${id}"]`);
  if (!button) throw new Error(`the console does not offer ${id}`);
  await fireEvent.click(button);
};
const accepted = {
  status: 202,
  headers: [],
  command: "c-1",
  body: "{}",
  length: 2,
  isCut: false,
  isHeld: false,
  hidesTokens: false,
  elapsedMs: 3,
  awaitsData: false,
};

async function open(): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view());
  render(App);
  await goTo("console");
  await screen.findByTestId("console-form");
}

beforeEach(() => vi.clearAllMocks());

test("every operation of the catalog has a form with an input for each of its fields", async () => {
  await open();
  expect(catalog.length).toBe(91);
  for (const operation of catalog) {
    await choose(operation.id);
    const form = screen.getByTestId("console-form");
    expect(form.dataset.operation).toBe(operation.id);
    expect(form.textContent).toContain(operation.doc);
    for (const field of operation.fields) {
      const input = screen.getByTestId(`field-${field.name}`);
      if (field.kind === "secret" || field.kind === "token")
        expect((input as HTMLInputElement).type).toBe("password");
    }
    const required = operation.fields.some((field) => field.required);
    expect(screen.getByTestId<HTMLButtonElement>("console-send").disabled).toBe(required);
  }
});

test("a command is sent, and its outcome is told when it comes", async () => {
  await open();
  await choose("data-token.reserve");
  await type("field-context", "documents");
  vi.mocked(ipc.callOperation).mockResolvedValueOnce(accepted);
  let settle: () => void = () => {};
  vi.mocked(ipc.settleOperation).mockReturnValueOnce(
    new Promise((resolve) => (settle = () => resolve(null))),
  );
  await fireEvent.submit(screen.getByTestId("console-form"));
  expect((await screen.findByTestId("console-outcome")).textContent).toContain(
    "waits for approval",
  );
  expect(ipc.callOperation).toHaveBeenCalledWith("data-token.reserve", [
    { name: "context", value: "documents" },
  ]);
  settle();
  await waitFor(() => expect(screen.getByTestId("console-outcome").textContent).toContain("Done"));
  expect(screen.getByTestId("console-history").textContent).toContain("data-token.reserve");
});

test.each([
  ["rejected", "Not done"],
  ["vote_rejected", "Not done"],
  ["vote_no_quorum", "Not done"],
  ["vote_timed_out", "Not done"],
  ["not_confirmed", "Not confirmed"],
])("a command that ends as %s is said to be %s, with the reason", async (code, words) => {
  await open();
  await choose("data-token.reserve");
  await type("field-context", "documents");
  vi.mocked(ipc.callOperation).mockResolvedValueOnce(accepted);
  vi.mocked(ipc.settleOperation).mockRejectedValueOnce(
    errorView({ code, message: "The reason.", hint: "" }),
  );
  await fireEvent.submit(screen.getByTestId("console-form"));
  await waitFor(() => expect(screen.getByTestId("console-outcome").textContent).toContain(words));
  expect(screen.getByTestId("console-answer").textContent).toContain("The reason.");
});

test("a secret is gone from the page once it was sent", async () => {
  await open();
  await choose("profile.authenticate");
  await type("field-username", "ada");
  await type("field-password", "hush hush");
  await fireEvent.submit(screen.getByTestId("console-form"));
  await screen.findByTestId("console-answer");
  expect(screen.getByTestId<HTMLInputElement>("field-password").value).toBe("");
  expect(screen.getByTestId<HTMLInputElement>("field-username").value).toBe("ada");
  expect(document.body.innerHTML).not.toContain("hush hush");
});

test("what takes something away for good asks once", async () => {
  await open();
  await choose("device.remove");
  await type("field-deviceIdentifier", "d-1");
  await fireEvent.submit(screen.getByTestId("console-form"));
  expect(screen.getByTestId("console-form").textContent).toContain("cannot be undone");
  expect(document.activeElement).toBe(screen.getByTestId("console-cancel"));
  expect(ipc.callOperation).not.toHaveBeenCalled();
  await fireEvent.submit(screen.getByTestId("console-form"));
  await screen.findByTestId("console-answer");
  expect(ipc.callOperation).toHaveBeenCalledTimes(1);
});

test("typing finds an operation, and the only one left is filled in", async () => {
  await open();
  await type("console-search", "quorum size");
  await waitFor(() =>
    expect(screen.getByTestId("console-form").dataset.operation).toBe(
      "verified-authenticator.set-quorum-size",
    ),
  );
  await type("console-search", "no such thing");
  expect(screen.getByTestId("console").textContent).toContain("No operation has this");
});

test("the request is shown and copied without being sent", async () => {
  await open();
  await choose("utility.check-health");
  await fireEvent.click(screen.getByTestId("console-show"));
  expect((await screen.findByTestId("console-request")).textContent).toContain(
    "https://api.example.com/health",
  );
  await fireEvent.click(screen.getByTestId("console-copy"));
  expect(ipc.copyOperation).toHaveBeenCalledWith("utility.check-health", []);
  expect(ipc.callOperation).not.toHaveBeenCalled();
});

test("tokens of an answer are shown on purpose only, and gone with it", async () => {
  await open();
  await choose("utility.check-health");
  vi.mocked(ipc.callOperation).mockResolvedValue({
    ...accepted,
    command: null,
    body: '{"token":"***"}',
    hidesTokens: true,
  });
  vi.mocked(ipc.showAnswerTokens).mockResolvedValue('{"token":"dtk-1"}');
  await fireEvent.submit(screen.getByTestId("console-form"));
  expect((await screen.findByTestId("console-body")).textContent).toContain("***");
  await fireEvent.click(screen.getByTestId("console-unmask"));
  await waitFor(() => expect(screen.getByTestId("console-body").textContent).toContain("dtk-1"));
  expect(screen.queryByTestId("console-masked")).toBeNull();
  await choose("data-token.reserve");
  expect(document.body.innerHTML).not.toContain("dtk-1");
});

async function request(): Promise<void> {
  await open();
  await choose("data-token.request");
  await type("field-token", "dtk-1");
  vi.mocked(ipc.callOperation).mockResolvedValueOnce({
    ...accepted,
    command: null,
    awaitsData: true,
  });
}

test.each([
  [null, "download link"],
  [791, "791"],
])(
  "what comes for a request for data is shown and can be saved (%s bytes)",
  async (lengthBytes, words) => {
    await request();
    let arrive: () => void = () => {};
    vi.mocked(ipc.awaitRequestedData).mockReturnValueOnce(
      new Promise((resolve) => (arrive = () => resolve({ lengthBytes }))),
    );
    await fireEvent.submit(screen.getByTestId("console-form"));
    expect((await screen.findByTestId("console-data")).textContent).toContain("Waiting");
    arrive();
    await waitFor(() => expect(screen.getByTestId("console-data").textContent).toContain(words));
    vi.mocked(ipc.saveRequestedData).mockResolvedValueOnce(null).mockResolvedValueOnce(4096);
    await fireEvent.click(screen.getByTestId("console-download"));
    await waitFor(() =>
      expect(screen.getByTestId<HTMLButtonElement>("console-download").disabled).toBe(false),
    );
    expect(screen.queryByTestId("console-saved")).toBeNull();
    await fireEvent.click(screen.getByTestId("console-download"));
    expect((await screen.findByTestId("console-saved")).textContent).toContain("Saved 4");
    // A link works once.
    expect(screen.queryByTestId("console-download") === null).toBe(lengthBytes === null);
  },
);

test("requested data that does not come says why, and choosing another operation clears it", async () => {
  await request();
  vi.mocked(ipc.awaitRequestedData).mockRejectedValueOnce(
    errorView({ code: "no_storage_answered", message: "No storage device answered.", hint: "" }),
  );
  await fireEvent.submit(screen.getByTestId("console-form"));
  await waitFor(() =>
    expect(screen.getByTestId("console-data").textContent).toContain("No storage device answered."),
  );
  await choose("utility.check-health");
  expect(screen.queryByTestId("console-data")).toBeNull();
});
