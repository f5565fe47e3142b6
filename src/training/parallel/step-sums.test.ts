import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { networkForward, selfAdaptive, takeStep, trades } from "../../objectives/index.js";
import { keep, liveTensors, manualSeed, nn, ops, scope, type Tensor } from "../../torch/index.js";
import { stepSums, type TermSums } from "./step-sums.js";

const labels = [0, 2, 1, 1, 2, 0, 2];
const [total, features, classes] = [labels.length, 4, 3];

/** Three ranks' sums of a step of `trades-sat`, one part each, put together; or those of one batch. */
async function stepOf(sizes: readonly number[], isWhole = false): Promise<number[]> {
  manualSeed(4);
  const network = new nn.Sequential(new nn.Linear(features, 6), new nn.Linear(6, classes)).to("float64");
  const images = ops.rand([total, features], { dtype: "float64" });
  const natural = selfAdaptive({ labels, classes, startEpoch: 0, momentum: 0.3, dtype: "float64" });
  const objective = trades({ natural, start: (pixels) => pixels, epsilon: 0.1 });
  const parameters = network.parameters();
  const backward = (loss: Tensor, options?: { retainGraph?: boolean }) => loss.backward(options);
  const sums = stepSums({ parameters, backward, terms: objective.terms ?? 1, total, isWhole });
  let first = 0;
  for (const size of sizes) {
    const index = Array.from({ length: size }, (_, i) => first + i);
    scope(() => {
      const part = { images: images.narrow(0, first, size), labels: index.map((i) => labels[i] as number), index };
      sums.add(takeStep(objective, networkForward(network), { ...part, epoch: 0 }), size);
    });
    first += size;
  }
  const loss = await sums.mean(async (own: TermSums) => own);
  const values = scope(() => parameters.flatMap(({ grad }) => [...((grad as Tensor).data() as Float64Array)]));
  for (const held of [images, ...parameters, ...objective.state().values()]) keep(held).release();
  return [loss, ...values];
}

describe("the sums of a step", () => {
  test("of a loss whose terms have weights of their own are those of the full batch, and hold nothing after", async () => {
    const before = liveTensors();
    // Sums of weights are exchanged in float32.
    const whole = await stepOf([total], true);
    expect(liveTensors()).toBe(before);
    for (const sizes of [[total], [3, 4], [2, 2, 3]]) expectAllClose(await stepOf(sizes), whole, { rtol: 1e-7 });
    expect(liveTensors()).toBe(before);
  });
});
