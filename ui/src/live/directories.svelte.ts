import { ipc } from "../ipc";
import { nameOf, personName } from "../state/directories";
import { t } from "../strings";
import type {
  Directories as DirectoriesView,
  DirectoryChange,
  Invitation,
  NewPerson,
  OpenDirectory,
  Person,
} from "../types";
import type { Work } from "./work.svelte";
import { EditableState } from "./service-state.svelte";

/** What can be done without any list showing it. */
const UNLISTED: readonly string[] = ["setPassword", "addStorage", "storeMeta"];

/**
 * The directories of the profile, the one that is looked at, and what the service was asked for
 * about them.
 */
export class Directories extends EditableState {
  view = $state.raw<DirectoriesView | null>(null);
  /** The directory that is looked at. */
  chosen = $state<string | null>(null);
  opened = $state.raw<OpenDirectory | null>(null);
  /**
   * What was done and shows in no list: it is said where it was asked for, until it is asked for
   * again.
   */
  #done = $state.raw<Readonly<Record<string, string>>>({});

  read(): Promise<void> {
    const chosen = this.chosen;
    const ask = () =>
      Promise.all([ipc.directories(), chosen === null ? null : ipc.directory(chosen)]);
    return this.load(ask, ([view, opened]) => {
      this.view = view;
      this.opened = opened;
    });
  }

  /** Looks at one directory, or at all of them. */
  open(id: string | null): void {
    this.chosen = id;
    this.opened = this.error = null;
    void this.read();
  }

  get isOwner(): boolean {
    return this.view?.owned?.some(({ id }) => id === this.chosen) ?? false;
  }

  make = (name: string, shortName: string) =>
    this.carryOut("make", "make", t("directories.says.made", { name }), () =>
      ipc.makeDirectory(name, shortName),
    );

  answer = (invitation: Invitation, accept: boolean) => {
    const kind = accept ? "accept" : "decline";
    const words = t(`directories.says.${kind}`, { name: invitation.name ?? invitation.directory });
    return this.carryOut(`invitation ${invitation.directory}`, kind, words, () =>
      ipc.answerInvitation(invitation.directory, accept),
    );
  };

  /** `name` is who or what it is about, `key` where it is shown. */
  change(key: string, name: string, change: DirectoryChange): Promise<boolean> {
    return this.#inOpened(key, change.kind, t(`directory.says.${change.kind}`, { name }), (id) =>
      ipc.changeDirectory(id, change),
    );
  }

  addPerson = (person: NewPerson) =>
    this.change("new", person.username, { kind: "addPerson", ...person });

  setPassword = (person: Person, password: string) =>
    this.change(`person ${person.id}`, personName(person), {
      kind: "setPassword",
      person: person.id,
      password,
    });

  keepMeta = (meta: string) => {
    const name = this.opened ? nameOf(this.opened.directory) : "";
    return this.change("meta", name, { kind: "storeMeta", meta });
  };

  /** What is under way in one directory is not shown in another. */
  within(key: string): Work<string> {
    return this.work(`${this.chosen ?? ""} ${key}`);
  }

  /** What was done there last, if no list shows it. */
  doneWithin(key: string): string | null {
    return this.#done[`${this.chosen ?? ""} ${key}`] ?? null;
  }

  async #inOpened(
    key: string,
    kind: string,
    words: string,
    act: (id: string) => Promise<unknown>,
  ): Promise<boolean> {
    const id = this.chosen;
    if (id === null) return false;
    const [at, life] = [`${id} ${key}`, this.life];
    this.#done = Object.fromEntries(Object.entries(this.#done).filter(([key]) => key !== at));
    const done = await this.carryOut(at, kind, words, () => act(id));
    if (done && life === this.life && UNLISTED.includes(kind))
      this.#done = { ...this.#done, [at]: words };
    return done;
  }

  override clear(): void {
    super.clear();
    this.view = this.opened = this.chosen = null;
    this.#done = {};
  }
}
