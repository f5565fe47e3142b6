// Predicts with an exported model by onnxruntime; libtorch is not loaded.
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { readBytes } from "../data/files.js";
import { InputError } from "../errors.js";
import { confidenceBy, type OutputScore } from "../metrics/index.js";
import { optionalPackage } from "../optional-package.js";
import { readModelMetadata } from "./model-metadata.js";
import { checkBatch, classNameOf, floatsOf, type Prediction, type Predictor, sampleShape } from "./predictor.js";
import type { PredictorOptions } from "./predictor-options.js";

const outputNames = ["logits", "probabilities", "label", "abstained"] as const;

type Outputs = Readonly<Record<(typeof outputNames)[number], Tensor>>;

/** Opens an `.onnx` file that `export` wrote. Throws `InputError` on any other. */
export async function openOnnxPredictor(path: string, options: PredictorOptions = {}): Promise<Predictor> {
  const runtime = await loadRuntime();
  const bytes = await readBytes(path);
  const { classes, input, score, calibration } = readModelMetadata(bytes, path);
  const session = await openSession(runtime, bytes, path, options);
  const { threshold = null } = options;
  const temperature = calibration?.temperature ?? 1;
  return {
    classes,
    input,
    score,
    calibration,
    threshold: threshold ?? calibration?.threshold ?? null,
    async predict(batch, samples) {
      checkBatch(input, batch, samples);
      const floats = floatsOf(batch, input);
      const tensor = new runtime.Tensor("float32", floats, [samples, ...sampleShape(input)]);
      const outputs = await session.run({ [input.kind]: tensor }, outputNames);
      return predictionsOf(outputs as unknown as Outputs, {
        classes,
        score: score as OutputScore,
        temperature,
        threshold,
      });
    },
    close: () => session.release(),
  };
}

const loadRuntime = () =>
  optionalPackage("predicting with an ONNX model", ["onnxruntime-node"], () => import("onnxruntime-node"));

type Runtime = Awaited<ReturnType<typeof loadRuntime>>;

async function openSession(
  runtime: Runtime,
  bytes: Uint8Array,
  path: string,
  { threads }: PredictorOptions,
): Promise<InferenceSession> {
  try {
    return await runtime.InferenceSession.create(bytes, {
      ...(threads !== undefined && { intraOpNumThreads: threads }),
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new InputError(`${path} cannot be loaded by onnxruntime: ${(error as Error).message.split("\n")[0]}`);
  }
}

interface Judgement {
  readonly classes: readonly string[];
  readonly score: OutputScore;
  readonly temperature: number;
  readonly threshold: number | null;
}

/** The model's predictions, with its own or another threshold; the confidence is float64, as the run folder's, which thresholds are chosen by. */
function predictionsOf(outputs: Outputs, { classes, score, temperature, threshold }: Judgement): Prediction[] {
  const label = outputs.label.data as BigInt64Array;
  const logits = outputs.logits.data as Float32Array;
  const confidence = confidenceBy(score, logits, label.length, classes.length, temperature);
  const abstained = outputs.abstained.data as Uint8Array;
  const probabilities = outputs.probabilities.data as Float32Array;
  return Array.from(label, (answer, i) => {
    const row = probabilities.slice(i * classes.length, (i + 1) * classes.length);
    return {
      label: classNameOf(classes, Number(answer), row),
      confidence: confidence[i]!,
      abstained: threshold === null ? abstained[i] === 1 : confidence[i]! < threshold,
      probabilities: row,
    };
  });
}
