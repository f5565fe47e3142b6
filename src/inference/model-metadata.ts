// The metadata of an exported ONNX model.
import proto from "onnx-proto";
import { z } from "zod";
import { InputError } from "../errors.js";
import { type ScoreName, scoreNames } from "../metrics/index.js";
import { type Calibration, parseCalibration } from "../runs/files/calibration.js";
import type { PredictorInput } from "./predictor.js";

export interface ModelMetadata {
  readonly classes: readonly string[];
  readonly input: PredictorInput;
  readonly score: ScoreName;
  readonly calibration: Calibration | null;
}

const side = z.int().positive();

const metadataSchema = z.object({
  "selfadapt.classes": json(z.array(z.string()).min(1)),
  "selfadapt.input": json(
    z.discriminatedUnion("kind", [
      z.object({
        kind: z.literal("images"),
        channels: side,
        height: side,
        width: side,
        range: z.tuple([z.number(), z.number()]).nullable().default([0, 1]),
        depthRanges: z.record(z.string(), z.tuple([z.number(), z.number()])).exactOptional(),
      }),
      z.object({ kind: z.literal("features"), shape: z.array(side).min(1) }),
    ]),
  ),
  "selfadapt.score": z.enum(scoreNames),
  "selfadapt.calibration": z.string(),
});

function json<T extends z.ZodType>(inner: T) {
  const parsed = z.string().transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue("it is not JSON");
      return z.NEVER;
    }
  });
  return parsed.pipe(inner);
}

/**
 * Reads a model's facts from the bytes of its file; the weights are passed over, not copied.
 *
 * @throws InputError for a file that is not an ONNX model written by `export`.
 */
export function readModelMetadata(bytes: Uint8Array, path: string): ModelMetadata {
  const result = metadataSchema.safeParse(readMetadata(bytes, path));
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new InputError(
      `${path} was not written by export: its metadata ${String(issue?.path[0])}: ${issue?.message}`,
    );
  }
  const calibration = result.data["selfadapt.calibration"];
  return {
    classes: result.data["selfadapt.classes"],
    input: result.data["selfadapt.input"],
    score: result.data["selfadapt.score"],
    calibration: calibration === "null" ? null : parseCalibration(calibration, `${path}: selfadapt.calibration`),
  };
}

function readMetadata(bytes: Uint8Array, path: string): Record<string, string> {
  try {
    const { graph, metadataProps } = proto.onnx.ModelProto.decode(bytes);
    if (!graph) throw new Error("it holds no graph");
    return Object.fromEntries(metadataProps.map(({ key, value }) => [key ?? "", value ?? ""]));
  } catch (error) {
    throw new InputError(
      `${path} cannot be read as an ONNX model (${(error as Error).message}); expected one that export wrote, or a run folder`,
    );
  }
}
