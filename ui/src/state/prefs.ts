/** How the user has arranged the list. No name of a file or a folder is in it. */
import type { SortKey } from "../types";
import type { Order } from "./filter";

export type Column = "kind" | "size" | "time" | "state";
export type Density = 28 | 32 | 40;

export type Prefs = {
  readonly order: Order;
  readonly density: Density;
  readonly widths: Readonly<Record<Column, number>>;
  readonly details: boolean;
  /** In percent. */
  readonly zoom: number;
};

export const densities: readonly Density[] = [28, 32, 40];
const sorts: readonly SortKey[] = ["name", "kind", "size", "modified", "storedAt", "state"];
const limits: Record<Column, readonly [least: number, most: number]> = {
  kind: [56, 240],
  size: [64, 160],
  time: [72, 240],
  state: [48, 320],
};
const zooms: readonly number[] = [75, 80, 90, 100, 110, 125, 150, 175, 200];

export const standard: Prefs = {
  order: { sort: "name", descending: false },
  density: 32,
  widths: { kind: 96, size: 92, time: 104, state: 172 },
  details: true,
  zoom: 100,
};

/** A width within what a column needs and what leaves room for the names. */
export const fitting = (column: Column, width: number): number => {
  const [least, most] = limits[column];
  return Math.round(Math.max(least, Math.min(most, width)));
};

export const resized = (prefs: Prefs, column: Column, width: number): Prefs => ({
  ...prefs,
  widths: { ...prefs.widths, [column]: fitting(column, width) },
});

/** The next step of the zoom, or the whole size for 0. */
export function zoomed(prefs: Prefs, step: -1 | 0 | 1): Prefs {
  const at = zooms.indexOf(prefs.zoom);
  const zoom = step === 0 || at < 0 ? 100 : (zooms[at + step] ?? prefs.zoom);
  return { ...prefs, zoom };
}

/** What was written down, as far as it makes sense. */
export function parsed(text: string | null): Prefs {
  try {
    const read = JSON.parse(text ?? "{}") as Partial<Prefs>;
    const width = (column: Column) => {
      const value = read.widths?.[column];
      return typeof value === "number" && Number.isFinite(value)
        ? fitting(column, value)
        : standard.widths[column];
    };
    return {
      order:
        read.order && sorts.includes(read.order.sort)
          ? { sort: read.order.sort, descending: read.order.descending === true }
          : standard.order,
      density: densities.find((each) => each === read.density) ?? standard.density,
      widths: {
        kind: width("kind"),
        size: width("size"),
        time: width("time"),
        state: width("state"),
      },
      details: read.details !== false,
      zoom: zooms.find((each) => each === read.zoom) ?? standard.zoom,
    };
  } catch {
    return standard;
  }
}
