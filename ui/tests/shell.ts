/** A shell that answers what a test tells it to, and can speak up like the real one. */
import { vi } from "vitest";
import catalog from "./catalog.json";
import type * as Ipc from "../src/ipc";
import type { ActivityEntry, ActivityPage, Policies, Poll, Statistics, Voting } from "../src/types";
import type {
  Application,
  AppView,
  Device,
  ErrorView,
  FileView,
  FolderView,
  Keys,
  NetworkView,
  Row,
  RowPage,
  RowQuery,
  TransferSummary,
  TransferView,
} from "../src/types";

export const view = (over: Partial<AppView> = {}): AppView => ({
  revision: 0,
  stage: "signedIn",
  connection: {
    kind: "sandbox",
    label: "Local sandbox",
    addresses: { api: "", websocket: "", upstream: "", downstream: "" },
  },
  profile: "alice",
  trialProfile: null,
  keyring: { available: true, reason: null },
  theme: "system",
  language: "system",
  shownLanguage: "en",
  limits: { upload: null, download: null },
  recoveryConfirmed: true,
  lockedFor: null,
  autoLock: { idleMinutes: 15, onSleep: true, onScreenLock: true },
  verifyUploads: false,
  notifications: true,
  hidesContents: false,
  neverOpensElsewhere: false,
  clipboardSeconds: 30,
  alarms: [],
  listAlarm: null,
  reached: null,
  version: "0.1.0",
  ...over,
});

export const network = (over: Partial<NetworkView> = {}): NetworkView => ({
  proxy: "system",
  proxyAddress: "",
  proxySecret: "none",
  caFile: null,
  clientCertificate: null,
  clientKey: null,
  ...over,
});

export const keys = (over: Partial<Keys> = {}): Keys => ({
  application: [{ fingerprint: "SHA256:own", isNewest: true, files: 3 }],
  shared: [],
  recipients: [],
  outdated: 0,
  needsPassphrase: false,
  ...over,
});

export const device = (id: string, over: Partial<Device> = {}): Device => ({
  id,
  name: `device ${id}`,
  state: "approved",
  storage: null,
  ...over,
});

export const application = (id: string, over: Partial<Application> = {}): Application => ({
  id,
  name: `application ${id}`,
  redirectUri: "https://app.example.com/back",
  scopes: ["device"],
  registeredAt: 0,
  ...over,
});

export const file = (at: number, over: Partial<FileView> = {}): FileView => ({
  row: "file",
  id: `f${at}`,
  name: `file ${at}.txt`,
  folder: "",
  within: "",
  kind: "text",
  versions: 1,
  newest: true,
  modified: null,
  isExecutable: false,
  context: "documents",
  size: 1000,
  storedSize: 1200,
  storedAt: 0,
  state: "stored",
  verifiable: true,
  verification: null,
  missingSince: null,
  lastSeen: null,
  neverListed: false,
  receiptLost: false,
  renamed: null,
  poll: null,
  ...over,
});

export const folder = (name: string, over: Partial<FolderView> = {}): FolderView => ({
  row: "folder",
  id: `f:${name}`,
  key: name,
  name,
  within: "",
  files: 2,
  bytes: 2000,
  modified: 0,
  needAttention: 0,
  ...over,
});

/** A page of these rows, as far as the rest of it does not matter. */
export const page = (rows: Row[], over: Partial<RowPage> = {}): RowPage => ({
  rows,
  offset: 0,
  total: rows.length,
  totalBytes: rows.length * 1000,
  folders: rows.filter(({ row }) => row === "folder").length,
  files: rows.filter(({ row }) => row === "file").length,
  allFiles: rows.length,
  contexts: [["documents", rows.length]],
  needAttention: 0,
  followed: [],
  crumbs: [],
  folderIsGone: false,
  ...over,
});

export const pageOf =
  (total: number) =>
  (query: RowQuery): Promise<RowPage> =>
    Promise.resolve(
      page(
        Array.from({ length: Math.max(0, Math.min(query.limit, total - query.offset)) }, (_, i) =>
          file(query.offset + i),
        ),
        {
          offset: query.offset,
          total,
          totalBytes: total * 1000,
          files: total,
          allFiles: total,
          contexts: [["documents", total]],
          followed: query.follow.map((id) => Number(id.slice(1))),
        },
      ),
    );

