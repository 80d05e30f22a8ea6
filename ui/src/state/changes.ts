/** What is being done to rows, until the list shows it. */
import type { Outcome, Row } from "../types";

export type ChangeKind = "rename" | "move" | "label";

export type Change = {
  readonly kind: ChangeKind;
  /** The service was asked, and its answer is not known yet. */
  readonly isSent: boolean;
  /** What the row looked like before. */
  readonly before: string;
};

const looks = (row: Row): string =>
  JSON.stringify([row.within, row.name, row.row === "file" ? row.context : ""]);

export const changeOf = (row: Row, kind: ChangeKind, isSent: boolean): Change => ({
  kind,
  isSent,
  before: looks(row),
});

/** Whether the row still looks as it did: once it is changed, there is nothing more to say. */
export const isOpen = (change: Change | undefined, row: Row): change is Change =>
  change !== undefined && change.before === looks(row);

/** Which of the rows may be changed yet; of several it is not told which. */
export const mayFollow = ({ notConfirmed }: Outcome): boolean => notConfirmed > 0;
