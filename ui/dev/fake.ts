/**
 * Plays the shell for the gallery: `npm run dev`, then /dev/?state=NAME (see `scenes`), with
 * `&language=de` and `&theme=dark` where wanted; and for the tests that look at every screen. Not part of the page.
 */
import type {
  AppView,
  Code,
  Language,
  Limits,
  RowQuery,
  Security,
  Stage,
  Theme,
} from "../src/types";
import { activityAnswers } from "./activity";
import { applicationAnswers } from "./applications";
import { consoleAnswers } from "./console";
import { account, deviceAnswers } from "./devices";
import { directoryAnswers } from "./directories";
import { filesOf } from "./files";
import { happened, transfers } from "./transfers";
import { voteAnswers } from "./votes";

const scene = new URLSearchParams(location.search);
const name = scene.get("state") ?? "files";
const has = (word: string) => name.split("-").includes(word);

const view: AppView = {
  revision: 0,
  language: "system",
  shownLanguage: (scene.get("language") as Language | null) ?? "en",
  lockedFor: null,
  clipboardSeconds: 30,
  autoLock: { idleMinutes: 15, onSleep: true, onScreenLock: true },
  stage: stage(),
  connection: has("first")
    ? null
    : {
        kind: has("service") ? "service" : "sandbox",
        label: has("service") ? "sandbox.privicore.com" : "Local sandbox",
        addresses: {
          api: "https://sandbox.privicore.com:9009",
          websocket: "",
          upstream: "",
          downstream: "",
        },
      },
  profile: has("trial") && has("profile") ? "trial-7f3a91" : "alice@example.com",
  trialProfile: has("trial") ? "trial-7f3a91" : null,
  keyring: has("nokeyring")
    ? { available: false, reason: "no secret service answers on this session." }
    : { available: true, reason: null },
  theme: (scene.get("theme") as Theme | null) ?? "system",
  verifyUploads: false,
  notifications: true,
  hidesContents: false,
  neverOpensElsewhere: false,
  limits: has("limited") ? { upload: 2_500_000, download: null } : { upload: null, download: null },
  recoveryConfirmed: has("kit") ? false : true,
  listAlarm: has("shrunk") ? { expected: 312, listed: 3, at: "2026-11-26T10:00:00Z" } : null,
  reached: null,
  alarms: has("alarm")
    ? [
        {
          key: "engine",
          pinned: has("lostpin") ? null : "SHA256:2rWqRz4pTqvJYc0b1oJvB1f7yWn0m8E5H4xk3gQ9Zt0",
          pinnedAt: has("lostpin") ? 0 : Date.now() - 86_400_000 * 40,
          seen: "SHA256:q8kXw0aVb7rQn5sT1uYp2dLfGm9hJcEiZo4R6tKx3Cw",
          seenAt: Date.now() - 60_000,
        },
      ]
    : [],
  version: "0.1.0",
};

function stage(): Stage {
  if (has("first") || has("connect")) return "firstStart";
  if (has("sign") || has("create") || has("keys")) return "signedOut";
  return has("locked") ? "locked" : "signedIn";
}

const files = filesOf(has);
const total = files.all;

const never = new Promise<never>(() => {});
const refuse = (code: Code, message: string, hint: string) =>
  Promise.reject<never>({ code, message, hint });

