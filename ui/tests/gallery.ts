/** Every screen and sheet of the gallery (see dev/fake.ts), each with something that is only there. */
import { vi } from "vitest";

export const screens: [state: string, shows: string][] = [
  ["starting", ".starting"],
  ["nostart", "[role=alert]"],
  ["first", "[data-testid=connect-service]"],
  ["first-connect", "[data-testid=address-one]"],
  ["first-connect-advanced-tested", "[data-testid=use-addresses]"],
  ["sign", "[data-testid=submit-sign-in]"],
  ["sign-wrong", "[role=alert]"],
  ["sign-create", "[data-testid=submit-create]"],
  ["sign-create-nokeyring", "[data-testid=passphrase]"],
  ["keys", "[aria-current=step]"],
  ["locked", "[data-testid=unlock]"],
  ["locked-keyring-previous", "[data-testid=unlock]"],
  ["files", "[data-testid=file-row]"],
  ["files-one", "[data-testid=opened-by]"],
  ["files-tree-one", "[aria-current=page]"],
  ["files-menu", "[data-testid=row-save]"],
  ["files-filter", "[data-testid=filter-kind]"],
  ["files-storein", "[data-testid=context-input]"],
  ["files-label", "[data-context][aria-current=true]"],
  ["files-recent", "[data-testid=place-recent][aria-current=true]"],
  ["files-todo-attention", "[data-testid=place-attention][aria-current=true]"],
  ["files-todo-attention-failed-kit-alarm", "[data-testid=attention-keys]"],
  ["files-todo", "[data-testid=empty]"],
  ["files-palette", "[data-testid=palette]"],
  ["files-sheet", "[data-testid=save-sheet]"],
  ["files-several", ".foot [data-testid=save]"],
  ["files-empty", "[data-testid=empty]"],
  ["files-loading", ".loading"],
  ["files-failing", "[data-testid=files-retry]"],
  ["files-nothing", "[data-testid=empty]"],
  ["files-alarm-kit-shrunk", "[data-testid=list-alarm]"],
  ["files-drop", "[data-testid=drop-target]"],
  ["files-one-undo", "[data-testid=undo]"],
  ["files-held-retrying-unsure-failed-open", "[data-testid=transfer-row]"],
  ["files-many-open-limits", "[data-testid=limit-upload]"],
  ["files-notices", "[data-testid=alert]"],
  ["files-account", "[data-testid=menu]"],
  ["files-settings", "[data-testid=settings-page]"],
  ["files-network", "[data-testid=network-panel]"],
  ["files-help", "dialog[open] kbd"],
  ["devices", "[data-testid=device]"],
  ["devices-more-configuration", "[data-testid=device-form]"],
  ["devices-remove", "[data-testid=device]"],
  ["devices-newdevice", "[data-testid=device-request]"],
  ["approvals", "[data-testid=poll]"],
  ["approvals-nobody", "[data-testid=polls-none]"],
  ["approvals-asked", "[data-testid=ask-form]"],
  ["votes", "[data-testid=policy]"],
  ["votes-nobody", "[data-testid=rules-none]"],
  ["votes-rule", "[data-testid=rule-form]"],
  ["votes-pairing", "[data-testid=phone-form]"],
  ["policies-newpolicy", "[data-testid=policy-form]"],
  ["policies-newconfiguration", "[data-testid=configuration-form]"],
  ["network", "[data-testid=network-panel]"],
  ["notifications", "[data-testid=notifications]"],
  ["policies", "[data-testid=policy]"],
  ["activity-happened", "[data-testid=file-event]"],
  ["activity-log-timeline", "[data-testid=activity-timeline]"],
  ["activity-figures", "[data-testid=figures-days]"],
  ["activity-log-unmatched", "[data-testid=activity-no-match]"],
  ["directories", "[data-testid=invitation]"],
  ["directories-directory-setpassword", "[data-testid=person-form]"],
  ["applications", "[data-testid=application]"],
  ["directories-newdirectory", "[data-testid=directory-form]"],
  ["directories-directory-inviting", "[data-testid=invite-form]"],
  ["directories-directory-newperson", "[data-testid=new-person]"],
  ["directories-directory-newpool", "[data-testid=pool-form]"],
  ["directories-directory-meta", "[data-testid=meta-form]"],
  ["applications-newapplication", "[data-testid=application-form]"],
  ["applications-newgrant", "[data-testid=grant-form]"],
  ["applications-secret-shown", "[data-testid=secret-text]"],
  ["applications-told", "[data-testid=application]"],
  ["console-reserving", "[data-testid=console-request]"],
  ["console-removing", "[data-testid=console-anyway]"],
  ["profile", "[data-testid=place-profile][aria-current=true]"],
  ["profile-password", "[data-testid=password-form]"],
  ["profile-pair", "[data-testid=pairing-code]"],
  ["security-shared-rotated", "[data-testid=remove-recipient]"],
  ["security-kit", "[data-testid=kit-make]"],
  ["files-kit-make", "[data-testid=kit-save]"],
  ["files-kit-make-type", "[data-testid=kit-confirmation]"],
  ["files-kit-another", "[data-testid=another-kit]"],
  ["security-rotate", "[data-testid=rotate-form]"],
  ["security-alarm-lostpin", "[data-testid=pin-lost]"],
];

/** More than all scenes of a state take. */
const PLAYED_MS = 4000;

/** Every text that the shell answered or told in the state that is shown: names, addresses, its own sentences. */
export const answered = new Set<string>();

function note(answer: unknown): void {
  if (typeof answer === "string") {
    answered.add(answer);
    // The group and the operation of a name such as `data-token.reserve`.
    if (/^[\w-]+\.[\w-]+$/.test(answer)) for (const part of answer.split(".")) answered.add(part);
  }
  if (typeof answer === "object" && answer !== null) {
    for (const [key, part] of Object.entries(answer)) {
      note(part);
      // What is counted is named by the service.
      if (typeof part === "number") answered.add(key);
    }
  }
}

type Told = (event: unknown) => void;
type Shell = {
  invoke: (command: string, args: never) => Promise<unknown>;
  transformCallback: (told: Told) => number;
};

function listenTo(shell: Shell): void {
  const { invoke, transformCallback } = shell;
  answered.clear();
  shell.transformCallback = (told) =>
    transformCallback.call(shell, (event: unknown) => {
      note(event);
      told(event);
    });
  shell.invoke = async (command, args) => {
    try {
      const answer = await invoke.call(shell, command, args);
      note(answer);
      return answer;
    } catch (failure) {
      note(failure);
      throw failure;
    }
  };
}

/** Shows a state of the gallery; answers how to leave it. */
export async function show(state: string): Promise<() => Promise<void>> {
  vi.resetModules();
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  window.history.replaceState(null, "", `/?state=${state}`);
  document.body.innerHTML = '<div id="app"></div>';
  const target = document.querySelector("#app");
  if (!target) throw new Error("there is no place for the page");
  await import("../dev/fake");
  listenTo((window as unknown as { __TAURI_INTERNALS__: Shell }).__TAURI_INTERNALS__);
  const { mount, unmount } = await import("svelte");
  const { default: App } = await import("../src/App.svelte");
  const app = mount(App, { target });
  await vi.advanceTimersByTimeAsync(PLAYED_MS);
  vi.useRealTimers();
  return () => unmount(app);
}
