/** What jsdom does not have and the page uses. */
class NoResizeObserver implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Element.prototype.scrollIntoView ??= () => {};
globalThis.ResizeObserver ??= NoResizeObserver;
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: 630 });
window.matchMedia ??= (media) =>
  Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList;