const answers: Record<string, (args: Record<string, never>) => unknown> = {
  app_view: () =>
    has("starting")
      ? never
      : has("nostart")
        ? refuse(
            "damaged",
            "The settings could not be read.",
            "Restore the folder from a backup, or move it aside to begin anew.",
          )
        : view,
  try_now: () => (has("busy") ? never : { ...view, stage: "signedIn" }),
  create_profile: () => never,
  sign_in: () =>
    refuse(
      "wrong_password",
      "The user name or the password is not right.",
      "Check both, and whether you are signing in to the right service.",
    ),
  security: (): Security => ({
    coreDumps: "on",
    protection: has("keyring") ? "keyring" : "passphrase",
    debugging: has("alarm") ? "refused" : "on",
    pins: [
      ...(has("lostpin")
        ? []
        : [
            {
              key: "engine" as const,
              fingerprint: "SHA256:2rWqRz4pTqvJYc0b1oJvB1f7yWn0m8E5H4xk3gQ9Zt0",
              pinnedAt: Date.now() - 86_400_000 * 40,
            },
          ]),
      {
        key: "profile",
        fingerprint: "SHA256:Yb6N0oPzv2cQ7dXh3mLr8sKtJ1wEaUfGiB5xV9yTn4M",
        pinnedAt: Date.now() - 86_400_000 * 40,
      },
    ],
  }),
  keys: () => ({
    application: [
      {
        fingerprint: "SHA256:K0oQ2xWmYt8uLr6vZs1nJd4hEb9cGfPa7iTq5yRw3Xk",
        isNewest: true,
        files: total - 12,
      },
      ...(has("rotated")
        ? [
            {
              fingerprint: "SHA256:b4TzNq7mVx1cYe8rWd6kLs3jUa9hGp2fRi5oQy0tEnB",
              isNewest: false,
              files: 12,
            },
          ]
        : []),
    ],
    shared: has("shared")
      ? [
          {
            name: "accounting",
            fingerprint: "3f9c27d1a40b8e65",
            madeAt: Date.now() - 86_400_000 * 12,
            files: 41,
            contexts: ["invoices/2026-Q1"],
          },
        ]
      : [],
    recipients: has("shared")
      ? [
          {
            key: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
            fingerprint: "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
            short: "age1ql3z7hjy…mcac8p",
            label: "Anna, laptop",
            context: null,
          },
        ]
      : [],
    outdated: has("rotated") ? 12 : 0,
    needsPassphrase: has("nokeyring"),
  }),
  change_keys: () => never,
  openers: () => ({
    keys: [
      {
        kind: "applicationKey",
        name: null,
        fingerprint: "SHA256:K0oQ2xWmYt8uLr6vZs1nJd4hEb9cGfPa7iTq5yRw3Xk",
        short: "SHA256:K0oQ2xWmYt8u…",
        isCurrent: !has("rotated"),
      },
      {
        kind: "recoveryKey",
        name: null,
        fingerprint: "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa",
        short: "age1t7rxyev2…vpy7pa",
        isCurrent: true,
      },
    ],
    isOutdated: has("rotated"),
    sealedAt: null,
  }),
  unlock_view: () => ({
    protection: has("keyring") ? "keyring" : "passphrase",
    hasPrevious: has("previous"),
  }),
  unlock: () =>
    refuse(
      "wrong_passphrase",
      "The passphrase does not open the keys.",
      "Check the keyboard layout and the Caps Lock key, then try again.",
    ),
  check_addresses: () => [
    { which: "api", ok: true, message: "Answers.", hint: null },
    {
      which: "websocket",
      ok: false,
      message: "The certificate is not trusted.",
      hint: "Ask your administrator for the certificate authority of this service.",
    },
    { which: "upstream", ok: true, message: "Answers.", hint: null },
    {
      which: "downstream",
      ok: false,
      message: "Nothing answers at this address.",
      hint: "Check the port, and that the service is running.",
    },
  ],
  ...voteAnswers(has),
  ...activityAnswers(has, never, refuse),
  ...applicationAnswers(has, never, refuse),
  ...directoryAnswers(has, never, refuse),
  ...consoleAnswers(has, never, refuse),
  ...deviceAnswers(has, never, refuse),
  ...account(has, never, refuse),
  query_folders: ({ parent }: { parent?: string }) => files.foldersIn(parent ?? ""),
  query_rows: ({ query }: { query?: RowQuery }) =>
    has("loading")
      ? never
      : has("failing")
        ? refuse(
            "settings",
            "The list on this machine could not be read.",
            "Close other copies of the app, then try again.",
          )
        : files.rowsOf(query as RowQuery),
  save_rows: () => 1,
  save_recovery_kit: () => ({
    page: "Privicore recovery kit.html",
    text: "Privicore recovery kit.txt",
    characters: 8,
  }),
  choose_files: () => never,
  delete_rows: ({ rows }: { rows?: unknown[] }) => ({
    id: "d1",
    count: rows?.length ?? 0,
    files: rows?.length ?? 0,
    versions: rows?.length ?? 0,
    name: rows?.length === 1 ? "2026-02 ledger export.csv" : null,
    untilMs: 10_000,
  }),
  transfers: () => transfers(has),
  network: () => ({
    proxy: has("proxied") ? "explicit" : "system",
    proxyAddress: has("proxied") ? "http://proxy.example.com:3128" : "",
    proxySecret: has("proxied") ? "inKeyring" : "none",
    caFile: has("proxied") ? "office-ca.pem" : null,
    clientCertificate: null,
    clientKey: null,
  }),
  choose_network_file: () => "my-laptop.pem",
  set_network: () =>
    refuse(
      "network_file",
      "The file “office-ca.pem” for trusted certificates holds no certificate in PEM form.",
      "Choose a file with “BEGIN CERTIFICATE” in it.",
    ),
  set_limits: ({ limits }: { limits?: Limits }) => ({ ...view, revision: 1, limits }),
};

