import { describe, expect, it } from "vitest";
import type { StepEvents } from "../../api.js";
import { appendEpochs, appendSteps } from "./append.js";
import { chartsOf, positions } from "./figures.js";

const step = (epoch: number, step: number): StepEvents[number] => ({ epoch, step, loss: step, imagesPerSecond: 9 });

describe("lines that arrive", () => {
  it("are each epoch once, and a resume's lines replace those that it wrote again", () => {
    const known = appendEpochs([], [{ epoch: 0 }, { epoch: 1 }, { epoch: 2 }]);
    expect(appendEpochs(known, [{ epoch: 1, again: true }]).map(({ epoch }) => epoch)).toEqual([0, 1]);
    expect(appendEpochs(known, [{ epoch: 3 }])).toHaveLength(4);
  });

  it("are each step once, in the order of epoch and step", () => {
    const known = appendSteps([], [step(0, 0), step(0, 4), step(1, 8)]);
    expect(appendSteps(known, [step(1, 8), step(1, 12)]).map(({ step }) => step)).toEqual([0, 4, 8, 12]);
    expect(appendSteps(known, [step(0, 4)])).toEqual([step(0, 0), step(0, 4)]);
  });
});

describe("the charts of a run", () => {
  it("have an epoch's figures at its end and its steps inside it, the epoch under way as long as the last", () => {
    const steps = [step(0, 0), step(0, 5), step(1, 10)];
    expect(positions(steps)).toEqual([0.25, 0.75, 1.25]);
    const [loss] = chartsOf([{ epoch: 0, trainLoss: 2 }], steps, []);
    expect(loss?.x).toEqual([0.25, 0.75, 1, 1.25]);
    expect(loss?.curves).toEqual([
      { label: "Training", values: [null, null, 2, null] },
      { label: "Each step", faint: true, values: [0, 5, null, 10] },
    ]);
  });

  it("leave out figures that the run has none of, and values that are not finite", () => {
    const charts = chartsOf(
      [
        { epoch: 0, trainAccuracy: 0.5, testAccuracy: null },
        { epoch: 1, trainAccuracy: "NaN" },
      ],
      [],
      [{ epoch: 0, rate: 0.2 }],
    );
    expect(charts.map(({ id }) => id)).toEqual(["accuracy", "labels"]);
    expect(charts[1]?.curves).toEqual([{ label: "Wrong labels, estimated", values: [0.2, null] }]);
    expect(charts[0]?.curves).toEqual([{ label: "Training, given labels", values: [0.5, null] }]);
    expect(chartsOf([], [], [])).toEqual([]);
  });
});
