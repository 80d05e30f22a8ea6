/** The one door between the page and the shell. Nothing else imports the bindings or Tauri. */
import { events } from "./bindings";
import type {
  AppView,
  CopyEnded,
  DeletionEnded,
  DropChanged,
  ErrorView,
  KeyStep,
  Notice,
  TransfersChanged,
} from "./types";

/** Every command of the shell. One that is refused throws an `ErrorView`. */
export { commands as ipc } from "./bindings";

/**
 * Any failure as something that can be shown; what is not the shell's own error is a fault of the
 * app.
 */
export function asErrorView(failure: unknown): ErrorView {
  if (isErrorView(failure)) return failure;
  const detail = failure instanceof Error ? failure.message : String(failure);
  return { code: "broken", message: "Something unexpected happened in the app.", hint: detail };
}

function isErrorView(value: unknown): value is ErrorView {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    "message" in value &&
    "hint" in value
  );
}

/** Everything the shell may say on its own. */
export type Heard = {
  appChanged(view: AppView): void;
  filesChanged(): void;
  activityChanged(): void;
  transfersChanged(change: TransfersChanged): void;
  dropChanged(drop: DropChanged): void;
  rowsDropped(): void;
  keyProgress(step: KeyStep): void;
  deletionEnded(end: DeletionEnded): void;
  copyEnded(end: CopyEnded): void;
  notice(notice: Notice): void;
};

type Source<T> = { listen(cb: (event: { payload: T }) => void): Promise<() => void> };

const hear = <T>(source: Source<T>, cb: (payload: T) => void) =>
  source.listen((event) => cb(event.payload));

/** Listens to every event; answers how to stop listening. */
export async function listen(heard: Heard): Promise<() => void> {
  const stops = await Promise.all([
    hear<AppView>(events.appChanged, heard.appChanged),
    hear<null>(events.filesChanged, heard.filesChanged),
    hear<null>(events.activityChanged, heard.activityChanged),
    hear<TransfersChanged>(events.transfersChanged, heard.transfersChanged),
    hear<DropChanged>(events.dropChanged, heard.dropChanged),
    hear<null>(events.rowsDropped, heard.rowsDropped),
    hear<{ step: KeyStep }>(events.keyProgress, (progress) => heard.keyProgress(progress.step)),
    hear<DeletionEnded>(events.deletionEnded, heard.deletionEnded),
    hear<CopyEnded>(events.copyEnded, heard.copyEnded),
    hear<Notice>(events.notice, heard.notice),
  ]);
  return () => stops.forEach((stop) => stop());
}
