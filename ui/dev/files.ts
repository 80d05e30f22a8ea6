/** The files of the gallery: a few folders, and as many files as the state's name wants. */
import type {
  FileKind,
  FileState,
  FileView,
  FolderList,
  FolderView,
  RowPage,
  RowQuery,
} from "../src/types";

type Has = (word: string) => boolean;
type Sample = [name: string, kind: FileKind, size: number, state: FileState, versions?: number];

const DAY_MS = 86_400_000;
const samples: readonly Sample[] = [
  ["2026-01 Frontier AS.pdf", "pdf", 1_500_000, "verified"],
  ["2026-02 ledger export.csv", "spreadsheet", 96_000, "stored"],
  [
    "2026-02 Frontier AS, corrected after the audit of the second half year.pdf",
    "pdf",
    812_000,
    "stored",
  ],
  ["board-pack.zip", "archive", 2_410_000_000, "notConfirmed"],
  ["Skann – kvittering nr. 4471.jpg", "image", 4_100_000, "verified"],
  ["payroll-march.xlsx", "spreadsheet", 39_600, "missingReceipt"],
  ["Lease, signed.pdf", "pdf", 812_000, "missing"],
  ["notes.txt", "text", 12_000, "stored", 3],
  ["Møtereferat styret 14. mars.docx", "document", 55_400, "deleting"],
  ["Vaccination card.png", "image", 1_100_000, "stored"],
  ["Old letters.final", "other", 34_000, "stored"],
];

/** What is wrong with files, one after the other. */
const troubles: readonly FileState[] = ["missing", "missing", "mismatch", "notListed"];

/** A file that needs attention; of those that wait for the service, `notConfirmed` is told. */
function troubled(at: number, state: FileState | null): FileView {
  const found = state ?? troubles[at % troubles.length] ?? "missing";
  const isGone = found === "missing" || found === "notListed";
  return {
    ...file(at + 1, "2025", "Family/2025"),
    state: found,
    missingSince: isGone ? Date.now() - DAY_MS : null,
    lastSeen: isGone ? Date.now() - 2 * DAY_MS : null,
    verification:
      found === "mismatch"
        ? { at: Date.now() - 60_000, mismatch: "damaged", storageDevices: 3 }
        : null,
  };
}

const folders: readonly [key: string, name: string, parent: string, files: number][] = [
  ["family", "Family", "", 312],
  ["taxes", "Taxes", "", 61],
  ["work", "Work", "", 911],
  ["2024", "2024", "family", 88],
  ["2025", "2025", "family", 224],
  ["medical", "Medical", "2025", 3],
  ["summer", "Summer in Lofoten with everybody", "2025", 208],
];

const labels = ["documents", "legal", "invoices of the second quarter, to be checked", "photos"];
const pathOf = (key: string): string[] => {
  const found = folders.find(([each]) => each === key);
  return found ? [...pathOf(found[2]), found[1]] : [];
};

const folderRow = ([key, name, parent, files]: (typeof folders)[number]): FolderView => ({
  row: "folder",
  id: `f:${key}`,
  key,
  name,
  within: pathOf(parent).join("/"),
  files,
  bytes: files * 3_580_000,
  modified: Date.now() - files * 3_700_000,
  needAttention: key === "work" ? 2 : 0,
});

function file(at: number, folder: string, within: string): FileView {
  const [name, kind, size, state, versions = 1] = samples[at % samples.length] as Sample;
  return {
    row: "file",
    id: `f${at}`,
    name:
      at < samples.length
        ? name
        : name.replace(/(\.\w+)?$/, ` ${Math.floor(at / samples.length)}$1`),
    folder,
    within,
    kind,
    versions,
    newest: true,
    modified: Date.now() - (at % 40) * DAY_MS,
    isExecutable: false,
    context: labels[at % labels.length] ?? "",
    size: at % 31 === 30 ? null : size,
    storedSize: size + 1200,
    storedAt: Date.now() - at * 3_700_000,
    state,
    verifiable: state !== "missingReceipt",
    verification:
      state === "verified" ? { at: Date.now() - 60_000, mismatch: null, storageDevices: 3 } : null,
    missingSince: state === "missing" ? Date.now() - DAY_MS : null,
    lastSeen: state === "missing" ? Date.now() - 2 * DAY_MS : null,
    neverListed: false,
    receiptLost: false,
    renamed: null,
    poll: null,
  };
}

export const filesOf = (has: Has) => {
  const all = has("empty") ? 0 : has("huge") ? 100_000 : 2_000;

  const rowsOf = (query: RowQuery): RowPage => {
    const isTop = query.folder === "" && !query.below;
    const inside = query.below ? [] : folders.filter(([, , parent]) => parent === query.folder);
    const shownFolders = all === 0 ? [] : inside.map(folderRow);
    const files =
      query.search === "nothing"
        ? 0
        : query.needsAttention
          ? query.state || !has("attention")
            ? 0
            : 9
          : query.state
            ? Number(has("attention")) * 2
            : query.context
              ? 312
              : isTop
                ? all
                : Math.min(all, 222);
    const total = shownFolders.length + files;
    const within = query.below ? "Family/2025" : pathOf(query.folder).join("/");
    const rows = Array.from(
      { length: Math.max(0, Math.min(query.limit, total - query.offset)) },
      (_, i) => {
        const at = query.offset + i;
        if (query.needsAttention || query.state) return troubled(at, query.state);
        return shownFolders[at] ?? file(at - shownFolders.length, query.folder, within);
      },
    );
    const crumbs: RowPage["crumbs"] = [];
    for (let key = query.folder; key !== "";) {
      const found = folders.find(([each]) => each === key);
      if (!found) break;
      crumbs.unshift({ key, name: found[1] });
      key = found[2];
    }
    return {
      rows,
      offset: query.offset,
      total,
      totalBytes: files * 3_580_000,
      folders: shownFolders.length,
      files,
      allFiles: all,
      contexts: all ? labels.map((label, nth) => [label, 1196 - nth * 361]) : [],
      needAttention: has("attention") ? 9 : 0,
      followed: query.follow.map((id) => Number(id.replace(/\D/g, "")) + shownFolders.length),
      crumbs,
      folderIsGone: false,
    };
  };

  const foldersIn = (parent: string): FolderList => ({
    folders: folders
      .filter(([, , of]) => of === parent && all > 0)
      .map(([key, name, , files]) => ({
        key,
        name,
        files,
        hasFolders: folders.some(([, , of]) => of === key),
      })),
    more: 0,
  });

  return { rowsOf, foldersIn, all };
};