const callbacks = new Map<number, (payload: unknown) => void>();
const listeners = new Map<string, number>();
const internals = {
  transformCallback(callback: (payload: unknown) => void): number {
    callbacks.set(callbacks.size + 1, callback);
    return callbacks.size;
  },
  async invoke(command: string, args: Record<string, never>): Promise<unknown> {
    if (command === "plugin:event|listen") {
      listeners.set(args.event as unknown as string, args.handler as unknown as number);
      return 1;
    }
    return (await answers[command]?.(args)) ?? null;
  },
};
Object.assign(window, {
  __TAURI_INTERNALS__: internals,
  __TAURI_EVENT_PLUGIN_INTERNALS__: { unregisterListener: () => {} },
});

function say(event: string, payload: unknown): void {
  callbacks.get(listeners.get(event) ?? 0)?.({ event, id: 1, payload });
}

const press = (id: string, nth = 0, init: MouseEventInit = {}) =>
  document
    .querySelectorAll(`[data-testid="${id}"]`)
    .item(nth)
    ?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ...init }));

/** Goes to a page of the settings. */
function goTo(place: string): void {
  press("account");
  setTimeout(() => press("settings"), 20);
  setTimeout(() => press(`place-${place}`), 50);
}

function type(id: string, text: string): void {
  const input = document.querySelector<HTMLInputElement>(`[data-testid="${id}"]`);
  if (!input) return;
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

/** What is done to the page after it came up, by the words of the state's name. */
const scenes: Record<string, () => void> = {
  connect: () => press("connect-service"),
  advanced: () => press("connect-advanced"),
  create: () => press("mode-create"),
  one: () => press("file-row", 1),
  several: () => [1, 3, 4].forEach((nth) => press("file-row", nth, { ctrlKey: true })),
  drop: () => say("drop-changed", { over: true, count: 4, folders: 1, x: 60, y: 270 }),
  undo: () => press("delete"),
  family: () => press("folder"),
  tree: () => (
    document.querySelectorAll<HTMLElement>(".turn[aria-expanded]").item(1)?.click(),
    setTimeout(() => press("folder", 2), 40)
  ),
  menu: () =>
    document
      .querySelectorAll("[data-testid=file-row]")
      .item(1)
      ?.dispatchEvent(
        new MouseEvent("contextmenu", {
          bubbles: true,
          cancelable: true,
          clientX: 420,
          clientY: 260,
        }),
      ),
  palette: () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "k", ctrlKey: true })),
  sheet: () => (
    [1, 3].forEach((nth) => press("file-row", nth, { ctrlKey: true })),
    setTimeout(() => press("save"), 40)
  ),
  technical: () => press("technical"),
  filter: () => press("filter"),
  storein: () => press("store-in"),
  label: () => document.querySelector<HTMLElement>("[data-context]")?.click(),
  nothing: () => type("search", "nothing"),
  open: () => document.querySelector<HTMLElement>("[data-testid=transfers-strip] button")?.click(),
  limits: () => press("limits"),
  account: () => press("account"),
  make: () => press("kit-make"),
  type: () => press("kit-save"),
  another: () => (press("account"), setTimeout(() => press("another-computer"), 20)),
  leave: () => (press("account"), setTimeout(() => press("sign-out"), 20)),
  settings: () => goTo("general"),
  network: () => goTo("network"),
  recent: () => press("place-recent"),
  todo: () => press("place-attention"),
  applied: () => press("network-apply"),
  security: () => goTo("security"),
  devices: () => goTo("devices"),
  votes: () => goTo("votes"),
  approvals: () => press("place-approvals"),
  rule: () => press("rule-new"),
  asked: () => press("ask"),
  pairing: () => press("phone-new"),
  newpolicy: () => press("policy-new"),
  newconfiguration: () => press("configuration-new"),
  notifications: () => goTo("notifications"),
  policies: () => goTo("policies"),
  directories: () => goTo("directories"),
  directory: () => press("directory-open"),
  setpassword: () => press("person-password", 1),
  joining: () => press("invitation-accept"),
  lower: () => document.querySelector("main.page")?.scrollTo(0, 620),
  console: () => goTo("console"),
  activity: () => goTo("activity"),
  log: () => press("activity-log"),
  happened: () => say("transfers-changed", happened()),
  timeline: () => [1, 2].forEach((nth) => press("activity-toggle", nth)),
  unmatched: () => type("activity-search", "unmatched"),
  figures: () => press("activity-figures"),
  applications: () => goTo("applications"),
  shown: () => (press("secret-show"), setTimeout(() => press("secret-copy"), 60)),
  away: () => press("devices-refresh"),
  asking: () => press("secret-done"),
  told: () => (press("application-secret"), setTimeout(() => press("secret-form-submit"), 40)),
  once: () => press("application-secret", 1),
  registering: () => {
    press("application-new");
    setTimeout(() => {
      type("application-name", "Reports");
      type("application-redirect", "https://reports.example.com/back");
      type("application-scopes", "all");
    }, 20);
    setTimeout(() => press("application-submit"), 60);
  },
  newapplication: () => press("application-new"),
  newgrant: () => press("grant-new"),
  letting: () => {
    press("grant-new");
    setTimeout(() => {
      type("grant-client", "0f6e1d2c-91b7-4c3e-8a55-2d4a0c3b4e11");
      type("grant-word", "word-1");
      type("grant-scopes", "device");
    }, 20);
    setTimeout(() => press("grant-submit"), 60);
  },
  newdevice: () => press("device-new"),
  newdirectory: () => press("directory-new"),
  newperson: () => press("person-new"),
  inviting: () => press("invite-new"),
  newpool: () => press("pool-new"),
  meta: () => press("meta-edit"),
  reserving: () => (
    type("console-search", "data-token.reserve"),
    setTimeout(() => type("field-context", "documents"), 60),
    setTimeout(() => press("console-send"), 100)
  ),
  removing: () => (
    type("console-search", "device.remove"),
    setTimeout(() => type("field-deviceIdentifier", "7c1f0d1e"), 60),
    setTimeout(() => press("console-send"), 100)
  ),
  more: () => press("device-more", 1),
  approving: () => press("device-approve"),
  unheard: () => press("device-approve"),
  refused: () => press("device-approve"),
  remove: () => press("device-remove"),
  stop: () => press("device-removeStorage"),
  configuration: () => press("device-configuration"),
  saved: () => press("device-form-submit"),
  rename: () => press("device-rename"),
  requesting: () => {
    press("device-new");
    setTimeout(() => type("device-name", "Attic NAS"), 20);
    setTimeout(() => press("device-request-submit"), 60);
  },
  profile: () => goTo("profile"),
  password: () => press("change-password"),
  typed: () => {
    type("password-current", "the old one");
    type("password-new", "the new one");
    type("password-again", "the new one");
    setTimeout(() => press("password-submit"), 20);
  },
  renewing: () => press("renew-session"),
  pair: () => {
    press("show-code");
    setTimeout(
      () => document.querySelector("[data-testid=show-code]")?.scrollIntoView({ block: "start" }),
      200,
    );
  },
  foot: () => document.querySelector("main.page")?.scrollTo(0, 9999),
  rotate: () => press("rotate"),
  import: () => press("import-shared-key"),
  unclear: () => (type("limit-upload", "fast"), press("limits-save")),
  help: () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "?" })),
  notices: () => {
    say("notice", {
      kind: "info",
      message: "Two files were skipped.",
      hint: "They are links, and links are not followed.",
    });
    say("notice", {
      kind: "error",
      message: "The file could not be saved.",
      hint: "The disk is full. Make room, then save it again.",
    });
  },
  tested: () => {
    ["websocket", "upstream", "downstream"].forEach((which) =>
      type(`address-${which}`, `https://sandbox.privicore.com/${which}`),
    );
    press("check-addresses");
  },
  wrong: () => {
    type("username", "alice@example.com");
    type("password", "wrong");
    type("passphrase", "wrong");
    setTimeout(() => (press("submit-sign-in"), press("unlock")), 50);
  },
  keys: () => {
    press("mode-create");
    setTimeout(() => {
      type("username", "alice");
      type("password", "long enough");
      type("password-again", "long enough");
    }, 30);
    setTimeout(() => press("submit-create"), 80);
    setTimeout(() => say("key-progress", { step: "recovery" }), 160);
  },
  busy: () => press("try-now"),
  end: () => {
    const table = document.querySelector<HTMLElement>("[role=grid]");
    table?.focus();
    table?.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));
  },
};

/** Not before the page is there: on a busy machine that takes a while. */
const waiting = setInterval(() => {
  if (!document.querySelector("#app > *")) return;
  clearInterval(waiting);
  setTimeout(
    () => name.split("-").forEach((word, nth) => setTimeout(() => scenes[word]?.(), nth * 120)),
    300,
  );
}, 50);
