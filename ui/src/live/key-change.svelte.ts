import { Attempt } from "./attempt.svelte";

/**
 * A change of the keys on this machine. The passphrase is asked for only where one protects them,
 * and forgotten as soon as it is sent.
 */
export class KeyChange<Kind extends string> {
  readonly attempt = new Attempt<Kind>();
  passphrase = $state("");
  needsPassphrase = $state(false);

  readonly ready = $derived(!this.needsPassphrase || this.passphrase !== "");

  /** Answers whether it was done. */
  async run(kind: Kind, act: (passphrase: string | null) => Promise<void>): Promise<boolean> {
    const given = this.needsPassphrase ? this.passphrase : null;
    this.passphrase = "";
    const done = await this.attempt.run(kind, () => act(given));
    if (this.attempt.error?.code === "passphrase_needed") {
      this.needsPassphrase = true;
      this.attempt.error = null;
    } else if (done) {
      this.needsPassphrase = false;
    }
    return done;
  }
}
