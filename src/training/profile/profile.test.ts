import { describe, expect, it } from "vitest";
import { byMethod, tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import { type Profile, profile } from "./profile.js";

const profiled = (objective: object) =>
  profile(byMethod({ ...tinyRecipe, model: "mlp", width: 2, ...objective }), {
    steps: 7,
    warmup: 2,
    dataSet: tinyShapes,
  });

const callsOf = ({ operators }: Profile, name: string) => operators.find(({ operator }) => operator === name)?.calls;
const phaseOf = ({ phases }: Profile, name: string) => phases.find(({ phase }) => phase === name)!;

/** Every phase of the timed steps, which last as long together as the steps; every operator within them. */
function expectWhole(measured: Profile): void {
  const { phases, operators, steps, secondsPerStep } = measured;
  const total = phases.reduce((sum, { seconds }) => sum + seconds, 0);
  expect(total).toBeCloseTo(steps * secondsPerStep, 9);
  expect(phases.reduce((sum, { fraction }) => sum + fraction, 0)).toBeCloseTo(1, 9);
  for (const name of ["augmentation", "forward", "targets", "backward", "optimizer"])
    expect(phaseOf(measured, name).seconds, name).toBeGreaterThan(0);
  expect(operators.reduce((sum, { selfSeconds }) => sum + selfSeconds, 0)).toBeLessThan(total);
}

describe("a profile", () => {
  it("has the phases and the operators of the timed steps only, over the ends of epochs", async () => {
    const measured = await profiled({ objective: "sat", startEpoch: 1 });
    expect(measured).toMatchObject({ steps: 7, warmup: 2, objective: "sat", model: "mlp" });
    expectWhole(measured);
    // The network's layers and the update of the targets once a step, from the first one.
    expect(callsOf(measured, "aten::_log_softmax")).toBe(7);
    expect(callsOf(measured, "AddmmBackward0")! % 7).toBe(0);
    expect(callsOf(measured, "aten::index_copy_") ?? callsOf(measured, "aten::index_put_")).toBeGreaterThanOrEqual(7);
    expect(measured.evaluation?.samples).toBe(Math.min(7 * measured.batchSize, tinyShapes.train.labels.length));
  });

  it("is of a method with a step of its own too, and of training without labels", async () => {
    expectWhole(await profiled({ objective: "mixup" }));
    const measured = await profiled({ objective: "simsiam" });
    expectWhole(measured);
    expect(measured.evaluation).toBeNull();
  });
});
