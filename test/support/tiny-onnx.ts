// ONNX models as `export` writes them, small enough to write down: class k is the mean of channel k, times a factor.
import proto, { type onnx } from "onnx-proto";
import type { Calibration } from "../../src/runs/files/calibration.js";

export const colorClasses = ["red", "green", "blue"] as const;

export interface TinyOptions {
  /** The side of the images. */
  readonly side?: number;
  readonly calibration?: Calibration | null;
  /** Metadata in the place of what `export` would write. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const FLOAT = 1;
const INT64 = 7;
const BOOL = 9;
/** How much a full channel is worth before the softmax. */
const factor = 4;

/** A calibration that abstains below a confidence. */
export function calibrationAt(threshold: number): Calibration {
  return {
    score: "softmax-response",
    temperature: 1,
    threshold,
    target: { coverage: 0.9 },
    achieved: { coverage: 0.9, risk: 0.01, riskBound: null, samples: 100 },
    data: "held-out",
    fingerprint: "0",
    checkpoint: "last",
    passes: null,
    version: "0.1.0",
  };
}

/** Tells which color an image has: three classes, images of `side` pixels squared. */
export function colorModel({ side = 8, calibration = null, metadata = {} }: TinyOptions = {}): Uint8Array {
  const input = { kind: "images", channels: 3, height: side, width: side, resize: "cover" };
  const logits = [
    node("ReduceMean", ["images"], "means", [ints("axes", [2, 3]), int("keepdims", 0)]),
    node("Mul", ["means", "factor"], "logits"),
  ];
  const entries = metadataOf(colorClasses, input, calibration);
  return modelOf("images", [3, side, side], 3, logits, { ...entries, ...metadata }, calibration?.threshold ?? -1);
}

/** Tells which of three values is the largest. */
export function featureModel(): Uint8Array {
  const logits = [node("Mul", ["features", "factor"], "logits")];
  const entries = metadataOf(["a", "b", "c"], { kind: "features", shape: [3] }, null);
  return modelOf("features", [3], 3, logits, entries, -1);
}

function metadataOf(classes: readonly string[], input: object, calibration: Calibration | null) {
  return {
    "selfadapt.version": "0.1.0",
    "selfadapt.classes": JSON.stringify(classes),
    "selfadapt.input": JSON.stringify(input),
    "selfadapt.score": "softmax-response",
    "selfadapt.calibration": JSON.stringify(calibration),
  };
}

function modelOf(
  input: string,
  shape: readonly number[],
  classes: number,
  logits: onnx.INodeProto[],
  metadata: Readonly<Record<string, string>>,
  threshold: number,
): Uint8Array {
  const answers = [
    node("Softmax", ["logits"], "probabilities", [int("axis", 1)]),
    node("ArgMax", ["logits"], "label", [int("axis", 1), int("keepdims", 0)]),
    node("ReduceMax", ["probabilities"], "confidence", [ints("axes", [1]), int("keepdims", 0)]),
    node("Less", ["confidence", "threshold"], "abstained"),
  ];
  return proto.onnx.ModelProto.encode({
    irVersion: 7,
    opsetImport: [{ domain: "", version: 13 }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: {
      name: "tiny",
      node: [...logits, ...answers],
      initializer: [scalar("factor", factor), scalar("threshold", threshold)],
      input: [value(input, FLOAT, shape)],
      output: [
        value("logits", FLOAT, [classes]),
        value("probabilities", FLOAT, [classes]),
        value("label", INT64, []),
        value("confidence", FLOAT, []),
        value("abstained", BOOL, []),
      ],
    },
  }).finish();
}

const INT_ATTRIBUTE = 2;
const INTS_ATTRIBUTE = 7;

const int = (name: string, i: number): onnx.IAttributeProto => ({ name, type: INT_ATTRIBUTE, i });
const ints = (name: string, values: number[]): onnx.IAttributeProto => ({ name, type: INTS_ATTRIBUTE, ints: values });

function node(opType: string, input: string[], output: string, attribute: onnx.IAttributeProto[] = []) {
  return { opType, input, output: [output], attribute };
}

function scalar(name: string, number: number): onnx.ITensorProto {
  return { name, dataType: FLOAT, dims: [], floatData: [number] };
}

function value(name: string, elemType: number, shape: readonly number[]): onnx.IValueInfoProto {
  const dim = [{ dimParam: "batch" }, ...shape.map((size) => ({ dimValue: size }))];
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
