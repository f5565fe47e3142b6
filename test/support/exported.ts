// Small networks to export, what onnxruntime answers by the exported models, and what the engine does.
import { InferenceSession, Tensor as OnnxTensor } from "onnxruntime-node";
import type { OnnxOptions } from "../../src/export/index.js";
import { createModel, type ModelOptions, type Network, selectiveNetwork } from "../../src/models/index.js";
import { manualSeed, nn, noGrad, ops, scope, type Tensor, tensor } from "../../src/torch/index.js";
import { smallOptions } from "./small-networks.js";

export const CLASSES = 5;

const product = (shape: readonly number[]) => shape.reduce((size, side) => size * side, 1);

/** A network of five classes whose batch norms have seen data. */
export function smallNetwork(name: string, options: Partial<ModelOptions>): Network {
  manualSeed(1);
  return unsettle(createModel(name, { classes: CLASSES, ...smallOptions(name), ...options }));
}

/** One with SelectiveNet's three heads. */
export function smallSelectiveNetwork(name: string, options: Partial<ModelOptions>): Network {
  manualSeed(1);
  return unsettle(
    selectiveNetwork(createModel(name, { classes: CLASSES, ...smallOptions(name), ...options }), CLASSES),
  );
}

/** What `toOnnx` is told of them, with another mean and deviation for every channel. */
export function optionsFor(sampleShape: readonly number[], options: Partial<OnnxOptions> = {}): OnnxOptions {
  const channels = sampleShape.length === 3 ? (sampleShape[0] as number) : product(sampleShape);
  const from = (start: number) => Array.from({ length: channels }, (_, i) => start + 0.05 * i);
  const normalization = { mean: from(0.4), std: from(0.2) };
  return { classes: CLASSES, sampleShape, normalization, score: "softmax-response", ...options };
}

/** The classes' columns of outputs. */
export function classColumns(outputs: Float32Array, samples: number): Float32Array {
  const columns = outputs.length / samples;
  return outputs.filter((_, i) => i % columns < CLASSES);
}

/** What a model answers, as plain arrays. */
export interface Answers {
  readonly logits: Float32Array;
  readonly probabilities: Float32Array;
  readonly label: number[];
  readonly confidence: Float32Array;
  readonly abstained: boolean[];
  /** Of every output. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}

/** Loads a model, on one thread and without the runtime's warnings, and answers batches (n, ...shape) of values. */
export async function openModel(model: Uint8Array | string) {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;
  const session = await (typeof model === "string"
    ? InferenceSession.create(model, options)
    : InferenceSession.create(model, options));
  const [input] = session.inputNames as [string];
  return {
    session,
    async ask(values: Float32Array, shape: readonly number[]): Promise<Answers> {
      const outputs = await session.run({ [input]: new OnnxTensor("float32", values, shape) });
      const data = (name: string) => (outputs[name] as OnnxTensor).data;
      return {
        logits: data("logits") as Float32Array,
        probabilities: data("probabilities") as Float32Array,
        label: Array.from(data("label") as BigInt64Array, Number),
        confidence: data("confidence") as Float32Array,
        abstained: Array.from(data("abstained") as Uint8Array, Boolean),
        shapes: Object.fromEntries(Object.entries(outputs).map(([name, { dims }]) => [name, dims])),
      };
    },
  };
}

/** Gives every batch norm of a network statistics and weights that leave no channel as it is, and keep values in bounds. */
function unsettle(network: Network): Network {
  noGrad(() =>
    scope(() => {
      for (const [name, buffer] of network.namedBuffers()) {
        if (name.endsWith("running_mean")) buffer.copy_(ops.randn(buffer.shape).mul(0.2));
        if (name.endsWith("running_var")) buffer.copy_(ops.rand(buffer.shape).mul(1.5).add(0.5));
      }
      for (const [, module] of network.namedModules()) {
        if (!(module instanceof nn.BatchNorm1d || module instanceof nn.BatchNorm2d)) continue;
        module.weight.copy_(ops.rand(module.weight.shape).add(0.5));
        module.bias.copy_(ops.randn(module.bias.shape).mul(0.2));
      }
    }),
  );
  return network;
}

/** The engine's outputs for samples (n, ...shape) that are normalized in float32, as the loader does. */
export function engineOutputs(
  network: nn.Module,
  values: Float32Array,
  shape: readonly number[],
  { mean, std }: { readonly mean: readonly number[]; readonly std: readonly number[] },
): Float32Array {
  const perChannel = (numbers: readonly number[]) =>
    tensor([...numbers], { shape: shape.length === 4 ? [1, numbers.length, 1, 1] : [1, ...shape.slice(1)] });
  return scope(() => {
    const samples: Tensor = tensor(values, { shape: [...shape] })
      .sub(perChannel(mean))
      .div(perChannel(std));
    return noGrad(() => network.eval().forward(samples)).data() as Float32Array;
  });
}

/** Values from 0 to 1 for samples of a shape, the same in every test. */
export function pixels(shape: readonly number[]): Float32Array {
  return Float32Array.from({ length: product(shape) }, (_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1).map(
    Math.abs,
  );
}
