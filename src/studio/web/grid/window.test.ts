import { describe, expect, it } from "vitest";
import { cellAfter, gridWindow, scrollTo } from "./window.js";

const shape = { width: 1000, height: 600, cellWidth: 130, cellHeight: 150, cells: 100_000, scrollTop: 0 };

describe("the grid's window", () => {
  it("has the rows in sight and two around them, whatever the number of cells", () => {
    expect(gridWindow(shape)).toEqual({ columns: 7, fullHeight: 14_286 * 150, first: 0, end: 42 });
    expect(gridWindow({ ...shape, scrollTop: 15_010 })).toMatchObject({ first: 98 * 7, end: 107 * 7 });
  });

  it("ends with the last cell, and is empty without cells", () => {
    expect(gridWindow({ ...shape, scrollTop: 14_286 * 150 - 600 }).end).toBe(100_000);
    expect(gridWindow({ ...shape, cells: 0 })).toEqual({ columns: 7, fullHeight: 0, first: 0, end: 0 });
    expect(gridWindow({ ...shape, width: 50, cells: 3 })).toMatchObject({ columns: 1, end: 3 });
  });

  it("moves by arrows inside the cells, and nowhere by other keys", () => {
    const cells = { columns: 7, cells: 20 };
    const moves = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "x"];
    expect(moves.map((key) => cellAfter(key, 8, cells))).toEqual([7, 9, 1, 15, 0, 19, null]);
    expect(moves.map((key) => cellAfter(key, 0, cells))).toEqual([0, 1, 0, 7, 0, 19, null]);
    expect(cellAfter("ArrowDown", 15, cells)).toBe(15);
  });

  it("scrolls no further than the cell needs", () => {
    const at = { columns: 7, cellHeight: 150, height: 600, scrollTop: 300 };
    expect([0, 14, 30, 42, 70].map((cell) => scrollTo(cell, at))).toEqual([0, 300, 300, 450, 1050]);
  });
});
