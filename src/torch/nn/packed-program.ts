// A trunk's steps as the packed operator reads them: rows of eight numbers, beside the tensors that they point to.
import { type Kernels, packedKernels } from "../devices.js";
import { ROW_LENGTH, STEP_CODES, type StepOperands } from "../generated/step-rows.js";
import { native } from "../native.js";
import { ops } from "../operators.js";
import type { Tensor } from "../tensor.js";
import { rawOperator } from "../unsafe.js";
import type { Module } from "./module.js";
import type { Step } from "./program.js";

export interface PackedProgram {
  /** A row of `ROW_LENGTH` numbers a step, unused ones 0; row i reads values up to i and makes value i + 1. */
  readonly rows: readonly number[];
  readonly parameters: readonly Tensor[];
  /** Running means and variances. */
  readonly buffers: readonly Tensor[];
  /** Epsilons, momenta and probabilities. */
  readonly numbers: readonly number[];
  /** How many batches each batch norm has seen. */
  readonly counters: readonly Tensor[];
  /** The work of its convolutions with channels filled up to blocks, over that without; images' own channels are not filled up. */
  readonly padding: number;
  /** Whether the packed kernels know all of its steps: kernels of 1 and 3 that keep the size, batch norm of convolutions. */
  readonly known: boolean;
  /** The modules that do something else in training than in evaluation. */
  readonly switched: readonly Module[];
}

type Lists = Omit<PackedProgram, "padding" | "known">;
type Building = { readonly [Key in keyof Lists]: Lists[Key][number][] };

const trunk = rawOperator("selfadapt::trunk", "");

export function packProgram(steps: readonly Step[]): PackedProgram {
  const program: Building = { rows: [], parameters: [], buffers: [], numbers: [], counters: [], switched: [] };
  for (const step of steps) {
    program.rows.push(...rowOf(step, program));
  }
  return { ...program, padding: paddingOf(steps), known: isKnown(program) };
}

/** Asked past the recorder: it is a question, no part of what a network computes. */
function isKnown({ rows, parameters, buffers, numbers }: Building): boolean {
  if (packedKernels().length === 0) return false;
  const asked = native.find("selfadapt::takes_trunk", "");
  return native.call(asked, [rows, parameters.length, buffers.length, numbers.length]) as boolean;
}

const BLOCK = 32;
const filledUp = (channels: number) => Math.ceil(channels / BLOCK) * BLOCK;

/** Each convolution counts alike: as channels grow, maps shrink. */
function paddingOf(steps: readonly Step[]): number {
  const shares = steps.flatMap((step) => {
    if (step.kind !== "convolve" || step.from[0] === 0) return [];
    const [outputs, inputs] = step.module.weight.shape as [number, number];
    return [(filledUp(outputs) * filledUp(inputs)) / (outputs * inputs)];
  });
  return shares.length === 0 ? 1 : shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

/** Adds to a list, and says where. */
function place<T>(list: T[], ...values: T[]): number {
  return list.push(...values) - values.length;
}

/** A row of the program; which numbers a step takes is stated by the table that the addon is compiled from. */
function row<Kind extends keyof StepOperands>(kind: Kind, ...operands: StepOperands[Kind]): number[] {
  const filled = new Array<number>(ROW_LENGTH - 1 - operands.length).fill(0);
  return [STEP_CODES[kind], ...operands, ...filled];
}

function rowOf(step: Step, program: Building): number[] {
  const [x] = step.from;
  switch (step.kind) {
    case "convolve": {
      const { weight, bias, kernel, stride, padding } = step.module;
      const at = place(program.parameters, weight);
      const biasAt = bias === null ? -1 : place(program.parameters, bias);
      return row("convolve", x, at, biasAt, kernel, stride, padding);
    }
    case "norm": {
      const { weight, bias, runningMean, runningVar, batchesTracked, eps, momentum } = step.module;
      program.switched.push(step.module);
      program.counters.push(batchesTracked);
      const buffers = place(program.buffers, runningMean, runningVar);
      const parameters = place(program.parameters, weight, bias);
      return row("norm", x, parameters, buffers, place(program.numbers, eps, momentum));
    }
    case "relu":
      return row("relu", x);
    case "add":
      return row("add", x, step.from[1]);
    case "maxPool":
      return row("maxPool", x, step.module.kernel, step.module.stride, step.module.padding);
    case "dropout":
      program.switched.push(step.module);
      return row("dropout", x, place(program.numbers, step.module.p));
    case "mean":
    case "maps":
      return row(step.kind, x);
  }
}

/** The mode that all modules are in, true for training; null where some are in another than others. */
export function commonMode({ switched }: PackedProgram): boolean | null {
  const training = switched[0]?.training ?? false;
  return switched.every((module) => module.training === training) ? training : null;
}

/** Runs the program on float32 images, all in one operator; its features are float32. */
export function runPacked(program: PackedProgram, images: Tensor, kernels: Exclude<Kernels, "stock">): Tensor {
  const { parameters, buffers, rows, numbers, counters } = program;
  const training = commonMode(program) === true;
  const features = trunk(images, parameters, buffers, rows, numbers, training, kernels) as Tensor;
  if (training && counters.length > 0) ops.foreachAdd_(counters, 1);
  return features;
}
