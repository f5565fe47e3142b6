// What an ONNX file of an encoder says of itself: input, outputs, operator set and metadata.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import onnxProto, { type onnx } from "onnx-proto";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";

/** What precedes the file in a network's name: `onnx:encoder.onnx`, or `onnx:encoder.onnx#output` of several outputs. */
const PREFIX = "onnx:";

export const isOnnxName = (name: string) => name.startsWith(PREFIX);

export interface EncoderFile {
  readonly file: string;
  readonly model: onnx.ModelProto;
  readonly input: string;
  readonly output: string;
  /** Of the input, (n, channels, height, width); null where it is free. */
  readonly shape: readonly (number | null)[];
  readonly opset: number;
  readonly metadata: ReadonlyMap<string, string>;
  /** Of the file's bytes. */
  readonly fingerprint: string;
}

/** The name with another path, such as an absolute one. */
export function withOnnxPath(name: string, change: (path: string) => string): string {
  const [file = "", ...output] = name.slice(PREFIX.length).split("#");
  return [`${PREFIX}${change(file)}`, ...output].join("#");
}

/**
 * Reads an encoder by its name. @throws InputError for a file that is no ONNX model of one image input in float32, and for
 * several outputs of which none is named.
 */
export function readEncoderFile(name: string): EncoderFile {
  const [file = "", output] = name.slice(PREFIX.length).split("#");
  const bytes = readBytes(file);
  const model = decode(bytes, file);
  const graph = model.graph as onnx.IGraphProto;
  const constants = new Set((graph.initializer ?? []).map(({ name }) => name));
  const inputs = (graph.input ?? []).filter((value) => !constants.has(value.name));
  const [input] = inputs;
  if (input === undefined || inputs.length > 1) {
    throw new InputError(`${file} has ${inputs.length} inputs; expected an encoder with one, of images`);
  }
  const opset = Number((model.opsetImport ?? []).find(({ domain }) => !domain)?.version ?? 0);
  const metadata = new Map((model.metadataProps ?? []).map(({ key, value }) => [key ?? "", value ?? ""]));
  const facts = { file, model, input: input.name ?? "", opset, metadata };
  const fingerprint = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return { ...facts, output: outputOf(file, graph, output), shape: shapeOf(file, input), fingerprint };
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new InputError(`${option("model", `${PREFIX}${file}`)}: the file cannot be read: ${reason}`);
  }
}

function decode(bytes: Uint8Array, file: string): onnx.ModelProto {
  try {
    const model = onnxProto.onnx.ModelProto.decode(bytes);
    if (model.graph && (model.graph.node ?? []).length > 0) return model;
  } catch {}
  throw new InputError(`${file} is not an ONNX model; expected a file that an exporter wrote`);
}

function outputOf(file: string, { output = [] }: onnx.IGraphProto, requested: string | undefined): string {
  const names = (output ?? []).map(({ name }) => name ?? "");
  if (requested === undefined && names.length === 1) return names[0] as string;
  if (requested !== undefined && names.includes(requested)) return requested;
  const received = requested === undefined ? `${names.length} outputs` : `no output "${requested}"`;
  throw new InputError(
    `${file} has ${received}; expected one of ${names.map((name) => `${PREFIX}${file}#${name}`).join(", ")}`,
  );
}

function shapeOf(file: string, { type }: onnx.IValueInfoProto): readonly (number | null)[] {
  const { elemType, shape } = type?.tensorType ?? {};
  const sizes = (shape?.dim ?? []).map(({ dimValue }) => (Number(dimValue) > 0 ? Number(dimValue) : null));
  if (elemType === onnxProto.onnx.TensorProto.DataType.FLOAT && sizes.length === 4) return sizes;
  throw new InputError(
    `${file}: its input has ${sizes.length} dimensions${elemType === 1 ? "" : ", and not of float32"}; expected images of n x channels x height x width in float32`,
  );
}
