// Which cells of a grid of fixed cells are in sight.

export interface GridShape {
  /** Pixels inside the scrolled frame. */
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly cells: number;
  /** Pixels of a cell, its gap included. */
  readonly cellWidth: number;
  readonly cellHeight: number;
}

export interface GridWindow {
  readonly columns: number;
  /** Pixels of all rows. */
  readonly fullHeight: number;
  /** The cells to be drawn: `first` up to but without `end`. */
  readonly first: number;
  readonly end: number;
}

/** Rows drawn above and below those in sight. */
const MARGIN_ROWS = 2;

/** The cells in sight and some around them; the rest is empty space of the right height. */
export function gridWindow({ width, height, scrollTop, cells, cellWidth, cellHeight }: GridShape): GridWindow {
  const columns = Math.max(1, Math.floor(width / cellWidth));
  const rows = Math.ceil(cells / columns);
  const top = Math.max(0, Math.floor(scrollTop / cellHeight) - MARGIN_ROWS);
  const bottom = Math.min(rows, Math.ceil((scrollTop + height) / cellHeight) + MARGIN_ROWS);
  return {
    columns,
    fullHeight: rows * cellHeight,
    first: Math.min(cells, top * columns),
    end: Math.min(cells, bottom * columns),
  };
}

/** The cell that an arrow key leads to; null for other keys. Past an edge it stays. */
export function cellAfter(
  key: string,
  cell: number,
  { columns, cells }: { columns: number; cells: number },
): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -cell,
    End: cells - 1 - cell,
  };
  const step = steps[key];
  if (step === undefined) return null;
  const next = cell + step;
  return next < 0 || next >= cells ? cell : next;
}

/** The scroll position that has a cell in sight, as near to the present one as may be. */
export function scrollTo(
  cell: number,
  {
    columns,
    cellHeight,
    height,
    scrollTop,
  }: { columns: number } & Pick<GridShape, "cellHeight" | "height" | "scrollTop">,
): number {
  const top = Math.floor(cell / columns) * cellHeight;
  if (top < scrollTop) return top;
  return Math.max(scrollTop, top + cellHeight - height);
}
