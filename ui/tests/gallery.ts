/** Shows the states of the gallery in tests. */
import { vi } from "vitest";

export { screens } from "../dev/states";

/** More than all scenes of a state take. */
const PLAYED_MS = 4000;

/** Every text that the shell answered or told in the state that is shown: names, addresses, its own sentences. */
export const answered = new Set<string>();

function note(answer: unknown): void {
  if (typeof answer === "string") {
    answered.add(answer.trim());
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
