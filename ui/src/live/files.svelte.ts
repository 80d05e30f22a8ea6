import { asErrorView, ipc } from "../ipc";
import * as list from "../state/list";
import { movedBy } from "../state/scroll";
import * as selection from "../state/selection";
import { allOf, asQuery, at, type Location, type Narrowing, type Order } from "../state/filter";
import * as history from "../state/history";
import type { Row, RowPage, SortKey } from "../types";

const GATHER_MS = 150;
const ALL_AT_ONCE = 1000;
const MOST_FOLLOWED = 200;
/** While files come faster than they are read, what is in view is loaded a moment later instead. */
const MOST_TRIES = 5;

/** The file list: asks the shell for the pages in view, and keeps what is selected. */
export class Files {
  list = $state.raw<list.List>(list.unread);
  picked = $state.raw<selection.Selection>(selection.nothing);
  asking = $state(false);
  /** Where one was before. */
  past = $state.raw<history.History>(history.none);
  /**
   * How often rows came or went before what is in view, and by how many places it moved the last
   * time.
   */
  moved = $state.raw({ times: 0, by: 0 });
  #first = 0;
  #last = list.PAGE - 1;
  #held: () => number | null = () => null;
  /** By how many places what is in view has moved in all. */
  #drift = 0;
  /** Nobody is here before somebody looked, and after the profile was left. */
  #here = false;
  #changedAt = -GATHER_MS;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(order?: Order) {
    this.list = { ...list.unread, filter: allOf(order) };
  }

  /** The rows now in view, and the one of them that stays where it is on the screen. */
  look(first: number, last: number, held: () => number | null = () => null): void {
    this.#first = first;
    this.#last = last;
    this.#held = held;
    this.#here = true;
    void this.#ask();
  }

  search = (search: string) => this.#refilter(list.filtered(this.list, { search }));
  narrow = (change: Partial<Narrowing>) => this.#refilter(list.filtered(this.list, change));
  sort = (sort: SortKey) => this.#refilter(list.sorted(this.list, sort));

  /** Goes somewhere, so that one can come back. */
  go(location: Location): void {
    this.past = history.left(this.past, this.list.filter.location, location);
    this.#show(location);
  }

  open = (folder: string) => this.go({ at: "folder", folder });

  /** To the folder around the one that is shown. */
  up(): boolean {
    const { location } = this.list.filter;
    if (location.at !== "folder" || location.folder === "") return false;
    this.open(this.list.crumbs.at(-2)?.key ?? "");
    return true;
  }

  back(): boolean {
    const { past, to } = history.back(this.past);
    if (!to) return false;
    this.past = past;
    this.#show(to);
    return true;
  }

  #show = (location: Location) =>
    this.#refilter(list.filtered(this.list, at(this.list.filter, location)));

  retry(): void {
    this.list = list.retried(this.list);
    void this.#ask();
  }

  /**
   * The files changed: read again what is shown, at most once in a while however many changes come.
   */
  changed(): void {
    if (!this.#here || this.#timer !== null) return;
    const wait = Math.max(0, this.#changedAt + GATHER_MS - Date.now());
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#changedAt = Date.now();
      this.list = list.retried(list.changed(this.list));
      void this.#ask();
    }, wait);
  }

  clear(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#here = false;
    const epoch = this.list.epoch + 1;
    const filter = allOf(this.list.filter.usual);
    this.list = { ...list.unread, filter, epoch, shownEpoch: epoch };
    this.picked = selection.nothing;
    this.past = history.none;
  }

  pick(row: Row, at: number): void {
    this.picked = selection.only(row, at);
  }

  /** Picks the row at a place that may not have been read yet; the last wish wins. */
  async pickAt(at: number): Promise<void> {
    this.moveTo(at);
    const { epoch } = this.list;
    const drift = this.#drift;
    const row = list.rowAt(this.list, at) ?? (await this.#readAll(at, at))[0];
    const now = at + this.#drift - drift;
    if (row && this.picked.cursor === now && this.list.epoch === epoch) this.pick(row, now);
  }

  moveTo(at: number): void {
    this.picked = selection.moved(this.picked, at);
  }

  toggle(row: Row, at: number): void {
    this.picked = selection.toggled(this.picked, row, at);
  }

  async pickTo(at: number): Promise<void> {
    const { first, last } = selection.span(this.picked, at);
    this.moveTo(at);
    const { epoch } = this.list;
    const drift = this.#drift;
    const rows = list.rowsBetween(this.list, first, last) ?? (await this.#readAll(first, last));
    const now = at + this.#drift - drift;
    if (this.picked.cursor !== now || this.list.epoch !== epoch) return;
    this.picked = selection.ranged(this.picked, rows, now);
  }

  async pickAll(): Promise<void> {
    if (this.list.total === 0) return;
    const { epoch } = this.list;
    const rows = await this.#readAll(0, this.list.total - 1);
    if (this.list.epoch !== epoch) return;
    this.picked = selection.everything(this.picked, rows);
  }

  pickNone(): void {
    this.picked = { ...selection.nothing, cursor: this.picked.cursor };
  }

  forget(ids: Iterable<string>): void {
    this.picked = selection.without(this.picked, ids);
  }

  #refilter(next: list.List): void {
    this.list = list.retried(next);
    this.picked = selection.nothing;
    this.#first = 0;
    this.#last = list.PAGE - 1;
    void this.#ask();
  }

  /** One question at a time; each answer decides what is asked next. */
  async #ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      for (let asked = this.#next(); asked; asked = this.#next()) await this.#answer(asked);
    } finally {
      this.asking = false;
    }
  }

  #next = () =>
    this.list.error || !this.#here ? null : list.wanted(this.list, this.#first, this.#last);

  async #answer(asked: list.Question): Promise<void> {
    try {
      if (list.isStale(this.list, this.#first, this.#last)) await this.#reread();
      else this.#take(asked, await ipc.queryRows(asked.query), 0);
    } catch (failure) {
      this.list = list.failed(this.list, asked, asErrorView(failure));
    }
  }

  /**
   * Files came, went or changed: reads what will be in view once the held row is where it was on
   * the screen. One answer has the
   * rows and the places of one moment; what is put together of two would jump.
   */
  async #reread(): Promise<void> {
    const { epoch } = this.list;
    const seen = list.rowsSeen(this.list, this.#first, this.#last).slice(0, MOST_FOLLOWED);
    const follow = seen.map(({ id }) => id);
    let by = 0;
    for (let tries = 1; epoch === this.list.epoch; tries += 1) {
      const asked = list.pagesAt(this.list, this.#first + by, follow);
      const page = await ipc.queryRows(asked.query);
      by = movedBy(seen, page.followed, this.#held());
      const isWhole = list.covers(
        asked.query,
        Math.max(0, this.#first + by),
        this.#last + by,
        page.total,
      );
      if (isWhole || tries === MOST_TRIES) return this.#take(asked, page, by);
    }
  }

  /** Takes an answer over, and has the view follow the rows that moved. */
  #take(asked: list.Question, page: RowPage, by: number): void {
    const before = this.list;
    const isOther = by !== 0 || page.total !== before.total;
    this.list = list.answered(before, asked, page, isOther && asked.query.follow.length > 0);
    if (asked.epoch !== before.epoch) return;
    if (by !== 0) {
      this.picked = selection.shifted(this.picked, by, page.total - 1);
      this.#first = Math.max(0, this.#first + by);
      this.#last = Math.max(0, this.#last + by);
      this.#drift += by;
      this.moved = { times: this.moved.times + 1, by };
    }
    this.picked = selection.refreshed(this.picked, page.rows, page.offset);
  }

  async #readAll(first: number, last: number): Promise<Row[]> {
    const query = asQuery(this.list.filter);
    const rows: Row[] = [];
    for (let offset = first; offset <= last; offset += ALL_AT_ONCE) {
      const limit = Math.min(ALL_AT_ONCE, last - offset + 1);
      rows.push(...(await ipc.queryRows({ ...query, offset, limit, follow: [] })).rows);
    }
    return rows;
  }
}
