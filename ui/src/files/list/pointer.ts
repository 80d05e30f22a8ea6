/** Where the pointer is over a list, as long as it is what the list is used with. */
import { heldRow, type Pointer, type Viewport } from "../../state/scroll";

/** Where the menu of a row opens by the keyboard, or that of the list where the row is not in view. */
export function menuPlace(list: Element, row: number, rowHeight: number): { x: number; y: number } {
  const line = list.querySelector(`#file-${row}`) ?? list;
  const { left, top, height } = line.getBoundingClientRect();
  return { x: left + 40, y: top + Math.min(height, rowHeight) };
}

export class ListPointer {
  now: Pointer | null = null;
  #last = { x: -1, y: -1 };

  /** `top` is where the first row begins. The page also says that the pointer moves when the list moves below it. */
  point({ clientX: x, clientY: y, buttons }: PointerEvent, top: number): void {
    if (x === this.#last.x && y === this.#last.y) return;
    this.#last = { x, y };
    this.now = { y: y - top, pressed: buttons !== 0 };
  }

  /** What is pressed is what the click is for, whatever comes in between. */
  press(event: PointerEvent, top: number): void {
    this.#last = { x: -1, y: -1 };
    this.point(event, top);
  }

  held = (view: Viewport, cursor: number): number | null => heldRow(view, this.now, cursor);

  leave(): void {
    this.now = null;
  }
}
