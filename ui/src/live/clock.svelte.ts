import { createSubscriber } from "svelte/reactivity";

const tick = createSubscriber((update) => {
  const timer = setInterval(update, 250);
  return () => clearInterval(timer);
});

/** The time. Whoever shows it is drawn anew as it passes; nobody is woken when nobody looks. */
export function now(): number {
  tick();
  return Date.now();
}
