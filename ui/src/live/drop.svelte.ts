import type { DropChanged } from "../types";

const NOTHING: DropChanged = { over: false, count: 0, folders: 0, own: false, x: 0, y: 0 };

/** Whether something is being dragged over the window, and how many. */
export class Drop {
  state = $state.raw<DropChanged>(NOTHING);

  changed(drop: DropChanged): void {
    this.state = drop;
  }

  clear(): void {
    this.state = NOTHING;
  }
}
