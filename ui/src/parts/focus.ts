/**
 * The focus is never nowhere: what had it may go (a form that is done, a banner, a choice that was
 * made), and who uses the keyboard goes on beside it. After a form was refused, it is in the first
 * field that is wrong.
 */
const FOCUSABLE =
  "input, select, textarea, button, a[href], summary, [tabindex]:not([tabindex='-1'])";
const MOST_REMEMBERED = 20;

/** What is removed is not kept for longer than it takes to find its successor: only its name is. */
type Place = {
  readonly id: string | undefined;
  readonly element: HTMLElement | null;
  readonly around: readonly Element[];
};

export type FocusKeeper = {
  /** What was shown so far has gone for good, as with a lock: nothing of it is remembered. */
  readonly leave: () => void;
  /** Every element that is kept in memory. */
  readonly remembered: () => Element[];
  readonly stop: () => void;
};

/** Looks after the focus of all that is in `root`. */
export function keepFocus(root: HTMLElement): FocusKeeper {
  /** Where the focus was, the latest last, each with what was around it then. */
  let places: Place[] = [];
  let added: Element[] = [];
  let refused: Element | null = null;
  /** Whether what had the focus could not have it for a while, which is not the same as leaving it. */
  let wasOff = false;
  let hasLeft = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const focused = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement)) return;
    places = places.filter(({ element }) => element !== target).slice(1 - MOST_REMEMBERED);
    places.push({ id: target.dataset.testid, element: target, around: parents(target) });
    // What came before was there already.
    added = [];
    wasOff = false;
  };

  // Whoever moves the focus on purpose is first.
  const later = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    });
  };
  const look = (): void => {
    const came = added;
    const form = refused;
    added = [];
    refused = null;
    const wrong = form?.isConnected ? firstWrong(form) : null;
    if (wrong) wrong.focus();
    else if (isNowhere()) successor(places, came, root, wasOff)?.focus();
    if (hasLeft) places = places.filter(isThere);
    else if (!isNowhere()) places = places.map((place) => (isThere(place) ? place : nameOf(place)));
    hasLeft = false;
  };

  const sent = ({ target }: Event): void => {
    if (target instanceof Element) refused = target;
    later();
  };
  const watch = new MutationObserver((changes) => {
    const last = places.at(-1)?.element ?? null;
    for (const { target, addedNodes, removedNodes, attributeName } of changes) {
      added.push(...[...addedNodes].filter((node) => node instanceof Element));
      if (attributeName === "aria-invalid" && target instanceof Element && isRefusal(target))
        refused = target.closest("form");
      const gone = attributeName === null ? [...removedNodes] : [target];
      wasOff ||= attributeName !== "aria-invalid" && gone.some((node) => node.contains(last));
    }
    later();
  });

  root.addEventListener("focusin", focused);
  root.addEventListener("submit", sent, true);
  watch.observe(root, {
    subtree: true,
    childList: true,
    attributeFilter: ["disabled", "hidden", "aria-invalid"],
  });
  const leave = (): void => {
    hasLeft = true;
    later();
  };
  const stop = (): void => {
    clearTimeout(timer);
    watch.disconnect();
    root.removeEventListener("focusin", focused);
    root.removeEventListener("submit", sent, true);
  };
  const remembered = (): Element[] => [
    ...places.flatMap(({ element, around }) => (element ? [element, ...around] : around)),
    ...added,
    ...(refused ? [refused] : []),
  ];
  return { leave, remembered, stop };
}

const isNowhere = (): boolean =>
  document.activeElement === null || document.activeElement === document.body;
const isThere = ({ element }: Place): boolean => element?.isConnected ?? false;
const nameOf = ({ id }: Place): Place => ({ id, element: null, around: [] });

/** The first field of a form that is said to be wrong. */
export const firstWrong = (form: Element): HTMLElement | null =>
  form.querySelector<HTMLElement>("[aria-invalid='true']:not(:disabled)");

/** Whether a field turned wrong by what was pressed; who types on is not taken away from it. */
const isRefusal = (field: Element): boolean =>
  field.matches("form [aria-invalid='true']") &&
  (document.activeElement?.matches("body, .btn") ?? true);

/** Where the focus goes when what had it is not there any more. */
function successor(
  places: readonly Place[],
  added: readonly Element[],
  root: Element,
  wasOff: boolean,
): HTMLElement | null {
  const lost = places.at(-1);
  if (!lost) return null;
  if (lost.element && isShown(lost.element))
    return wasOff && isUsable(lost.element) ? lost.element : null;
  const home = lost.around.find((element) => element.isConnected);
  // A whole screen went, and the next one knows where to begin; or a dialog, and it goes back.
  if (!home || home.contains(root)) return before(places);
  const area = home.closest("main, nav, section");
  // A place begins at its content, not at the button that reads it anew.
  const came = added
    .filter((element) => home.contains(element))
    .flatMap(usable)
    .filter((element) => !element.closest("main > header"));
  return (
    openerOf(places, came) ??
    came.find((element) => element.matches("main [role=grid]")) ??
    came.find((element) => area?.contains(element) ?? element.closest("main") !== null) ??
    beside(home, root) ??
    before(places)
  );
}

/** Where the focus was before, as far as that is still there. */
const before = (places: readonly Place[]): HTMLElement | null =>
  places.findLast(({ element }) => element && isShown(element) && isUsable(element))?.element ??
  null;

/** What opened that which is gone has often made room for it, and is there again. */
function openerOf(places: readonly Place[], came: readonly HTMLElement[]): HTMLElement | null {
  const ids = places.map(({ id }) => id);
  const known = came.filter(({ dataset }) => dataset.testid && ids.includes(dataset.testid));
  const latest = (element: HTMLElement) => ids.lastIndexOf(element.dataset.testid);
  return known.sort((a, b) => latest(b) - latest(a))[0] ?? null;
}

/** The group that it was in: nothing of it is pressed by who goes on pressing. */
function beside(home: Element, root: Element): HTMLElement | null {
  const group = home.closest<HTMLElement>("section, form, nav, main, [tabindex='0']");
  if (!group || !root.contains(group) || usable(group).length === 0) return null;
  if (group.tabIndex < 0) group.tabIndex = -1;
  return group;
}

const parents = (element: Element): Element[] => {
  const all: Element[] = [];
  for (let each = element.parentElement; each; each = each.parentElement) all.push(each);
  return all;
};

const usable = (element: Element): HTMLElement[] =>
  [element, ...element.querySelectorAll("*")].filter(
    (each): each is HTMLElement =>
      each instanceof HTMLElement && each.matches(FOCUSABLE) && isShown(each) && isUsable(each),
  );
const isShown = (element: Element): boolean => element.isConnected && !element.closest("[hidden]");
const isUsable = (element: Element): boolean => !element.matches(":disabled");
