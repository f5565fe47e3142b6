// A trunk's steps in the form that the packed operator reads: rows of eight numbers, and the tensors that they refer to.
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
  /** The number of batches of each batch norm. */
  readonly counters: readonly Tensor[];
  /** Whether the packed kernels support all of its steps: kernels of 1 and 3 that keep the size, batch norm of convolutions. */
  readonly known: boolean;
  /** The modules that differ between training and evaluation. */
  readonly switched: readonly Module[];
}

type Lists = Omit<PackedProgram, "known">;
type Building = { readonly [Key in keyof Lists]: Lists[Key][number][] };

const trunk = rawOperator("selfadapt::trunk", "");

export function packProgram(steps: readonly Step[]): PackedProgram {
  const program: Building = { rows: [], parameters: [], buffers: [], numbers: [], counters: [], switched: [] };
  for (const step of steps) {
    program.rows.push(...rowOf(step, program));
  }
  return { ...program, known: !steps.some(isGrouped) && isKnown(program) };
}

const isGrouped = (step: Step) => step.kind === "convolve" && step.module.groups !== 1;

/** Called outside of the recorder: it is no part of the network's computation. */
function isKnown({ rows, parameters, buffers, numbers }: Building): boolean {
  if (packedKernels().length === 0) return false;
  const takesTrunk = native.find("selfadapt::takes_trunk", "");
  return native.call(takesTrunk, [rows, parameters.length, buffers.length, numbers.length]) as boolean;
}

/** Adds to a list and returns the index. */
function append<T>(list: T[], ...values: T[]): number {
  return list.push(...values) - values.length;
}

/** A row of the program; the table that the addon is compiled from states the numbers of each step. */
function row<Kind extends keyof StepOperands>(kind: Kind, ...operands: StepOperands[Kind]): number[] {
  const filled = new Array<number>(ROW_LENGTH - 1 - operands.length).fill(0);
  return [STEP_CODES[kind], ...operands, ...filled];
}

function rowOf(step: Step, program: Building): number[] {
  const [x] = step.from;
  switch (step.kind) {
    case "convolve": {
      const { weight, bias, kernel, stride, padding } = step.module;
      const at = append(program.parameters, weight);
      const biasAt = bias === null ? -1 : append(program.parameters, bias);
      return row("convolve", x, at, biasAt, kernel, stride, padding);
    }
    case "norm": {
      const { weight, bias, runningMean, runningVar, batchesTracked, eps, momentum } = step.module;
      program.switched.push(step.module);
      program.counters.push(batchesTracked);
      const buffers = append(program.buffers, runningMean, runningVar);
      const parameters = append(program.parameters, weight, bias);
      return row("norm", x, parameters, buffers, append(program.numbers, eps, momentum));
    }
    case "relu":
      return row("relu", x);
    case "add":
      return row("add", x, step.from[1]);
    case "maxPool":
      return row("maxPool", x, step.module.kernel, step.module.stride, step.module.padding);
    case "dropout":
      program.switched.push(step.module);
      return row("dropout", x, append(program.numbers, step.module.p));
    case "mean":
    case "maps":
      return row(step.kind, x);
  }
}

/** The mode of all modules, true for training; null where they differ. */
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
