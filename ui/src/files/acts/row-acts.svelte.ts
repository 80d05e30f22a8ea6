import { SvelteMap } from "svelte/reactivity";
import { asErrorView, ipc } from "../../ipc";
import { Attempt } from "../../live/attempt.svelte";
import type { Files } from "../../live/files.svelte";
import type { Messages } from "../../live/messages.svelte";
import type { Outside } from "../../live/outside.svelte";
import { filesAmong, isFile, movable, refOf, usable } from "../../state/rows";
import { t } from "../../strings";
import type { AlreadySaved, ErrorView, FileView, Layout, Outcome, Row } from "../../types";

/** A name that is being typed: of a row, or of a folder that is not there yet. */
export type Naming = {
  readonly where: "list" | "side";
  readonly row: Row | null;
  /** The folder that a new one is made in. */
  readonly parent: string;
};

/** What is done to a row while the service is asked. */
export type ChangeKind = "rename" | "move" | "label";

/** A form about rows, in front of the page. */
export type Asked = {
  readonly what: "save" | "move" | "label" | "classify";
  readonly rows: readonly Row[];
};

/** What can be done with rows, wherever it is asked for: the list, the sidebar, the details. */
export class RowActs {
  readonly saving = new Attempt<"save">();
  readonly deleting = new Attempt<"delete">();
  readonly verifying = new Attempt<"verify">();
  naming = $state.raw<Naming | null>(null);
  /** What was typed so far: its row may be rendered again meanwhile. */
  typed = $state<string | null>(null);
  isNaming = $state(false);
  nameError = $state.raw<ErrorView | null>(null);
  asked = $state.raw<Asked | null>(null);
  looked = $state.raw<FileView | null>(null);
  #changes = new SvelteMap<string, ChangeKind>();
  /** Grows when the profile is left. */
  #life = 0;

  constructor(
    private readonly files: Files,
    private readonly messages: Messages,
    private readonly outside: Outside,
    private readonly log: (act: ChangeKind, name: string, outcome: Outcome, to: string) => void,
  ) {}

  get picked(): Row[] {
    return [...this.files.picked.rows.values()];
  }

  open = (row: Row): void => {
    if (row.row === "folder") this.files.open(row.key);
    else this.look(row);
  };

  look = (row: Row): void => {
    if (isFile(row)) this.looked = row;
  };

  /** One file is saved where the user says; for several, what may happen is chosen first. */
  save = (rows: readonly Row[]): void => {
    const meant = usable(rows);
    const [row] = meant;
    if (row && meant.length === 1 && isFile(row)) void this.saveAs(meant, "inFolders", "keepBoth");
    else if (row) this.asked = { what: "save", rows: meant };
  };

  async saveAs(rows: readonly Row[], layout: Layout, existing: AlreadySaved): Promise<void> {
    await this.saving.run("save", () => ipc.saveRows(rows.map(refOf), layout, existing));
    if (this.saving.error) this.messages.refused(this.saving.error, named("act.save", rows));
  }

  saveVersion = async (id: string, name: string): Promise<void> => {
    await this.saving.run("save", () => ipc.saveFiles([id]));
    if (this.saving.error) this.messages.refused(this.saving.error, t("versions.act", { name }));
  };

  toDownloads = async (rows: readonly Row[]): Promise<void> => {
    const meant = usable(rows);
    await this.saving.run("save", () => ipc.saveToDownloads(meant.map(refOf)));
    if (this.saving.error) this.messages.refused(this.saving.error, named("act.save", meant));
  };

  /** What is not opened because it would be run is offered to be saved. */
  openOutside = async (file: FileView): Promise<void> => {
    if (await this.outside.open(file.id, file.name))
      await this.saveAs([file], "inFolders", "keepBoth");
  };

  remove = async (rows: readonly Row[]): Promise<void> => {
    const meant = usable(rows);
    if (meant.length === 0) return;
    await this.deleting.run("delete", async () => {
      if (await this.messages.delete(meant.map(refOf), meant[0]?.name ?? ""))
        this.files.forget(meant.map(({ id }) => id));
    });
  };

  verify = async (rows: readonly Row[]): Promise<void> => {
    const ids = filesAmong(rows).map(({ id }) => id);
    await this.verifying.run("verify", async () => void (await ipc.verifyFiles(ids)));
    if (this.verifying.error)
      this.messages.refused(this.verifying.error, named("act.verify", rows));
  };

  rename = (row: Row | null | undefined, where: Naming["where"] = "list"): void => {
    if (!row || (isFile(row) && row.state === "deleting")) return;
    this.#name({ where, row, parent: "" });
  };

  /** A new folder is named in the list of the folder that it will be in. */
  newFolder = (parent: string): void => {
    const { location } = this.files.list.filter;
    if (location.at !== "folder" || location.folder !== parent) this.files.open(parent);
    this.#name({ where: "list", row: null, parent });
  };

