// Selecting cells with the pointer.
import type { Selection } from "./selection.js";

/** The place of the cell under the pointer. */
function placeOf({ target }: Event): number | null {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[data-place]") : null;
  return cell ? Number(cell.dataset.place) : null;
}

/** Click, Shift-click, Ctrl-click, a drag over cells, and a double click that opens one. */
export function selectByPointer(selection: Selection, open: (place: number) => void) {
  return {
    onPointerDown(event: PointerEvent) {
      const place = placeOf(event);
      if (place === null || event.button !== 0) return;
      if (event.shiftKey) selection.extend(place);
      else if (event.ctrlKey || event.metaKey) selection.toggle(place);
      else selection.only(place);
    },
    onPointerMove(event: PointerEvent) {
      const place = event.buttons === 1 && !event.ctrlKey && !event.metaKey ? placeOf(event) : null;
      if (place !== null && place !== selection.focus.value) selection.extend(place);
    },
    onDblClick(event: MouseEvent) {
      const place = placeOf(event);
      if (place !== null) open(place);
    },
  };
}
