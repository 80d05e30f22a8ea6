/** F6 goes round the areas of the window: the sidebar, the content, the details, the transfers. */
const AREAS = "nav.side, main, aside.pane, .strip";
const FIRST =
  "[role=grid], [aria-current=true]:not(:disabled), button:not(:disabled), input, select, summary";

/** Past the sidebar: to the list, or to what is there instead of it. */
export function toContent(root: Element | undefined): void {
  const content =
    root?.querySelector<HTMLElement>("main [role=grid]") ??
    root?.querySelector<HTMLElement>("main");
  if (content && content.tabIndex < 0) content.tabIndex = -1;
  content?.focus();
}

export function nextArea(root: Element, back: boolean): void {
  const areas = [...root.querySelectorAll<HTMLElement>(AREAS)].filter((area) =>
    area.querySelector(FIRST),
  );
  const at = areas.findIndex((area) => area.contains(document.activeElement));
  const to = areas[(at + (back ? areas.length - 1 : 1)) % areas.length];
  const grid = to?.querySelector<HTMLElement>("[role=grid]");
  (grid ?? to?.querySelector<HTMLElement>(FIRST))?.focus();
}
