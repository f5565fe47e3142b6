import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import type { HeldSamples } from "../../data/index.js";
import { InputError } from "../../errors.js";
import { resolveRecipe } from "./resolve.js";
import { parseRecipe, type RecipeInput } from "./schema.js";

const samplesOf = (shape: number[]): HeldSamples => ({ values: new Uint8Array(), shape, labels: new Int32Array() });
const images = samplesOf([3, 32, 32]);

function resolve(input: Partial<RecipeInput> = {}, samples = images, count = 1000) {
  return resolveRecipe(parseRecipe({ data: "photos", device: "cpu", ...input }), samples, count);
}

describe("the targets' settings left open", () => {
  it.each([
    ["crop-flip", 64, 0.9],
    ["none", 64, 0.7],
    ["crop-flip", 32, 0.949],
    ["none", 16, 0.915],
    ["crop-flip", 160, 0.9],
  ] as const)(
    "follow the paper's rule for momentum where the start is given: %s, width %i",
    (augment, width, momentum) => {
      const { targetMomentum } = resolve({ augment, width, startEpoch: 3 });
      expectAllClose(targetMomentum as number, momentum, { rtol: 0, atol: 6e-4 });
    },
  );

  it("find out when to start, and how fast to move from then on", () => {
    expect(resolve().startEpoch).toBe("auto");
    expect(resolve()).not.toHaveProperty("targetMomentum");
  });

  it("start at the paper's share of the epochs where the network is attacked, by the same rule for momentum", () => {
    const startOf = (epochs: number) => resolve({ objective: "trades-sat", epochs }).startEpoch;
    expect([100, 24, 1].map(startOf)).toEqual([69, 16, 0]);
    expect(resolve({ objective: "trades-sat", startEpoch: 5 }).startEpoch).toBe(5);
    expectAllClose(resolve({ objective: "trades-sat", width: 32 }).targetMomentum as number, 0.949, {
      rtol: 0,
      atol: 6e-4,
    });
  });

  it("suit the length of training in sat-plus: with augmentation, fewer than 100 epochs are short", () => {
    const short = (epochs: number) => ({ startEpoch: Math.round(0.75 * epochs), elrLambda: 1, mixupAlpha: 0 });
    const usual = (epochs: number) => ({ startEpoch: Math.round(epochs / 3), elrLambda: 3, mixupAlpha: 1 });
    const plus = (augment: "none" | "crop-flip", epochs: number) => resolve({ objective: "sat-plus", augment, epochs });
    for (const epochs of [1, 20, 40, 200]) expect(plus("none", epochs)).toMatchObject(usual(epochs));
    for (const epochs of [1, 20, 40, 99]) expect(plus("crop-flip", epochs)).toMatchObject(short(epochs));
    for (const epochs of [100, 200]) expect(plus("crop-flip", epochs)).toMatchObject(usual(epochs));
    const given = { startEpoch: 5, elrLambda: 2, mixupAlpha: 0.5 };
    expect(resolve({ objective: "sat-plus", epochs: 40, ...given })).toMatchObject(given);
    expect(resolve({ objective: "sat-plus", epochs: 40, cutmixAlpha: 1 })).toMatchObject({
      ...short(40),
      mixupAlpha: 1,
    });
  });

  it("give way to what the user gives", () => {
    const given = { targetMomentum: 0.5, startEpoch: 0, width: 16 };
    expect(resolve(given)).toMatchObject(given);
  });
});

describe("augmentation", () => {
  it("can be crops alone, with turns, of gray images too where it is asked for", () => {
    const given = { augment: "crop", rotation: 15, cropPadding: 6 } as const;
    expect(resolve(given)).toMatchObject(given);
    expect(resolve(given, samplesOf([1, 28, 28]))).toMatchObject(given);
    expect(resolve()).toMatchObject({ augment: "crop-flip", rotation: 0 });
    expect(resolve()).not.toHaveProperty("cropPadding");
  });
});

describe("methods that learn from attacks", () => {
  it("have the paper's radius and steps unless given", () => {
    const usual = { epsilon: 0.031, attackSteps: 10, attackStepSize: 0.007, tradesBeta: 6, robustSamples: 1000 };
    expect(resolve({ objective: "trades" })).toMatchObject(usual);
    expect(resolve({ objective: "trades", epsilon: "8/255" }).epsilon).toBe(8 / 255);
    expect(resolve({ objective: "ce" })).not.toHaveProperty("epsilon");
    for (const objective of ["trades", "trades-sat", "pgd-at"]) {
      expect(resolve({ objective, epsilon: 0.31 }).attackStepSize, objective).toBeCloseTo(0.07, 12);
      expect(resolve({ objective, epsilon: 0.31, attackStepSize: 0.01 }).attackStepSize, objective).toBe(0.01);
    }
  });

  it("refuse what has no pixels to attack", () => {
    const numbers: HeldSamples = { ...images, values: new Float32Array() };
    const refused = "`objective: trades` attacks images within their pixels' range; these samples are";
    expect(() => resolve({ objective: "trades" }, samplesOf([20]))).toThrow(`${refused} arrays of 20; expected`);
    expect(() => resolve({ objective: "trades" }, numbers)).toThrow(`${refused} images of numbers of 3 x 32 x 32`);
  });
});

