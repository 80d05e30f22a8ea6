/** The transfers of the gallery, by the words of the state's name. */
import type {
  ErrorView,
  Transfers,
  TransferState,
  TransferSummary,
  TransferView,
} from "../src/types";

export const names = [
  "2026-01 Frontier AS.pdf",
  "2026-02 ledger export.csv",
  "2026-02 Frontier AS, corrected after the audit.pdf",
  "board-pack.zip",
  "Skann – kvittering nr. 4471.jpg",
  "payroll-march.xlsx",
  "vat-return-q1.xml",
  "Møtereferat styret 14. mars.docx",
];

const offline: ErrorView = {
  code: "offline",
  message: "The API at sandbox.privicore.com cannot be reached.",
  hint: "Check the network connection and the address, then try again. Nothing was sent.",
};
const rejected: ErrorView = {
  code: "rejected",
  message: "The service rejected the command: the vote went against it.",
  hint: "Nothing was changed. Check that you may do this, then try again.",
};
const unknown: ErrorView = {
  code: "not_confirmed",
  message: "It was sent, but whether the service did it is not known.",
  hint: "Refresh the list to see. Do not send it again before.",
};

let made = 0;
function transfer(over: Partial<TransferView>): TransferView {
  made += 1;
  return {
    id: `t${made}`,
    direction: "upload",
    file: null,
    name: names[made % names.length] ?? "",
    context: "photos/2025",
    doneBytes: 0,
    totalBytes: 240_000_000,
    state: "waiting",
    error: null,
    retryInMs: null,
    mismatchName: null,
    asStored: null,
    poll: null,
    ...over,
  };
}

/** The word of a scene and what is in the list then. */
const lists: Record<string, () => TransferView[]> = {
  moving: () => [
    transfer({ state: "running", doneBytes: 148_000_000 }),
    transfer({ state: "running", direction: "download", doneBytes: 31_000_000 }),
    transfer({ state: "finishing", doneBytes: 240_000_000 }),
    transfer({}),
    transfer({ state: "done", doneBytes: 240_000_000 }),
    transfer({ direction: "download", state: "canceled" }),
  ],
  held: () => [
    transfer({ state: "held", totalBytes: 2_410_000_000 }),
    transfer({ state: "held", direction: "download", poll: "poll-1" }),
  ],
  paused: () => [
    transfer({ state: "paused" }),
    transfer({ state: "paused", direction: "download" }),
    transfer({ state: "paused" }),
  ],
  retrying: () => [
    transfer({ error: offline, retryInMs: 12_000 }),
    transfer({ error: offline, retryInMs: 27_000, direction: "download" }),
  ],
  unsure: () => [
    transfer({ state: "notConfirmed", error: unknown, retryInMs: 9_000 }),
    transfer({ state: "notConfirmed", error: unknown, direction: "download", retryInMs: 20_000 }),
  ],
  failed: () => [
    transfer({ state: "failed", error: rejected }),
    transfer({ state: "failed", error: offline, direction: "download" }),
  ],
  done: () => [transfer({ state: "done" })],
  many: () =>
    Array.from({ length: 10_000 }, (_, at) =>
      transfer({ state: at < 8 ? "running" : "waiting", name: `IMG_${at}.jpg` }),
    ),
};

/** What comes of a few transfers, told as they end. */
export const happened = () => ({
  changed: [
    transfer({ state: "done", name: "Lease, signed.pdf" }),
    transfer({ state: "done", direction: "download", name: "Blood test.pdf" }),
    transfer({ state: "done", direction: "verify" }),
    transfer({ state: "failed", error: rejected }),
    transfer({ state: "held", direction: "download" }),
    transfer({ state: "notConfirmed", error: unknown }),
    transfer({ state: "done", direction: "download", mismatchName: "board-pack (2).zip" }),
    transfer({ state: "canceled" }),
  ],
  removed: [],
  summary: transfers(() => false).summary,
});

export function transfers(has: (word: string) => boolean): Transfers {
  const items = Object.keys(lists).flatMap((word) => (has(word) ? (lists[word]?.() ?? []) : []));
  const count = (...states: TransferState[]) =>
    items.filter(({ state }) => states.includes(state)).length;
  const running = count("running", "finishing");
  const summary: TransferSummary = {
    waiting: count("waiting"),
    running,
    held: count("held"),
    paused: count("paused"),
    done: count("done"),
    failed: count("failed"),
    notConfirmed: count("notConfirmed"),
    doneBytes: 62,
    totalBytes: 100,
    bytesPerSecond: running ? 412e6 : null,
    secondsLeft: running ? 14 : null,
    current: running ? "photos-2025.tar" : null,
  };
  return { items, summary };
}
