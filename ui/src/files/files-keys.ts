/** Keys that work all over the place of the files. */
export type PlaceKeys = {
  readonly search: () => void;
  readonly add: () => void;
  readonly details: () => void;
  readonly back: () => void;
};

export const filesKeys =
  (does: PlaceKeys) =>
  (event: KeyboardEvent): void => {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key.toLowerCase();
    const act = isCommand
      ? { f: does.search, o: does.add, i: does.details }[key]
      : event.altKey && key === "arrowleft"
        ? does.back
        : undefined;
    if (!act) return;
    event.preventDefault();
    act();
  };