describe("the rest left open", () => {
  it("is chosen from the samples", () => {
    expect(resolve()).toMatchObject({ model: "resnet18", augment: "crop-flip", batchSize: 128, lr: 0.1 });
    expect(resolve({}, samplesOf([20]))).toMatchObject({ model: "mlp", augment: "none" });
    expect(resolve({}, samplesOf([1, 28, 28]))).toMatchObject({ model: "resnet18", augment: "none" });
    expect(resolve({ model: "mlp", augment: "none" })).toMatchObject({ model: "mlp", augment: "none" });
    const views = [3, 1].map((channels) => resolve({ objective: "byol" }, samplesOf([channels, 28, 28])).augment);
    expect(views).toEqual([resolve({ objective: "byol" }).augment, "crop-flip"]);
    expect(views[0]).not.toBe("crop-flip");
  });

  it("has batches of at most a quarter of few samples", () => {
    expect([1000, 500, 100, 8, 3].map((count) => resolve({}, images, count).batchSize)).toEqual([128, 64, 16, 2, 2]);
  });

  it("has a rate that fits the update rule and the weights", () => {
    expect(resolve({ optimizer: "adam" }).lr).toBe(0.001);
    expect(resolve({ weights: "w.pth" }).lr).toBeCloseTo(0.01, 12);
    expect(resolve({ optimizer: "adam", lr: 0.3 }).lr).toBe(0.3);
  });

  it("has a precision that a resumed run keeps", () => {
    expect(["bf16", "fp32"]).toContain(resolve().precision);
    expect(resolve({ precision: "fp64" }).precision).toBe("fp64");
  });

  it("leaves the kernels as they were asked for, so that a run takes those of the machine it goes on on", () => {
    for (const kernels of ["auto", "amx", "stock"] as const) expect(resolve({ kernels }).kernels).toBe(kernels);
  });

  it("is the same again when resolved again", () => {
    const once = resolve({ optimizer: "adam", patience: 3, valFraction: 0.1 });
    expect(resolveRecipe(parseRecipe(once), images, 1000)).toEqual(once);
  });
});

describe("options that do not go together are refused in one line", () => {
  it.each<[string, Partial<RecipeInput>, string]>([
    [
      "a batch larger than the data",
      { batchSize: 2000 },
      "`batchSize: 2000` is larger than the training data; it has 1000 samples",
    ],
    [
      "more parts than a batch has pairs",
      { batchSize: 8, accumulate: 5 },
      "`accumulate: 5` leaves less than two samples a part of a batch of 8; expected 1 to 4",
    ],
    [
      "milestones of another schedule",
      { milestones: [1, 2] },
      "`milestones: 1,2` are of the step schedule; received `schedule: cosine`",
    ],
    [
      "Nesterov momentum without SGD",
      { optimizer: "lars", nesterov: true },
      "`nesterov` is a form of SGD's momentum; received `optimizer: lars`",
    ],
    [
      "patience without a validation part",
      { patience: 3 },
      "`patience: 3` watches the validation accuracy; give `valFraction` too, such as 0.1",
    ],
    [
      "Nesterov with Adam",
      { nesterov: true, optimizer: "adam" },
      "`nesterov` is a form of SGD's momentum; received `optimizer: adam`",
    ],
    [
      "Nesterov with a momentum of 0",
      { nesterov: true, momentum: 0 },
      "`nesterov` is a form of momentum; received `momentum: 0`, expected a number over 0",
    ],
    [
      "steps without milestones",
      { schedule: "step" },
      "`schedule: step` needs `milestones`: received none; expected epochs, such as 60,120",
    ],
    ["CUDA where there is none", { device: "cuda:99", precision: "auto" }, 'device "cuda:99" was requested'],
  ])("%s", (_, input, message) => {
    expect(() => resolve(input)).toThrow(InputError);
    expect(() => resolve(input)).toThrow(message);
  });

  it.each<[string, Partial<RecipeInput>, number[], string]>([
    ["turns without augmentation", { augment: "none", rotation: 15 }, [3, 32, 32], "`rotation: 15` needs augmentation"],
    ["turns of what is not augmented by default", { rotation: 15 }, [1, 28, 28], "here it is `augment: none`"],
    [
      "padding without crops",
      { augment: "none", cropPadding: 0 },
      [3, 32, 32],
      "`cropPadding: 0` needs augmentation; here it is `augment: none`, expected crop or crop-flip",
    ],
    [
      "padding as wide as the images",
      { cropPadding: 24 },
      [3, 32, 24],
      "`cropPadding: 24` crops images away; expected less than their 24 pixels",
    ],
  ])("%s", (_, input, shape, message) => {
    expect(() => resolve(input, samplesOf(shape))).toThrow(InputError);
    expect(() => resolve(input, samplesOf(shape))).toThrow(message);
  });

  it("images' augmentation for arrays", () => {
    expect(() => resolve({ augment: "crop-flip" }, samplesOf([20]))).toThrow(
      "`augment: crop-flip` is for images; these samples are arrays of 20: use none",
    );
  });
});

describe("classes with weights, and balanced sampling", () => {
  it.each([
    [
      "mixup",
      { classWeights: "balanced" },
      /^`classWeights: balanced`: the loss of `objective: mixup` is no mean over /,
    ],
    ["selectivenet", { classWeights: "2,1" }, /^`classWeights: 2,1`: the loss of /],
    ["trades", { classWeights: "balanced" }, /expected `sampling: balanced` instead$/],
    [
      "byol",
      { sampling: "balanced" },
      /^`sampling` needs labels; received balanced with `objective: byol`, which trains without labels$/,
    ],
    ["ce", { classWeights: "balanced", sampling: "balanced" }, / both balance the classes; expected one of the two$/],
  ] as const)("are refused where they have no place: %s", (objective, options, message) => {
    expect(() => resolve({ objective, ...options })).toThrow(InputError);
    expect(() => resolve({ objective, ...options })).toThrow(message);
  });

  it.each(["ce", "sat", "elr", "sop", "forward", "deep-gamblers"] as const)("go with %s", (objective) => {
    expect(resolve({ objective, classWeights: "balanced" }).classWeights).toBe("balanced");
  });
});
