import { fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { beforeEach, expect, test, vi } from "vitest";
import { fakeIpc, file, page, spoken, summary, transfer, view } from "./shell";

vi.mock("../src/ipc", async (original) => fakeIpc(original as never));

import App from "../src/App.svelte";
import { ipc } from "../src/ipc";
import type { AppView, FileState, FileView, RowQuery, TransferView } from "../src/types";

let files: FileView[] = [];

beforeEach(() => {
  vi.clearAllMocks();
  files = [];
  vi.mocked(ipc.appView).mockResolvedValue(view());
  vi.mocked(ipc.transfers).mockResolvedValue({ items: [], summary: summary() });
  vi.mocked(ipc.queryRows).mockImplementation((query: RowQuery) => {
    const isWrong = ({ state, renamed }: FileView) =>
      renamed !== null || ["missing", "notListed", "unanswered", "mismatch"].includes(state);
    const found = files
      .filter((one) => !query.needsAttention || isWrong(one))
      .filter(({ verification: last }) => {
        const { verifiedBefore: before } = query;
        return before === null || (last !== null && last.at < before);
      })
      .filter(({ state }) => query.state === null || state === query.state);
    return Promise.resolve({
      ...page(found.slice(query.offset, query.offset + query.limit)),
      total: found.length,
      needAttention: files.filter(isWrong).length,
    });
  });
});

const inState = (state: FileState, count: number, from = 0) =>
  Array.from({ length: count }, (_, at) =>
    file(from + at, {
      state,
      name: `${state} ${at}.pdf`,
      missingSince: state === "missing" ? 1 : null,
    }),
  );

async function attend(over: Partial<AppView> = {}, transfers: TransferView[] = []): Promise<void> {
  vi.mocked(ipc.appView).mockResolvedValue(view(over));
  vi.mocked(ipc.transfers).mockResolvedValue({ items: transfers, summary: summary() });
  render(App);
  await fireEvent.click(await screen.findByTestId("place-attention"));
}

test("files missing at the service are a card with their names, and shown in the list by its button", async () => {
  files = [...inState("missing", 5), ...inState("mismatch", 1, 5)];
  await attend();
  const card = await screen.findByTestId("attention-missing");
  expect(card.textContent).toContain("5 files are missing at the service");
  expect(card.textContent).toContain("missing 0.pdf");
  expect(card.textContent).toContain("and 2 more");
  expect(card.textContent).not.toContain("missing 3.pdf");
  await waitFor(() => expect(screen.getAllByTestId("file-row")).toHaveLength(6));
  await fireEvent.click(screen.getByTestId("attention-missing-act"));
  await waitFor(() => expect(screen.getAllByTestId("file-row")).toHaveLength(5));
  expect(screen.getByTestId("attention-mismatch")).toBeTruthy();
});

test("what more files than are read at once suffer from is counted by the shell", async () => {
  files = [...inState("missing", 250), ...inState("notListed", 30, 250)];
  files.push(file(280, { renamed: { name: "b", folder: "", context: "documents", mark: "m" } }));
  await attend();
  expect((await screen.findByTestId("attention-missing")).textContent).toContain("250 files");
  expect(screen.getByTestId("attention-notListed").textContent).toContain("30 files");
  expect(screen.getByTestId("attention-renamed").textContent).toContain("1 file was");
});

test("files that are not confirmed or not listed are asked for again by the button", async () => {
  files = [...inState("notConfirmed", 2), ...inState("unanswered", 1, 2)];
  await attend();
  await fireEvent.click(await screen.findByTestId("attention-notConfirmed-act"));
  expect(ipc.refreshFiles).toHaveBeenCalledOnce();
  await waitFor(() =>
    expect(screen.getByTestId("attention-notConfirmed-act").getAttribute("aria-busy")).toBe(
      "false",
    ),
  );
  await fireEvent.click(screen.getByTestId("attention-notListed-act"));
  expect(ipc.refreshFiles).toHaveBeenCalledTimes(2);
});

test("failed transfers are counted at the place, named on a card, and tried again together", async () => {
  await attend({}, [
    transfer("report", { state: "failed" }),
    transfer("letter", { state: "failed" }),
    transfer("other", { state: "done" }),
  ]);
  const card = await screen.findByTestId("attention-transfers");
  expect(card.textContent).toContain("2 transfers failed");
  expect(card.textContent).toContain("report.txt");
  expect(card.textContent).not.toContain("other.txt");
  expect(screen.getByTestId("place-attention").textContent).toContain("2");
  await fireEvent.click(screen.getByTestId("attention-transfers-act"));
  expect(ipc.retryFailed).toHaveBeenCalledOnce();
});

test("a changed key and a recovery kit that is not saved are cards that lead to where they are mended", async () => {
  await attend({
    recoveryConfirmed: false,
    alarms: [{ key: "engine", pinned: "SHA256:a", pinnedAt: 1, seen: "SHA256:b", seenAt: 2 }],
  });
  expect((await screen.findByTestId("attention-kit")).textContent).toContain("recovery kit");
  const cards = within(screen.getByTestId("attention-cards")).getAllByRole("listitem");
  expect(cards[0]?.textContent).toContain("key");
  await fireEvent.click(screen.getByTestId("attention-keys-act"));
  expect(await screen.findByTestId("security")).toBeTruthy();
});

test("a card goes when what it told of is over", async () => {
  files = inState("missing", 1);
  await attend();
  await screen.findByTestId("attention-missing");
  files = inState("stored", 1);
  spoken.heard?.filesChanged();
  await waitFor(() => expect(screen.queryByTestId("attention-missing")).toBeNull());
  expect(screen.queryByTestId("attention-cards")).toBeNull();
});

test("nothing is asked about attention while nobody looks at it", async () => {
  files = inState("missing", 1);
  await attend();
  await screen.findByTestId("attention-missing");
  await fireEvent.click(screen.getByTestId("place-files"));
  await waitFor(() => expect(screen.queryByTestId("attention-missing")).toBeNull());
  vi.mocked(ipc.queryRows).mockClear();
  spoken.heard?.filesChanged();
  await waitFor(() => expect(ipc.queryRows).toHaveBeenCalled());
  expect(vi.mocked(ipc.queryRows).mock.calls.some(([query]) => query.needsAttention)).toBe(false);
});

test("what cannot be read about attention is said", async () => {
  vi.mocked(ipc.queryRows).mockRejectedValue({ code: "settings", message: "Broken.", hint: "" });
  await attend();
  await waitFor(() => expect(screen.getAllByText("Broken.").length).toBeGreaterThan(1));
});

test("files that were not verified for 90 days are a card of their own, and the list shows them", async () => {
  const day = 86_400_000;
  const verified = (at: number, days: number) =>
    file(at, {
      name: `after ${days} days.pdf`,
      state: "verified",
      verification: { at: Date.now() - days * day, mismatch: null, storageDevices: 3 },
    });
  files = [verified(0, 91), verified(1, 400), verified(2, 89), ...inState("missing", 1, 3)];
  await attend();
  const card = await screen.findByTestId("attention-unverified");
  expect(card.textContent).toContain("2 files were not verified for 90 days");
  expect(card.textContent).toContain("after 91 days.pdf");
  expect(card.textContent).not.toContain("after 89 days.pdf");
  await fireEvent.click(screen.getByTestId("attention-unverified-act"));
  const names = () => screen.getAllByTestId("file-row").map(({ dataset }) => dataset.name);
  await waitFor(() => expect(names()).toEqual(["after 91 days.pdf", "after 400 days.pdf"]));
  // They are as they should be, as far as anybody knows: the sidebar counts the others.
  expect(screen.getByTestId("place-attention").textContent).toContain("1");
});