export const summary = (over: Partial<TransferSummary> = {}): TransferSummary => ({
  waiting: 0,
  running: 0,
  held: 0,
  paused: 0,
  done: 0,
  failed: 0,
  notConfirmed: 0,
  doneBytes: 0,
  totalBytes: 0,
  bytesPerSecond: null,
  secondsLeft: null,
  current: null,
  ...over,
});

export const transfer = (id: string, over: Partial<TransferView> = {}): TransferView => ({
  id,
  direction: "upload",
  file: null,
  name: `${id}.txt`,
  context: "documents",
  doneBytes: 0,
  totalBytes: 1000,
  state: "waiting",
  error: null,
  retryInMs: null,
  mismatchName: null,
  asStored: null,
  poll: null,
  ...over,
});

export const voting = (over: Partial<Voting> = {}): Voting => ({
  authenticators: [],
  configurations: [{ name: "family", seconds: 300, counting: { kind: "one" }, devices: [] }],
  rules: { quorum: null, attempts: null },
  others: [],
  marks: {
    authenticators: "not documented",
    configurations: "not documented",
    change: null,
    quorum: null,
  },
  ...over,
});

export const policies = (over: Partial<Policies> = {}): Policies => ({
  templates: [
    {
      id: "data",
      name: "Data",
      description: null,
      settings: [],
      events: [
        { id: "data_token.data_requested", label: "Request data" },
        { id: "data_token.archived", label: "Archive data" },
      ],
    },
  ],
  policies: [],
  listMark: null,
  deleteMark: "not documented by the service; may be refused",
  ...over,
});

export const poll = (id: string, over: Partial<Poll> = {}): Poll => ({
  id,
  title: "Request data",
  question: "May alice have it?",
  operation: null,
  state: "open",
  attempt: 1,
  attempts: 2,
  expiresAt: Date.now() + 120_000,
  ballots: [
    { device: "a", name: "Phone", vote: "yes" },
    { device: "b", name: "Tablet", vote: null },
  ],
  ...over,
});

export const entry = (id: number, over: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id,
  operation: "device.approve",
  group: "device",
  doc: "Lets a requested device take part.",
  command: `c-${id}`,
  state: "done",
  outcome: "done",
  steps: [
    { state: "sent", at: 1_000 },
    { state: "accepted", at: 1_100 },
    { state: "done", at: 3_500 },
  ],
  reason: null,
  file: null,
  ...over,
});

export const activityPage = (...entries: ActivityEntry[]): ActivityPage => ({
  entries,
  found: entries.length,
  all: entries.length,
  groups: ["device"],
});

export const statistics = (over: Partial<Statistics> = {}): Statistics => ({
  days: [
    { day: "2026-11-25", files: 0, bytes: 0 },
    { day: "2026-11-26", files: 3, bytes: 4_200_000 },
  ],
  outcomes: { done: 5 },
  groups: { device: 5 },
  service: { stored: 12 },
  serviceError: null,
  serviceMark: "not documented by the service; may be refused",
  ...over,
});

/** The listener the page handed over last. */
export const spoken: { heard: Ipc.Heard | null } = { heard: null };

/** An error as the shell throws it. */
export const errorView = (error: ErrorView): ErrorView => error;

export async function fakeIpc(original: () => Promise<typeof Ipc>): Promise<typeof Ipc> {
  const { asErrorView } = await original();
  const listen = vi.fn((heard: Ipc.Heard) => {
    spoken.heard = heard;
    return Promise.resolve(() => {});
  });
  return { asErrorView, listen, ipc: commands() };
}

