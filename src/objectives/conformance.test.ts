// What every training method keeps to.
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { givenOutputs } from "../../test/support/given-forward.js";
import { randomLogits } from "../../test/support/plain-softmax.js";
import { type DType, liveTensors, manualSeed, noGrad, scope, type Tensor, tensor } from "../torch/index.js";
import {
  bootstrapping,
  crossEntropy,
  deepGamblers,
  earlyLearning,
  forwardCorrection,
  generalizedCrossEntropy,
  labelSmoothing,
  mixup,
  type Objective,
  pgdTraining,
  selectiveNet,
  selectiveSelfAdaptive,
  selfAdaptive,
  selfAdaptivePlus,
  sparseOverParameterization,
  symmetricCrossEntropy,
  takeStep,
  trades,
} from "./index.js";

const labels = [0, 2, 1, 3, 2, 0, 3, 1];
const classes = 4;
const samples = labels.length;
const transition = [0.7, 0.1, 0.1, 0.1, 0, 1, 0, 0, 0.2, 0.2, 0.6, 0, 0.05, 0.05, 0.4, 0.5];

/** `frozen` makes the method with a state that its visits leave in place, where they would move it. */
type Make = (dtype: DType, frozen?: boolean) => Objective;

/** A network of one pixel, for methods that attack one: linear, without modes. */
const network = (images: Tensor) => images.mul(tensor([[0.5, -1, 2, 0.3]], { dtype: images.dtype }));

const momentum = (frozen: boolean) => (frozen ? 1 : 0.8);

const methods: Readonly<Record<string, Make>> = {
  "cross entropy": () => crossEntropy(),
  "self-adaptive training": (dtype, frozen = false) =>
    selfAdaptive({ labels, classes, startEpoch: 1, momentum: momentum(frozen), dtype }),
  "self-adaptive training, symmetric": (dtype, frozen = false) =>
    selfAdaptive({ labels, classes, startEpoch: 1, momentum: momentum(frozen), form: "sce", dtype }),
  "self-adaptive training, extended": (dtype, frozen = false) =>
    selfAdaptivePlus({ labels, classes, startEpoch: () => 1, mixupAlpha: 0, momentum: momentum(frozen), dtype }),
  "self-adaptive training, extended, mixed": (dtype, frozen = false) =>
    selfAdaptivePlus({ labels, classes, startEpoch: () => 0, momentum: momentum(frozen), dtype }),
  "label smoothing": () => labelSmoothing(),
  mixup: () => mixup(),
  "soft bootstrapping": () => bootstrapping({ form: "soft" }),
  "hard bootstrapping": () => bootstrapping({ form: "hard" }),
  "forward correction, given": (dtype) => forwardCorrection({ samples, classes, transition, dtype }),
  "forward correction, estimated": (dtype) => forwardCorrection({ samples, classes, startEpoch: 1, dtype }),
  "generalized cross entropy": () => generalizedCrossEntropy(),
  "symmetric cross entropy": () => symmetricCrossEntropy(),
  "early-learning regularization": (dtype, frozen = false) =>
    earlyLearning({ samples, classes, beta: momentum(frozen), dtype }),
  "sparse over-parameterization": (dtype, frozen = false) => {
    manualSeed(1);
    // A visit's gradient is that of the state before it: rates so low that the state after it gives the same.
    const rate = frozen ? 0 : 0.01;
    return sparseOverParameterization({ samples, classes, lrU: rate, lrV: rate, dtype });
  },
  "selective self-adaptive training": (dtype, frozen = false) =>
    selectiveSelfAdaptive({ labels, classes, pretrainEpochs: 1, momentum: momentum(frozen), dtype }),
  "Deep Gamblers": () => deepGamblers({ classes, pretrainEpochs: 1 }),
  SelectiveNet: () => selectiveNet({ classes }),
  TRADES: () => trades(),
  "self-adaptive TRADES": (dtype, frozen = false) =>
    trades({
      natural: selfAdaptive({ labels, classes, startEpoch: 1, momentum: momentum(frozen), dtype }),
    }),
  "PGD adversarial training": () => pgdTraining(),
};

/** What networks of these methods put out; those of all others one value a class. */
const outputsOf: Readonly<Record<string, number>> = {
  "selective self-adaptive training": classes + 1,
  "Deep Gamblers": classes + 1,
  SelectiveNet: classes + 1 + classes,
};

/** Which call of the network the loss is of, where it is not the first. */
const callOf: Readonly<Record<string, number>> = { "self-adaptive training, extended, mixed": 2 };

interface Visit {
  readonly epoch: number;
  readonly index: readonly number[];
  readonly logits: number[][];
  /** Which call of the network gives them. */
  readonly call: number;
}

/** Two epochs of two batches; every method is past its start in the second. */
const visitsOf = (name: string): Visit[] =>
  [
    [0, [6, 1, 4, 3]],
    [0, [0, 2, 5, 7]],
    [1, [5, 4, 1, 0]],
    [1, [7, 6, 3, 2]],
  ].map(([epoch, index], i) => ({
    epoch: epoch as number,
    index: index as number[],
    logits: randomLogits(i + 1, 4, outputsOf[name] ?? classes),
    call: callOf[name] ?? 1,
  }));

