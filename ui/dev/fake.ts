/**
 * Plays the shell for the gallery: `npm run dev`, then /dev/?state=NAME (see scenes.ts), with
 * `&language=de` and `&theme=dark` where wanted; and for the tests that look at every screen.
 * Not part of the page.
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
import { scenesOf } from "./scenes";
import { transfers } from "./transfers";
import { voteAnswers } from "./votes";

const scene = new URLSearchParams(location.search);
const name = scene.get("state") ?? "files";
const has = (word: string) => name.split("-").includes(word);

const view: AppView = {
  revision: 0,
  language: "system",
  shownLanguage: (scene.get("language") as Language | null) ?? "en",
  lockedFor: has("slept") ? "slept" : null,
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
  choose_kit: () => ({
    userName: "alice@example.com",
    server: "https://sandbox.privicore.com:9009",
    hasAllKeys: true,
    opensNames: true,
  }),
  sign_in: () =>
    has("elsewhere")
      ? refuse(
          "keys_elsewhere",
          "The profile has keys on another computer, and none here.",
          "Restore them from the recovery kit, or start with new keys.",
        )
      : refuse(
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
  preview_file: () => ({
    kind: "text",
    text: "date;account;amount\n2026-02-03;1920;4 200,00",
    isWhole: false,
  }),
  token_code: () => ({ side: 21, path: "M0 0h7v7h-7zM14 0h7v7h-7zM0 14h7v7h-7z" }),
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
  query_versions: () =>
    [0, 1, 2].map((age) => ({
      id: `v${age}`,
      size: 12_400 - age * 800,
      modified: null,
      storedAt: Date.UTC(2026, 10, 20 - age * 9, 9, 12),
      state: "stored",
      verified: age === 0,
      hasReceipt: age < 2,
      newest: age === 0,
    })),
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

const scenes = scenesOf(say);

/** Not before the page is there: on a busy machine that takes a while. */
const waiting = setInterval(() => {
  if (!document.querySelector("#app > *")) return;
  clearInterval(waiting);
  setTimeout(
    () => name.split("-").forEach((word, nth) => setTimeout(() => scenes[word]?.(), nth * 120)),
    300,
  );
}, 50);
