import { describe, expect, it } from "vitest";
import { packSamples, unpackSamples } from "./sample-list.js";

describe("sample numbers in the address", () => {
  it("come back in order, each once", () => {
    expect(unpackSamples(packSamples([99_999, 0, 36, 36, 37]))).toEqual([0, 36, 37, 99_999]);
    expect(packSamples([36, 37])).toBe("10.1");
    expect(unpackSamples(packSamples([7]))).toEqual([7]);
  });

  it("end at what is no number", () => {
    expect(unpackSamples("1.<b>.2")).toEqual([1]);
    expect(unpackSamples("")).toEqual([]);
    expect(unpackSamples("zzzzzzzzzzzzzzzzzz")).toEqual([]);
  });
});
