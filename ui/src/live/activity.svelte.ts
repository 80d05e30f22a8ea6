import { asErrorView, ipc } from "../ipc";
import { everything, WINDOW } from "../state/activity";
import { acted, noted, type FileLog, type RowAct } from "../state/file-log";
import type { ActivityPage, ActivityQuery, Outcome, Statistics, TransferView } from "../types";
import { Attempt } from "./attempt.svelte";
import { ServiceState } from "./service-state.svelte";

/** What was asked of the service in this session, as far as somebody looks at it. */
export class Activity extends ServiceState {
  query = $state.raw<ActivityQuery>(everything);
  page = $state.raw<ActivityPage | null>(null);
  statistics = $state.raw<Statistics | null>(null);
  /** What was done with files. */
  files = $state.raw<FileLog>([]);
  /** The entries whose timeline is open. */
  open = $state.raw<readonly number[]>([]);
  exporting = $state.raw(new Attempt<"export">());
  /** How many entries were written last. */
  written = $state<number | null>(null);
  #watched = false;
  #counted = 0;
  /** Grows when the profile is left. */
  #life = 0;

  /** Somebody looks, until what is answered is called. */
  watch(): () => void {
    this.#watched = true;
    void this.read();
    return () => {
      this.#watched = false;
      this.written = null;
    };
  }

  /** The log changed; what nobody looks at is not asked for. */
  changed(): void {
    if (this.#watched) void this.read();
  }

  transfersChanged(changed: readonly TransferView[]): void {
    this.files = noted(this.files, changed, Date.now());
  }

  /** Something was done with rows of the list. */
  acted = (did: RowAct, name: string, outcome: Outcome, to = ""): void => {
    this.files = acted(this.files, { did, name, to }, outcome, Date.now());
  };

  filter(change: Partial<ActivityQuery>): void {
    this.query = { ...this.query, limit: WINDOW, ...change };
    void this.read();
  }

  older(): void {
    this.filter({ limit: this.query.limit + WINDOW });
  }

  toggle(id: number): void {
    const others = this.open.filter((known) => known !== id);
    this.open = others.length < this.open.length ? others : [...others, id];
  }

  read(): Promise<void> {
    const query = this.query;
    return this.load(
      () => ipc.activity(query),
      (page) => (this.page = page),
    );
  }

  /** The service is asked too: only when somebody wants to see. */
  async count(): Promise<void> {
    const counted = ++this.#counted;
    try {
      const statistics = await ipc.statistics();
      if (counted !== this.#counted) return;
      this.statistics = statistics;
      this.error = null;
    } catch (failure) {
      if (counted === this.#counted) this.error = asErrorView(failure);
    }
  }

  export = () =>
    this.exporting.run("export", async () => {
      this.written = null;
      const life = this.#life;
      const written = await ipc.exportActivity();
      if (life === this.#life) this.written = written;
    });

  clear(): void {
    this.invalidate();
    this.#counted += 1;
    this.#life += 1;
    this.query = everything;
    this.page = null;
    this.statistics = null;
    this.open = [];
    this.files = [];
    this.exporting = new Attempt();
    this.written = null;
  }
}
