/** What is done to the page of the gallery, and told to it, by the words of the state's name. */
import { happened } from "./transfers";

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

/** Chooses from the menu of a row. */
function choose(item: string): void {
  const row = document.querySelectorAll("[data-testid=file-row]").item(1);
  row?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));
  setTimeout(() => press(item), 20);
}

export const scenesOf = (
  say: (event: string, payload: unknown) => void,
): Record<string, () => void> => ({
  connect: () => press("connect-service"),
  advanced: () => press("connect-advanced"),
  create: () => press("mode-create"),
  restore: () => press("first-restore"),
  restoring: () => press("mode-restore"),
  chosen: () => press("kit-choose"),
  one: () => press("file-row", 1),
  verified: () => press("file-row", 0),
  unconfirmed: () => press("file-row", 3),
  unreceipted: () => press("file-row", 5),
  lost: () => press("file-row", 6),
  preview: () => press("preview-open"),
  code: () => press("token-show"),
  several: () => [1, 3, 4].forEach((nth) => press("file-row", nth, { ctrlKey: true })),
  drop: () => say("drop-changed", { over: true, count: 4, folders: 1, own: false, x: 60, y: 270 }),
  move: () => say("drop-changed", { over: true, count: 2, folders: 0, own: true, x: 60, y: 270 }),
  undo: () => press("delete"),
  renaming: () =>
    document
      .querySelector("[role=grid]")
      ?.dispatchEvent(new KeyboardEvent("keydown", { key: "F2", bubbles: true })),
  newfolder: () => (press("add-more"), setTimeout(() => press("new-folder"), 20)),
  older: () =>
    document.querySelector<HTMLElement>('[data-testid=file-row][data-name^="notes"]')?.click(),
  moveto: () => choose("row-move"),
  labelling: () => choose("row-label"),
  classifying: () => press("classify"),
  foldermenu: () =>
    document
      .querySelector("[data-testid=folder]")
      ?.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true })),
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
  leaving: () => press("profile-sign-out"),
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
  counting: () => press("rules-change"),
  authenticator: () => press("authenticator-new"),
  recipient: () => press("add-recipient"),
  renew: () => press("kit-renew"),
  passphrase: () => press("change-passphrase"),
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
      kind: "warning",
      code: "skipped",
      message: "2 links skipped: “current” and “latest”.",
      hint: "Links in a folder are not followed. Add what they lead to by itself.",
    });
    say("notice", {
      kind: "error",
      code: "no_space",
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
});
