import { describe, expect, it } from "vitest";
import { coverageLines } from "../reports/study-page/coverage/coverage.js";
import type { StudyResults } from "../reports/study-page/types.js";
import { chooseProfile, readStudy } from "./read-study.js";

const source = "the paper, table 7";

describe("the paper's table 7", () => {
  const { profile } = chooseProfile(readStudy("selective"), "paper");
  const lines = coverageLines({
    rows: profile.rows!.map(({ name, group, lines }) => ({ name, group, lines, runs: [] })) as StudyResults["rows"],
  });

  it("has five methods on three sets of data, every cell of them", () => {
    const names = ["self-adaptive", "Deep Gamblers", "SelectiveNet", "softmax response", "MC dropout"];
    for (const [group, cells] of [
      ["CIFAR-10", 7],
      ["SVHN", 5],
      ["Dogs vs. Cats", 5],
    ] as const) {
      const own = lines.filter((one) => one.group === group);
      expect(own.map(({ name }) => name).sort()).toEqual([...names].sort());
      for (const { cells: all } of own) {
        expect([...all.values()].filter(({ reference }) => reference !== null)).toHaveLength(cells);
      }
    }
  });

  it("keeps the paper's figures", () => {
    const cell = (group: string, name: string, coverage: 100 | 90 | 80) =>
      lines.find((one) => one.group === group && one.name === name)?.cells.get(coverage)?.reference;
    expect(cell("CIFAR-10", "self-adaptive", 90)).toEqual({ mean: 0.0193, deviation: 0.0009, source });
    expect(cell("CIFAR-10", "SelectiveNet", 100)).toEqual({ mean: 0.0679, deviation: 0.0003, source });
    expect(cell("SVHN", "Deep Gamblers", 90)).toEqual({ mean: 0.0076, deviation: 0.0005, source });
    expect(cell("Dogs vs. Cats", "MC dropout", 80)).toEqual({ mean: 0.0055, deviation: 0.0002, source });
  });
});
