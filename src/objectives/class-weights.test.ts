import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { manualSeed, ops, scope, type Tensor, tensor } from "../torch/index.js";
import {
  bootstrapping,
  crossEntropy,
  deepGamblers,
  generalizedCrossEntropy,
  type LossObjective,
  labelSmoothing,
  symmetricCrossEntropy,
  weighClasses,
} from "./index.js";

const labels = [0, 2, 1, 2, 2, 0];
const weights = [0.5, 3, 0];
function logits(): Tensor {
  manualSeed(1);
  return ops.randn([labels.length, 3]);
}

/** d loss / d logits, row by row, for the given rows. */
function gradient(objective: LossObjective, values: Tensor, of: readonly number[]): Tensor {
  const outputs = values.detach().clone();
  outputs.requiresGrad = true;
  const given = of.map((row) => labels[row] as number);
  objective.loss(outputs, { labels: given, index: of, epoch: 5 }).backward();
  return outputs.grad as Tensor;
}

describe("classes with weights", () => {
  it.each<[string, () => LossObjective]>([
    ["cross entropy", crossEntropy],
    ["label smoothing", labelSmoothing],
    ["generalized cross entropy", generalizedCrossEntropy],
    ["symmetric cross entropy", symmetricCrossEntropy],
    ["soft bootstrapping", () => bootstrapping({ form: "soft" })],
    ["hard bootstrapping", () => bootstrapping({ form: "hard" })],
    ["Deep Gamblers", () => deepGamblers({ classes: 2 })],
  ])("of %s: each sample's gradient times the weight of its class, over the size of the batch", (_, make) => {
    scope(() => {
      const values = logits().to("float64");
      const usable = make().name === "deep-gamblers" ? [0, 2, 5] : labels.map((_, row) => row);
      const rows = usable.map((row) => {
        const alone = gradient(make(), values.narrow(0, row, 1), [row]);
        return alone.mul((weights[labels[row] as number] as number) / usable.length);
      });
      const batch = values.indexSelect(0, tensor(usable, { dtype: "int64" }));
      expectAllClose(gradient(weighClasses(make(), weights), batch, usable), ops.cat(rows), {
        rtol: 1e-10,
        atol: 1e-14,
      });
    });
  });

  it("of one leave loss and gradient as they are, bit for bit", () => {
    scope(() => {
      const all = labels.map((_, row) => row);
      const batch = { labels, index: all, epoch: 0 };
      const values = logits();
      const weighed = weighClasses(crossEntropy(), [1, 1, 1]);
      expect(weighed.loss(values, batch).item()).toBe(crossEntropy().loss(values, batch).item());
      expect([...gradient(weighed, values, all).data()]).toEqual([...gradient(crossEntropy(), values, all).data()]);
    });
  });

  it("keep the state and the targets of the method", () => {
    const state = new Map([["targets", tensor([1])]]);
    const loaded: ReadonlyMap<string, Tensor>[] = [];
    const method: LossObjective = {
      ...crossEntropy(),
      name: "mine",
      targets: state.get("targets") as Tensor,
      state: () => state,
      load: (from) => void loaded.push(from),
    };
    const weighed = weighClasses(method, [1]);
    expect([weighed.name, weighed.targets, weighed.state()]).toEqual(["mine", method.targets, state]);
    weighed.load(state);
    expect(loaded).toEqual([state]);
  });
});

it("what an objective says of itself stays, whatever it says", () => {
  const related: LossObjective = { ...crossEntropy(), relatesSamples: true };
  const { name, relatesSamples } = weighClasses(related, weights);
  expect([name, relatesSamples, "targets" in weighClasses(related, weights)]).toEqual(["ce", true, false]);
});