  #name(naming: Naming): void {
    if (this.isNaming) return;
    this.naming = naming;
    this.typed = null;
    this.nameError = null;
  }

  /** What was typed, or nothing when it stays as it was. Answers whether that was the end of it. */
  named = async (name: string | null): Promise<boolean> => {
    const { naming } = this;
    if (!naming || this.isNaming) return false;
    if (name === null) this.naming = null;
    else await this.#send(naming, name);
    return this.naming === null;
  };

  async #send({ row, parent }: Naming, name: string): Promise<void> {
    const life = this.#life;
    this.isNaming = true;
    this.nameError = null;
    try {
      if (row) await this.#change("rename", [row], name, () => ipc.renameRow(refOf(row), name));
      else await ipc.newFolder(parent, name);
      if (life === this.#life) this.naming = null;
    } catch (failure) {
      const about = row ? t("rename.about", { name: row.name }) : t("folder.about", { name });
      if (life === this.#life) this.#refuseName(failure, about);
    } finally {
      if (life === this.#life) this.isNaming = false;
    }
  }

  #refuseName(failure: unknown, about: string): void {
    const error = asErrorView(failure);
    if (AT_THE_FIELD.has(error.code)) this.nameError = error;
    else {
      this.naming = null;
      this.messages.refused(error, about);
    }
  }

  moveTo = (rows: readonly Row[], folder: string): Promise<void> =>
    this.#changed("move", rows, "", () => ipc.moveRows(rows.map(refOf), folder));

  /** What is dragged goes into a folder; dropped beside all folders, or where it is, it stays. */
  dropOn(folder: string | undefined): void {
    if (folder === undefined) return;
    const meant = movable(this.outside.dragged, folder);
    this.outside.dragged = [];
    if (meant.length > 0) void this.moveTo(meant, folder);
  }

  label = (rows: readonly Row[], label: string): Promise<void> =>
    this.#changed("label", rows, label, () => ipc.labelRows(rows.map(refOf), label));

  classifying = new Attempt<"classify">();

  /** Who has closed the form is told of a failure. */
  classify = async (
    asked: Asked,
    file: FileView,
    words: readonly [string, string, string],
  ): Promise<void> => {
    const life = this.#life;
    const isDone = await this.classifying.run("classify", () => ipc.classify(file.id, ...words));
    if (life !== this.#life) return;
    const isOpen = this.asked === asked;
    if (isDone) {
      this.messages.say(t("classify.done", { name: file.name }));
      if (isOpen) this.asked = null;
    } else if (!isOpen && this.classifying.error)
      this.messages.refused(this.classifying.error, t("classify.title", { name: file.name }));
  };

  ask = (what: Asked["what"], rows: readonly Row[]): void => {
    const meant = usable(rows);
    if (what === "classify") this.classifying.error = null;
    if (meant.length > 0) this.asked = { what, rows: meant };
  };

  /** What is being done to a row now. */
  changeOf = (row: Row): ChangeKind | null => this.#changes.get(row.id) ?? null;

  async #changed(
    kind: ChangeKind,
    rows: readonly Row[],
    to: string,
    ask: () => Promise<Outcome>,
  ): Promise<void> {
    const life = this.#life;
    try {
      await this.#change(kind, rows, to, ask);
    } catch (failure) {
      if (life === this.#life)
        this.messages.failed(failure, named(kind === "move" ? "move.about" : "labels.about", rows));
    }
  }

  async #change(
    kind: ChangeKind,
    rows: readonly Row[],
    to: string,
    ask: () => Promise<Outcome>,
  ): Promise<void> {
    const life = this.#life;
    for (const { id } of rows) this.#changes.set(id, kind);
    try {
      const outcome = await ask();
      if (life !== this.#life) return;
      this.#tell(outcome);
      this.log(kind, rows[0]?.name ?? "", outcome, to);
    } finally {
      if (life === this.#life) for (const { id } of rows) this.#changes.delete(id);
    }
  }

  #tell({ done, notConfirmed, failed, moreFailed }: Outcome): void {
    const [first] = failed;
    if (first) {
      const [name, { message, hint }] = first;
      const count = failed.length + moreFailed;
      this.messages.notice({
        kind: "error",
        message: t("change.failed", { name, reason: message }, count),
        hint,
      });
    }
    if (notConfirmed > 0)
      this.messages.notice({
        kind: "warning",
        message: t("change.notConfirmed", {}, notConfirmed),
        hint: t("change.sentHint"),
      });
    if (done > 0) this.messages.say(t("change.done", {}, done));
  }

  clear(): void {
    this.#life += 1;
    this.#changes.clear();
    this.naming = this.typed = this.nameError = this.asked = this.looked = null;
    this.isNaming = false;
  }
}

/** What is wrong with a name is said where it is typed. */
const AT_THE_FIELD: ReadonlySet<string> = new Set([
  "bad_name",
  "path_taken",
  "path_too_long",
  "name_taken",
  "name_not_carried",
]);

const named = (
  phrase: "act.save" | "act.verify" | "move.about" | "labels.about",
  rows: readonly Row[],
): string => t(phrase, { name: rows[0]?.name ?? "" }, rows.length);
