import type { DropChanged } from "../types";

/** Whether something is being dragged over the window, and how many. */
export class Drop {
  state = $state.raw<DropChanged>({ over: false, count: 0, folders: 0, x: 0, y: 0 });

  changed(drop: DropChanged): void {
    this.state = drop;
  }

  clear(): void {
    this.state = { over: false, count: 0, folders: 0, x: 0, y: 0 };
  }
}
