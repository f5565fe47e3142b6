// @ts-check
// The workloads of both sides: network, batch and update of the speed figures, and the comparisons with PyTorch.

/** ResNet-18 on 32 x 32 images, as the paper trains it. Enough different batches that none is memorized. */
export const workload = {
  model: "resnet18",
  classes: 10,
  width: 64,
  imageSize: 32,
  batchSize: 128,
  batches: 16,
  lr: 0.01,
  momentum: 0.9,
  weightDecay: 5e-4,
  targetMomentum: 0.9,
  /** Passes with gradients to the input that make one attack, and how far each goes. */
  passes: 10,
  stepSize: 0.001,
  /** The radius that PGD stays in. */
  epsilon: 0.031,
  seed: 0,
};

/** @typedef {typeof workload} Workload */

/**
 * What a unit of work is: a training step with self-adaptive targets; the prediction of a batch; ten passes of an attack
 * on a batch, forward and back to the input alone; PGD of ten steps from a random place on a batch.
 * @typedef {"train" | "infer" | "attack" | "pgd"} Mode
 */

/**
 * One comparison with PyTorch: the work, the layouts in which PyTorch does it (the fastest counts), the least ratio, and
 * how many turns of how many units each side takes.
 * @typedef {object} Comparison
 * @property {string} name
 * @property {Workload} workload
 * @property {Mode} mode
 * @property {"float32" | "bfloat16"} precision
 * @property {readonly ("NCHW" | "channels_last")[]} layouts
 * @property {boolean} [stock] both sides run stock operators, also in bf16 without AMX
 * @property {boolean} [compiled] PyTorch runs by torch.compile as well, where that works
 * @property {number} target
 * @property {"images/s" | "steps/s"} unit steps are those of an attack on a batch
 * @property {number} rounds
 * @property {number} units
 */

const usual = {
  workload,
  mode: /** @type {const} */ ("train"),
  precision: /** @type {const} */ ("bfloat16"),
  layouts: /** @type {const} */ (["channels_last"]),
  rounds: 10,
  units: 3,
  unit: /** @type {const} */ ("images/s"),
};
const both = /** @type {const} */ (["NCHW", "channels_last"]);
const network = (/** @type {string} */ model, width = 64) => ({ workload: { ...workload, model, width } });

const fp32 = { ...usual, precision: /** @type {const} */ ("float32"), layouts: both };

/** Backbones at their published image size. @param {"train" | "infer"} mode @param {Comparison["precision"]} precision */
function backbones(mode, precision) {
  return ["vit-s-16", "convnext-tiny"].map((model) => ({
    ...fp32,
    name: `${mode}-${precision === "float32" ? "fp32" : "bf16"}-${model}`,
    workload: { ...workload, model, imageSize: 224, batchSize: 8, batches: 4 },
    mode,
    precision,
    stock: true,
    target: 1,
    rounds: 5,
    units: 1,
  }));
}

/** @type {readonly Comparison[]} */
export const comparisons = [
  { ...usual, name: "train-bf16-resnet18", layouts: both, target: 3 },
  { ...usual, name: "train-bf16-resnet34", ...network("resnet34"), target: 2.8 },
  { ...usual, name: "train-bf16-wrn-28-10", ...network("wrn-28-10"), target: 2, rounds: 4, units: 1 },
  { ...usual, name: "train-bf16-vgg16-bn", ...network("vgg16-bn"), target: 2 },
  { ...usual, name: "train-bf16-resnet18-w16", ...network("resnet18", 16), target: 2, units: 10 },
  { ...fp32, name: "train-fp32", target: 2.5, compiled: true },
  { ...fp32, ...network("resnet18", 16), name: "train-fp32-resnet18-w16", target: 1.8, units: 10 },
  { ...fp32, name: "train-fp32-wrn-28-10", ...network("wrn-28-10"), target: 2.3, rounds: 3, units: 1 },
  { ...fp32, name: "train-fp32-vgg16-bn", ...network("vgg16-bn"), target: 2 },
  {
    ...fp32,
    name: "train-fp32-resnet50-224",
    workload: { ...workload, model: "resnet50", imageSize: 224, batchSize: 16, batches: 4 },
    target: 1.3,
    rounds: 4,
    units: 1,
  },
  ...backbones("train", "float32"),
  ...backbones("infer", "float32"),
  ...backbones("train", "bfloat16"),
  ...backbones("infer", "bfloat16"),
  { ...fp32, name: "infer-fp32", mode: "infer", target: 2.3, units: 4 },
  { ...fp32, name: "input-gradients-fp32", mode: "attack", target: 2.3, rounds: 4, units: 1 },
  { ...usual, name: "infer-bf16", mode: "infer", target: 2.5, units: 10 },
  { ...usual, name: "input-gradients-bf16", mode: "attack", target: 2.5, units: 1 },
  {
    ...usual,
    ...network("resnet18", 16),
    name: "pgd-10",
    mode: "pgd",
    precision: "float32",
    layouts: both,
    target: 2,
    units: 2,
    unit: "steps/s",
  },
];