const batchOf = ({ epoch, index }: Visit) => ({ epoch, index, labels: index.map((i) => labels[i] as number) });

/** One visit as the loop makes it: the step's seed, the network's input, the loss. */
function step(objective: Objective, visit: Visit, logits: Tensor): Tensor {
  manualSeed(17);
  const dtype = logits.dtype === "float64" ? "float64" : "float32";
  const images = tensor([[0.1], [0.2], [0.3], [0.4]], { dtype });
  return takeStep(objective, givenOutputs(logits, network, visit.call), { ...batchOf(visit), images }).loss;
}

const lossOf = (objective: Objective, visit: Visit, dtype: DType = "float64"): number =>
  scope(() => noGrad(() => step(objective, visit, tensor(visit.logits, { dtype })).item())) as number;

/** What the state holds, apart from the tensors themselves. */
function snapshot(objective: Objective): Map<string, Tensor> {
  return new Map([...objective.state()].map(([name, held]) => [name, held.clone()]));
}

/** The loss's slope along every logit, from either side, with the method's state held as it was after its visit. */
function finiteDifferences(make: Make, visit: Visit, state: ReadonlyMap<string, Tensor>): number[][] {
  const held = make("float64", true);
  held.load(state);
  const h = 1e-5;
  const moved = (i: number, j: number, by: number) => {
    const logits = visit.logits.map((row, a) => row.map((value, b) => (a === i && b === j ? value + by : value)));
    return lossOf(held, { ...visit, logits });
  };
  return visit.logits.map((row, i) => row.map((_, j) => (moved(i, j, h) - moved(i, j, -h)) / (2 * h)));
}

describe.each(Object.entries(methods))("%s", (name, make) => {
  const visits = visitsOf(name);

  it("gives a finite scalar in float32 from bf16 logits, and in float64 from float64 ones", () => {
    for (const visit of visits) {
      const half = step(make("float32"), { ...visit, epoch: 0 }, tensor(visit.logits).to("bfloat16"));
      const double = step(make("float64"), { ...visit, epoch: 0 }, tensor(visit.logits, { dtype: "float64" }));
      expect([half.shape, half.dtype, double.dtype]).toEqual([[], "float32", "float64"]);
      expectAllClose(half, double.item(), { rtol: 0.05, atol: 0.05 });
    }
  });

  it("stays finite, and so does its gradient, where the network is certain and wrong", () => {
    const objective = make("float32");
    for (const visit of visits) {
      const z = tensor(
        visit.logits.map((row) => row.map((value) => 60 * value)),
        { requiresGrad: true },
      );
      const loss = step(objective, visit, z);
      loss.backward();
      expect(Number.isFinite(loss.item())).toBe(true);
      expect((z.grad as Tensor).isfinite().all().item<boolean>()).toBe(true);
    }
  });

  it("passes the gradient that finite differences give, what its state holds being constant", () => {
    const objective = make("float64");
    for (const visit of visits) {
      const z = tensor(visit.logits, { dtype: "float64", requiresGrad: true });
      step(objective, visit, z).backward();
      expectAllClose(z.grad as Tensor, finiteDifferences(make, visit, objective.state()), { rtol: 1e-6, atol: 1e-8 });
    }
  });

  it("is resumed exactly, in the middle of an epoch too", () => {
    for (const stop of [1, 2, 3]) {
      const whole = make("float32");
      for (const visit of visits.slice(0, stop)) lossOf(whole, visit, "float32");
      const resumed = make("float32");
      resumed.load(snapshot(whole));
      for (const visit of visits.slice(stop)) {
        expect(lossOf(resumed, visit, "float32")).toBe(lossOf(whole, visit, "float32"));
      }
      for (const [name, held] of whole.state()) {
        expectAllClose(resumed.state().get(name) as Tensor, held, { rtol: 0, atol: 0 });
      }
    }
  });

  it("keeps no tensor of a step but its state", () => {
    const objective = make("float32");
    const live = () => {
      for (const visit of visits) lossOf(objective, visit, "float32");
      return liveTensors();
    };
    expect(live()).toBe(live());
  });
});

/** Methods whose inputs depend on the position in the batch: mixed, or attacked from random starts. */
const positionDependent = ["mixup", "self-adaptive training, extended, mixed", "TRADES", "self-adaptive TRADES"];

describe.each(Object.entries(methods).filter(([name]) => !positionDependent.includes(name)))("%s", (name, make) => {
  const visits = visitsOf(name);

  it("does not depend on the order of the batch", () => {
    const order = [2, 0, 3, 1];
    const [one, other] = [make("float64"), make("float64")];
    for (const visit of visits) {
      const permuted = {
        ...visit,
        index: order.map((i) => visit.index[i] as number),
        logits: order.map((i) => visit.logits[i] as number[]),
      };
      expectAllClose(lossOf(other, permuted), lossOf(one, visit), { rtol: 1e-12, atol: 0 });
    }
    for (const [name, held] of one.state()) {
      expectAllClose(other.state().get(name) as Tensor, held, { rtol: 1e-12, atol: 0 });
    }
  });
});
