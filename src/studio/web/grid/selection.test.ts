import { describe, expect, it } from "vitest";
import { Selection } from "./selection.js";

const sorted = ({ places }: Selection) => [...places.value].sort((a, b) => a - b);

describe("the selection of the grid", () => {
  it("is one by a click, and a range by Shift that follows the pointer back", () => {
    const selection = new Selection();
    selection.only(3);
    selection.extend(6);
    expect(sorted(selection)).toEqual([3, 4, 5, 6]);
    selection.extend(1);
    expect(sorted(selection)).toEqual([1, 2, 3]);
    expect(selection.focus.value).toBe(1);
  });

  it("keeps what was selected before a range that begins with Ctrl", () => {
    const selection = new Selection();
    selection.only(9);
    selection.toggle(2);
    selection.extend(4);
    expect(sorted(selection)).toEqual([2, 3, 4, 9]);
    selection.toggle(3);
    expect(sorted(selection)).toEqual([2, 4, 9]);
  });

  it("begins a range where the focus has moved", () => {
    const selection = new Selection();
    selection.move(5);
    selection.extend(6);
    expect(sorted(selection)).toEqual([5, 6]);
  });
});