function commands(): typeof Ipc.ipc {
  const nothing = () => vi.fn().mockResolvedValue(null);
  return {
    appView: vi.fn().mockResolvedValue(view()),
    tryNow: vi.fn(),
    connectSandbox: vi.fn(),
    checkAddresses: vi.fn(),
    connectService: vi.fn(),
    chooseConnection: vi.fn(),
    createProfile: vi.fn(),
    signIn: vi.fn(),
    rateSecret: vi.fn().mockResolvedValue("good"),
    unlock: vi.fn(),
    unlockView: vi.fn().mockResolvedValue({ protection: "passphrase", hasPrevious: true }),
    restorePreviousKeys: vi.fn(),
    lock: vi.fn(),
    seen: nothing(),
    setAutoLock: vi.fn(),
    changePassphrase: vi.fn(),
    protectWithPassphrase: vi.fn(),
    protectWithKeyring: vi.fn(),
    lookForKeyring: vi.fn(),
    signOut: vi.fn(),
    saveRecoveryKit: nothing(),
    confirmRecoveryKit: nothing(),
    renewRecoveryKey: nothing(),
    chooseKit: nothing(),
    typeKit: nothing(),
    forgetKit: nothing(),
    restoreProfile: nothing(),
    security: vi
      .fn()
      .mockResolvedValue({ coreDumps: "on", debugging: "on", protection: "passphrase", pins: [] }),
    acceptKey: nothing(),
    registerOwnKey: nothing(),
    keys: vi.fn().mockResolvedValue(keys()),
    changeKeys: vi.fn().mockResolvedValue(keys()),
    exportSharedKey: vi.fn().mockResolvedValue(true),
    setContextKey: vi.fn().mockResolvedValue(keys()),
    addRecipient: vi.fn().mockResolvedValue(keys()),
    removeRecipient: vi.fn().mockResolvedValue(keys()),
    resealFiles: vi.fn().mockResolvedValue(1),
    resealOutdated: vi.fn().mockResolvedValue(0),
    openers: vi.fn().mockResolvedValue({ sealedAt: null, keys: [], isOutdated: false }),
    devices: vi.fn().mockResolvedValue({ devices: [], advised: 3 }),
    requestDevice: vi.fn().mockResolvedValue("new"),
    changeDevice: nothing(),
    saveDeviceConfiguration: vi.fn().mockResolvedValue(true),
    directories: vi
      .fn()
      .mockResolvedValue({ owned: [], assigned: [], invitations: [], mark: null }),
    directory: vi.fn(),
    makeDirectory: nothing(),
    answerInvitation: nothing(),
    changeDirectory: nothing(),
    operations: vi.fn().mockResolvedValue(catalog),
    showOperation: vi.fn().mockResolvedValue({
      method: "GET",
      url: "https://api.example.com/health",
      headers: [],
      body: null,
    }),
    callOperation: vi.fn().mockResolvedValue({
      status: 200,
      headers: [],
      command: null,
      body: "{}",
      length: 2,
      isCut: false,
      isHeld: false,
      hidesTokens: false,
      elapsedMs: 3,
      awaitsData: false,
    }),
    showAnswerTokens: vi.fn().mockResolvedValue(null),
    settleOperation: nothing(),
    awaitRequestedData: vi.fn(),
    saveRequestedData: vi.fn(),
    copyOperation: nothing(),
    account: vi.fn().mockResolvedValue({ profileId: "p-1", expiresAt: Date.now() + 3_600_000 }),
    renewSession: vi
      .fn()
      .mockResolvedValue({ profileId: "p-1", expiresAt: Date.now() + 86_400_000 }),
    changePassword: nothing(),
    pairingCode: vi
      .fn()
      .mockResolvedValue({ path: "M4 4h1v1h-1z", side: 29, expiresAt: Date.now() + 300_000 }),
    voting: vi.fn().mockResolvedValue(voting()),
    addAuthenticator: nothing(),
    removeAuthenticator: nothing(),
    saveVotingConfiguration: nothing(),
    setVotingRules: nothing(),
    poll: vi.fn().mockRejectedValue(errorView({ code: "not_found", message: "No.", hint: "" })),
    startedPolls: vi.fn().mockResolvedValue([]),
    startPoll: vi.fn().mockResolvedValue("poll-1"),
    policies: vi.fn().mockResolvedValue(policies()),
    registerPolicy: vi.fn().mockResolvedValue("policy-1"),
    changePolicy: nothing(),
    phones: vi.fn().mockResolvedValue([]),
    pairPhone: nothing(),
    setPhoneScript: nothing(),
    answerOnPhone: vi.fn().mockResolvedValue(true),
    applications: vi.fn().mockResolvedValue({ applications: [], held: [] }),
    registerApplication: vi.fn().mockResolvedValue("a-1"),
    takeApplicationSecret: vi.fn().mockResolvedValue({ application: "a-1", clientId: "client-1" }),
    showApplicationSecret: vi.fn().mockResolvedValue("the secret"),
    copyApplicationSecret: vi.fn().mockResolvedValue(30),
    saveApplicationSecret: vi.fn().mockResolvedValue(true),
    forgetApplicationSecret: nothing(),
    letApplicationIn: vi.fn().mockResolvedValue("grant-1"),
    copyToken: vi.fn().mockResolvedValue(30),
    tokenCode: vi.fn().mockResolvedValue({ side: 33, path: "M4 4h7v1h-7z" }),
    setClipboardSeconds: vi.fn((clipboardSeconds) => Promise.resolve(view({ clipboardSeconds }))),
    queryRows: vi.fn(pageOf(3)),
    queryFolders: vi.fn().mockResolvedValue({ folders: [], more: 0 }),
    refreshFiles: nothing(),
    acceptList: nothing(),
    forgetFile: nothing(),
    acceptName: nothing(),
    chooseFiles: vi.fn().mockResolvedValue(0),
    chooseFolder: vi.fn().mockResolvedValue(0),
    saveFiles: vi.fn().mockResolvedValue(0),
    deleteFiles: vi.fn(),
    undoDeletion: vi.fn().mockResolvedValue(true),
    previewFile: vi.fn().mockResolvedValue({ kind: "otherKind" }),
    closePreview: nothing(),
    setHidesContents: vi.fn((hidesContents) =>
      Promise.resolve(view({ hidesContents, revision: 2 })),
    ),
    openFile: vi.fn().mockResolvedValue({ name: "report.pdf" }),
    dragRows: nothing(),
    setNeverOpensElsewhere: vi.fn((neverOpensElsewhere) =>
      Promise.resolve(view({ neverOpensElsewhere, revision: 2 })),
    ),
    verifyFiles: vi.fn().mockResolvedValue(1),
    keepAnyway: nothing(),
    setNotifications: vi.fn((notifications) =>
      Promise.resolve(view({ notifications, revision: 2 })),
    ),
    setVerifyUploads: vi.fn((verifyUploads) =>
      Promise.resolve(view({ verifyUploads, revision: 2 })),
    ),
    exportReceipts: vi.fn().mockResolvedValue(null),
    activity: vi.fn().mockResolvedValue(activityPage()),
    statistics: vi.fn().mockResolvedValue(statistics()),
    exportActivity: vi.fn().mockResolvedValue(null),
    transfers: vi.fn().mockResolvedValue({ items: [], summary: summary() }),
    cancelTransfer: nothing(),
    cancelAll: nothing(),
    pauseTransfer: nothing(),
    pauseAll: nothing(),
    resumeTransfer: nothing(),
    resumeAll: nothing(),
    retryTransfer: nothing(),
    retryFailed: nothing(),
    clearFinished: nothing(),
    setLimits: vi.fn((limits) => Promise.resolve(view({ limits }))),
    network: vi.fn().mockResolvedValue(network()),
    chooseNetworkFile: vi.fn().mockResolvedValue(null),
    setNetwork: vi.fn().mockResolvedValue(network()),
    setTheme: vi.fn((theme) => Promise.resolve(view({ theme }))),
    setLanguage: vi.fn((language) => Promise.resolve(view({ language }))),
    setDropTarget: nothing(),
    saveRows: vi.fn().mockResolvedValue(0),
    saveToDownloads: vi.fn().mockResolvedValue(0),
    showSaved: nothing(),
    deleteRows: nothing(),
    newFolder: nothing(),
    renameRow: vi.fn().mockResolvedValue({ done: 1, notConfirmed: 0, failed: [], moreFailed: 0 }),
    moveRows: vi.fn().mockResolvedValue({ done: 1, notConfirmed: 0, failed: [], moreFailed: 0 }),
    labelRows: vi.fn().mockResolvedValue({ done: 1, notConfirmed: 0, failed: [], moreFailed: 0 }),
    queryVersions: vi.fn().mockResolvedValue([]),
    restoreVersion: nothing(),
    deleteVersion: nothing(),
    classify: nothing(),
  };
}
