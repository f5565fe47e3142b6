import { describe, expect, it } from "vitest";
import { extended } from "./extended.js";

class Counter {
  #count = 0;
  readonly name: string = "counter";
  get count() {
    return this.#count;
  }
  add(by: number) {
    this.#count += by;
    return this.#count;
  }
}

describe("an extended object", () => {
  it("has the methods, getters and private fields of a class, as they are now", () => {
    const counter = new Counter();
    const named = extended(counter, { name: "named" });
    expect([named.add(2), named.count, counter.count, named.name]).toEqual([2, 2, 2, "named"]);
    counter.add(1);
    expect(named.count).toBe(3);
    expect(["add" in named, "name" in named, "other" in named]).toEqual([true, true, false]);
  });

  it("may be of a frozen object", () => {
    const frozen = Object.freeze({ two: () => 2, three: 3 as number });
    expect(extended(frozen, { three: 4 }).two()).toBe(2);
    expect(extended(frozen, { three: 4 }).three).toBe(4);
  });
});
