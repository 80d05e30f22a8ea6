import * as ipc from "../ipc";
import type { KeyChange, Keys as KeysView } from "../types";

/** The keys and recipients of the profile that is signed in. */
export class Keys {
  view = $state.raw<KeysView | null>(null);
  /** Answers that come after a later one are out of date. */
  #asked = 0;

  async read(): Promise<void> {
    await this.#take(ipc.keys());
  }

  change = (change: KeyChange, passphrase: string | null) => this.#take(ipc.changeKeys(change, passphrase));
  setContextKey = (context: string, name: string | null) => this.#take(ipc.setContextKey(context, name));
  addRecipient = (key: string, label: string, context: string | null) => this.#take(ipc.addRecipient(key, label, context));
  removeRecipient = (key: string, context: string | null) => this.#take(ipc.removeRecipient(key, context));

  clear(): void {
    this.#asked += 1;
    this.view = null;
  }

  async #take(answer: Promise<KeysView>): Promise<void> {
    const asked = ++this.#asked;
    const view = await answer;
    if (asked === this.#asked) this.view = view;
  }
}
