// Options that several commands and functions of the library have.
import { availableParallelism } from "node:os";
import { z } from "zod";

export const checkpoint = () => z.enum(["last", "best"]).describe("checkpoint of the run");

/** A checkpoint, or the weights before training. */
export const checkpointOrInitial = () =>
  z
    .enum(["last", "best", "initial"])
    .default("last")
    .describe("checkpoint of the run; initial: the untrained weights, drawn from its seed");

/** The checkpoint that a run is calibrated for, unless another is given. */
export const calibratedCheckpoint = () =>
  checkpoint().optional().meta({ defaultText: "the calibrated one, else last" });

export const precision = () => z.enum(["auto", "fp32", "bf16", "fp64"]).describe("precision of convolutions");

export const kernels = () =>
  z.enum(["auto", "amx", "winograd", "stock"]).describe("convolution kernels; stock: libtorch's");

export const device = () => z.string().describe("auto, cpu, cuda or cuda:N").meta({ argument: "name" });

export const seed = () => z.int().min(0).describe("random seed");

export const threads = () =>
  z
    .int()
    .min(1)
    .max(Math.max(64, availableParallelism()))
    .optional()
    .describe("CPU threads")
    .meta({ defaultText: "all cores" });
