import { asErrorView, ipc } from "../ipc";
import { counted, group, grouped, NAMED, type Found } from "../state/attention";
import { allOf, asQuery, verifiedBefore } from "../state/filter";
import type { ErrorView, FileState, RowPage } from "../types";

const GATHER_MS = 150;
/** So many files are read; with more of them, each kind is only counted. */
const READ = 200;

const everywhere = asQuery({ ...allOf(), location: { at: "attention" } });
const ask = (needsAttention: boolean, state: FileState | null, limit: number): Promise<RowPage> =>
  ipc.queryRows({ ...everywhere, needsAttention, state, offset: 0, limit, follow: [] });

/** The files that need attention, as far as somebody looks at them. */
export class Attention {
  found = $state.raw<Found | null>(null);
  error = $state.raw<ErrorView | null>(null);
  #watchers = 0;
  #reading = false;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Grows when the profile is left. */
  #life = 0;

  watch(): () => void {
    this.#watchers += 1;
    void this.read();
    return () => {
      this.#watchers -= 1;
      if (this.#watchers > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Files changed: they are read again at most once in a while, however many changes come. */
  changed(): void {
    if (this.#watchers === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.read();
    }, GATHER_MS);
  }

  async read(): Promise<void> {
    this.#again = this.#reading;
    if (this.#reading) return;
    this.#reading = true;
    const life = this.#life;
    try {
      const found = await this.#ask();
      if (life === this.#life) {
        this.found = found;
        this.error = null;
      }
    } catch (failure) {
      if (life === this.#life) this.error = asErrorView(failure);
    } finally {
      this.#reading = false;
    }
    if (this.#again) this.changed();
  }

  clear(): void {
    this.#life += 1;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
    this.found = null;
    this.error = null;
  }

  async #ask(): Promise<Found> {
    const wrong = await ask(true, null, READ);
    const unsure = await ask(false, "notConfirmed", NAMED);
    const found = wrong.total <= READ ? grouped(wrong) : await this.#count(wrong);
    const names = unsure.rows.map(({ name }) => name);
    const old = await ipc.queryRows({
      ...everywhere,
      needsAttention: false,
      verifiedBefore: verifiedBefore(Date.now()),
      offset: 0,
      limit: NAMED,
      follow: [],
    });
    return {
      ...found,
      notConfirmed: group(names, unsure.total),
      unverified: group(
        old.rows.map(({ name }) => name),
        old.total,
      ),
    };
  }

  async #count(all: RowPage): Promise<Found> {
    const count = async (state: FileState) => (await ask(true, state, 1)).total;
    const missing = await count("missing");
    const mismatch = await count("mismatch");
    const notListed = (await count("notListed")) + (await count("unanswered"));
    const renamed = Math.max(0, all.total - missing - mismatch - notListed);
    return counted(grouped(all), { missing, mismatch, notListed, renamed });
  }
}
