/** What the page knows, as the shell says it. `ipc.ts` checks these against the generated bindings. */

export type Stage = "firstStart" | "signedOut" | "locked" | "signedIn";
export type Theme = "system" | "light" | "dark";
export type Which = "api" | "websocket" | "upstream" | "downstream";

export type ErrorView = { code: string; message: string; hint: string };
export type Addresses = { api: string; websocket: string; upstream: string; downstream: string };
export type AddressCheck = { which: Which; ok: boolean; message: string; hint: string | null };
export type Connection = { kind: "sandbox" | "service"; label: string; addresses: Addresses };
export type KeyringView = { available: boolean; reason: string | null };

export type AppView = {
  stage: Stage;
  connection: Connection | null;
  profile: string | null;
  trialProfile: string | null;
  keyring: KeyringView;
  theme: Theme;
  version: string;
};

export type Credentials = { username: string; password: string; passphrase: string | null };

export type FileState = "stored" | "notConfirmed" | "missingReceipt" | "deleting";
export type FileView = {
  id: string;
  name: string;
  folder: string;
  context: string;
  size: number | null;
  storedSize: number | null;
  storedAt: number | null;
  state: FileState;
};
export type SortKey = "name" | "size" | "storedAt" | "context" | "state";
export type FileQuery = {
  search: string;
  context: string | null;
  sort: SortKey;
  descending: boolean;
  offset: number;
  limit: number;
};
export type ContextCount = { name: string; count: number };
export type FilePage = {
  rows: FileView[];
  offset: number;
  total: number;
  totalBytes: number;
  allFiles: number;
  contexts: ContextCount[];
};

export type Deletion = { id: string; count: number; name: string | null; untilMs: number };

export type TransferState =
  | "waiting"
  | "running"
  | "finishing"
  | "done"
  | "failed"
  | "canceled"
  | "notConfirmed";
export type TransferView = {
  id: string;
  direction: "upload" | "download";
  name: string;
  context: string;
  doneBytes: number;
  totalBytes: number;
  state: TransferState;
  error: ErrorView | null;
};
export type TransferSummary = {
  waiting: number;
  running: number;
  done: number;
  failed: number;
  doneBytes: number;
  totalBytes: number;
  bytesPerSecond: number | null;
  secondsLeft: number | null;
  current: string | null;
};
export type Transfers = { items: TransferView[]; summary: TransferSummary };

export type KeyStep = "engine" | "application" | "recovery" | "saving" | "registering";

export type TransfersChanged = { changed: TransferView[]; removed: string[]; summary: TransferSummary };
export type DropChanged = { over: boolean; count: number };
export type DeletionEnded = { id: string; error: ErrorView | null };
export type Notice = { kind: "info" | "warning" | "error"; message: string; hint: string };
