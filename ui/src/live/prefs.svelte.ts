import { parsed, type Prefs } from "../state/prefs";

const KEY = "view";

/** How the list is arranged, as long as this machine remembers it. */
export class ViewPrefs {
  now = $state.raw<Prefs>(read());

  set(change: Partial<Prefs>): void {
    this.now = { ...this.now, ...change };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.now));
    } catch {
      // Without storage it holds until the window closes.
    }
  }
}

function read(): Prefs {
  try {
    return parsed(localStorage.getItem(KEY));
  } catch {
    return parsed(null);
  }
}
