import { ipc } from "../ipc";
import type { KeyChange, Keys as KeysView } from "../types";

/** The keys and recipients of the profile that is signed in. */
export class Keys {
  view = $state.raw<KeysView | null>(null);
  /**
   * Grows with every question, with every change that was made, and when the profile is left:
   * answers to an older question are out of date.
   */
  #asked = 0;
  /** Grows when the profile is left. */
  #life = 0;

  async read(): Promise<void> {
    const asked = ++this.#asked;
    try {
      const view = await ipc.keys();
      if (asked === this.#asked) this.view = view;
    } catch (failure) {
      if (asked === this.#asked) throw failure;
    }
  }

  change = (change: KeyChange, passphrase: string | null) =>
    this.#take(ipc.changeKeys(change, passphrase));
  setContextKey = (context: string, name: string | null) =>
    this.#take(ipc.setContextKey(context, name));
  addRecipient = (key: string, label: string, context: string | null) =>
    this.#take(ipc.addRecipient(key, label, context));
  removeRecipient = (key: string, context: string | null) =>
    this.#take(ipc.removeRecipient(key, context));

  clear(): void {
    this.#asked += 1;
    this.#life += 1;
    this.view = null;
  }

  /**
   * A change answers with the keys as it left them. What is still being read may be from before.
   */
  async #take(answer: Promise<KeysView>): Promise<void> {
    const life = this.#life;
    const view = await answer;
    if (life !== this.#life) return;
    this.#asked += 1;
    this.view = view;
  }
}
