import { describe, expect, it } from "vitest";
import { requireOneData } from "./one-data.js";

const run = (folder: string, data: string, fingerprint: string) => ({ folder, data, fingerprint });

describe("the data of a study", () => {
  it("may differ between rows, and not between runs of the same", () => {
    const runs = [run("a", "/cifar-10", "1"), run("b", "/cifar-100", "2"), run("c", "/cifar-10", "1")];
    expect(() => requireOneData(runs)).not.toThrow();
    expect(() => requireOneData([...runs, run("d", "/cifar-100", "1")])).toThrow(
      "d has other data than b; expected one study",
    );
  });
});
