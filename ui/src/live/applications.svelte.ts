import { ipc } from "../ipc";
import { t } from "../strings";
import type { Application, HeldSecret, NewApplication } from "../types";
import { Work } from "./work.svelte";
import { ServiceState } from "./service-state.svelte";

/** An application that was let in: with this id, and the word it chose, it fetches its code. */
export type LetIn = { id: string; word: string };

/**
 * The OAuth applications of the profile, whose secrets the shell holds, and what the service was
 * asked for about them.
 */
export class Applications extends ServiceState {
  list = $state.raw<Application[] | null>(null);
  /** Secrets that were told and not yet put away. Their text is not here. */
  held = $state.raw<HeldSecret[]>([]);
  letIn = $state.raw<LetIn | null>(null);
  registering = $state.raw(new Work<"register">());
  letting = $state.raw(new Work<"let">());
  /** Grows when the profile is left. */
  #life = 0;
  #secrets: Record<string, Work<"secret">> = Object.create(null);

  constructor(readonly say: (words: string) => void) {
    super();
  }

  /** What is under way with the secret of an application, or how it ended. */
  secret(id: string): Work<"secret"> {
    return (this.#secrets[id] ??= new Work());
  }

  isHeld = (id: string) => this.held.some(({ application }) => application === id);

  /** What an application is called, as far as the list tells. */
  called = (id: string) => this.list?.find((application) => application.id === id)?.name ?? id;

  read(): Promise<void> {
    return this.load(ipc.applications, (view) => {
      this.list = view.applications;
      this.held = view.held;
    });
  }

  /** The user looks: what the list shows now takes the place of what was not confirmed. */
  async refresh(): Promise<void> {
    await this.read();
    if (!this.error && this.registering.unclear) this.registering.error = null;
  }

  /** Registers one and asks for its secret at once: there is nobody else yet who could. */
  register = (wish: NewApplication) =>
    this.registering.run("register", async () => {
      const life = this.#life;
      const id = await ipc.registerApplication(wish);
      if (life !== this.#life) return;
      this.say(t("applications.says.register", { name: wish.name }));
      await this.takeSecret(id);
      if (life === this.#life) await this.read();
    });

  /** Answers whether the shell holds it now. */
  takeSecret = (id: string) =>
    this.secret(id).run("secret", async () => {
      const life = this.#life;
      const held = await ipc.takeApplicationSecret(id);
      if (life === this.#life)
        this.#hold([...this.held.filter(({ application }) => application !== id), held]);
    });

  async putAway(id: string): Promise<void> {
    const life = this.#life;
    await ipc.forgetApplicationSecret(id);
    if (life !== this.#life) return;
    this.#hold(this.held.filter(({ application }) => application !== id));
    this.say(t("applications.says.putAway", { name: this.called(id) }));
  }

  saveSecret = (id: string) => ipc.saveApplicationSecret(id, this.called(id));

  let = (clientId: string, word: string, scopes: string[]) =>
    this.letting.run("let", async () => {
      const life = this.#life;
      this.letIn = null;
      const id = await ipc.letApplicationIn(clientId, word, scopes);
      if (life !== this.#life) return;
      this.letIn = { id, word };
      this.say(t("applications.says.let"));
    });

  /** A list that is being read may be from before: it is read anew. */
  #hold(held: HeldSecret[]): void {
    this.held = held;
    if (this.reading) void this.read();
  }

  clear(): void {
    this.invalidate();
    this.#life += 1;
    this.list = this.letIn = null;
    this.held = [];
    this.registering = new Work();
    this.letting = new Work();
    this.#secrets = Object.create(null);
  }
}
