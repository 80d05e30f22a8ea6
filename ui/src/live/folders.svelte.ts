import { SvelteSet } from "svelte/reactivity";
import { ipc } from "../ipc";
import { treeOf, withFolder, type Tree } from "../state/tree";
import type { FolderList } from "../types";

const GATHER_MS = 300;

/** The folder tree of the sidebar: a folder is read when it is opened. */
export class Folders {
  tree = $state.raw<Tree>(treeOf([]));
  readonly open = new SvelteSet<string>();
  #life = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Reads the top, and the folders that are open. */
  async read(): Promise<void> {
    const life = this.#life;
    const keys = ["", ...this.open];
    const lists = await Promise.all(keys.map((key) => this.#ask(key)));
    if (life !== this.#life) return;
    const known = keys.flatMap((key, at): [string, FolderList][] => {
      const list = lists[at];
      return list ? [[key, list]] : [];
    });
    this.tree = treeOf(known);
    for (const key of this.open) if (!this.tree.has(key)) this.open.delete(key);
  }

  async toggle(key: string): Promise<void> {
    if (this.open.delete(key)) return;
    this.open.add(key);
    const life = this.#life;
    const list = await this.#ask(key);
    if (life !== this.#life) return;
    if (list) this.tree = withFolder(this.tree, key, list);
    else this.open.delete(key);
  }

  /** The files changed: read again, at most once in a while. */
  changed(): void {
    const life = this.#life;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (life === this.#life) void this.read();
    }, GATHER_MS);
  }

  clear(): void {
    this.#life += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.open.clear();
    this.tree = treeOf([]);
  }

  /** Nothing for a folder that is gone, or that cannot be read now: the next change reads again. */
  async #ask(key: string): Promise<FolderList | null> {
    try {
      return await ipc.queryFolders(key);
    } catch {
      return null;
    }
  }
}
