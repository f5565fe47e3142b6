// The grid itself: only the cells in sight exist, whatever the length of the queue.
import { type Signal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ReviewSession } from "../review/session.js";
import { GridCell } from "./grid-cell.js";
import { selectByPointer } from "./pointer.js";
import type { Selection } from "./selection.js";
import { cellAfter, gridWindow, scrollTo } from "./window.js";

interface Props {
  readonly session: ReviewSession;
  readonly selection: Selection;
  /** Opens a place by itself. */
  readonly open: (place: number) => void;
}

interface View {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

interface Range {
  readonly first: number;
  readonly end: number;
}

const CELL = { cellWidth: 132, cellHeight: 170 };

/** Items and pictures are requested once scrolling has paused this long. */
const SETTLED_MS = 80;

export function SampleGrid({ session, selection, open }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const view = useSignal<View>({ width: 0, height: 0, scrollTop: 0 });
  useView(frame, view);
  const cells = session.queue.total.value ?? 0;
  const shown = gridWindow({ ...view.value, ...CELL, cells });
  const settled = useSettled(session, shown);
  session.queue.version.value;
  const scrollToPlace = (place: number) => {
    if (frame.current) frame.current.scrollTop = scrollTo(place, { columns: shown.columns, ...CELL, ...view.value });
  };
  const focusNext = useFocus(frame, selection);
  useOpening(session, selection, view, scrollToPlace);
  const onKeyDown = (event: KeyboardEvent) => {
    const focus = selection.focus.value;
    const next = cellAfter(event.key, focus, { columns: shown.columns, cells });
    if (event.key === " ") selection.toggle(focus);
    else if (event.key === "Enter") open(focus);
    else if (next === null) return;
    else {
      if (event.shiftKey) selection.extend(next);
      else selection.move(next);
      scrollToPlace(next);
      focusNext();
    }
    event.preventDefault();
  };
  return (
    <div
      ref={frame}
      class="grid-frame"
      role="listbox"
      aria-label="Samples"
      aria-multiselectable="true"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      {...selectByPointer(selection, open)}
    >
      <div class="grid-space" role="presentation" style={{ height: `${shown.fullHeight}px` }}>
        <div
          class="grid-cells"
          role="presentation"
          style={{
            transform: `translateY(${Math.floor(shown.first / shown.columns) * CELL.cellHeight}px)`,
            gridTemplateColumns: `repeat(${shown.columns}, ${CELL.cellWidth}px)`,
            gridAutoRows: `${CELL.cellHeight}px`,
          }}
        >
          {Array.from({ length: shown.end - shown.first }, (_, i) => shown.first + i).map((place) => (
            <GridCell
              key={place}
              {...{ session, selection, place, cells }}
              isSettled={place >= settled.first && place < settled.end}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

/** Follows the size and the scroll position of the frame. */
function useView(frame: RefObject<HTMLDivElement | null>, view: Signal<View>) {
  useLayoutEffect(() => {
    const element = frame.current as HTMLDivElement;
    const measure = () => {
      view.value = { width: element.clientWidth, height: element.clientHeight, scrollTop: element.scrollTop };
    };
    const resize = new ResizeObserver(measure);
    resize.observe(element);
    element.addEventListener("scroll", measure, { passive: true });
    measure();
    return () => {
      resize.disconnect();
      element.removeEventListener("scroll", measure);
    };
  }, [frame, view]);
}

/** The cells that were in sight when scrolling last paused: those have their items and pictures. */
function useSettled({ queue }: ReviewSession, { first, end }: Range): Range {
  const settled = useSignal<Range>({ first: 0, end: 0 });
  useEffect(() => {
    const timer = setTimeout(() => {
      settled.value = { first, end };
      queue.ensure(first, Math.max(first, end - 1));
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [queue, first, end, settled]);
  return settled.value;
}

/** Gives the focus to the selection's cell once it has been drawn. */
function useFocus(frame: RefObject<HTMLDivElement | null>, selection: Selection): () => void {
  const isDue = useRef(false);
  const focus = selection.focus.value;
  useLayoutEffect(() => {
    const cell = isDue.current ? frame.current?.querySelector<HTMLElement>(`[data-place="${focus}"]`) : null;
    if (!cell) return;
    isDue.current = false;
    cell.focus({ preventScroll: true });
  });
  return () => {
    isDue.current = true;
  };
}

/** Begins at the place that was looked at by itself. */
function useOpening(
  session: ReviewSession,
  selection: Selection,
  view: Signal<View>,
  scrollToPlace: (place: number) => void,
) {
  const isReady = view.value.width > 0 && session.queue.total.value !== null;
  useEffect(() => {
    if (!isReady) return;
    selection.move(session.place.value);
    scrollToPlace(session.place.value);
  }, [session, selection, isReady]);
}
