/**
 * Messages keep clear of what has buttons at the foot of the window: its height is told to their
 * styles under this name.
 */
export const keptClear =
  (name: "--strip" | "--foot" | "--sheet") =>
  (element: HTMLElement): (() => void) => {
    const { style } = document.documentElement;
    const tell = () => style.setProperty(name, `${element.offsetHeight}px`);
    const watch = new ResizeObserver(tell);
    tell();
    watch.observe(element);
    return () => {
      watch.disconnect();
      style.removeProperty(name);
    };
  };
