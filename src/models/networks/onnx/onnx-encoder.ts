// A frozen encoder from an ONNX file, with a linear classifier on its features.
import { InputError } from "../../../errors.js";
import { nn, scope, type Tensor, tensor } from "../../../torch/index.js";
import { recordCall, recording, scopeUnlessRecording, unrecorded } from "../../../torch/recorder.js";
import type { NetworkDefinition } from "../../define-network.js";
import type { Network } from "../../network.js";
import { type EncoderFile, readEncoderFile } from "./encoder-file.js";
import { type SyncSession, syncSession } from "./sync-session.js";

/** Features of images (n, channels, height, width) by onnxruntime, without gradients; a linear layer on them. */
export class OnnxEncoder extends nn.Module implements Network {
  readonly head = "linear";
  readonly embeddingSize: number;
  readonly fingerprint: string;
  readonly opset: number;
  readonly linear: nn.Linear;
  readonly #file: EncoderFile;
  readonly #session: SyncSession;

  constructor(file: EncoderFile, outputs: number, image: readonly number[]) {
    super();
    this.#file = file;
    this.#session = syncSession(file);
    this.fingerprint = file.fingerprint;
    this.opset = file.opset;
    const { shape } = this.#run(new Float32Array(image.reduce((size, side) => size * side, 1)), [1, ...image]);
    this.embeddingSize = shape[1] as number;
    this.linear = new nn.Linear(this.embeddingSize, outputs);
  }

  embed(input: Tensor): Tensor {
    const features = unrecorded(() => scope(() => this.#features(input)));
    if (recording()) recordCall({ operator: "onnxEncoder", values: [input, this.#file], results: [features] });
    return features;
  }

  #features(input: Tensor): Tensor {
    const images = input.detach().to("float32").contiguous().data() as Float32Array;
    const { values, shape } = this.#run(images, input.shape);
    return tensor(values, { shape }).to(this.linear.weight.dtype).to(input.device);
  }

  /** A file whose batches have a fixed size gets as many images at a time, the last ones with zeros after them. */
  #run(values: Float32Array, [count = 0, ...image]: readonly number[]) {
    const batch = this.#file.shape[0] ?? count;
    const size = image.reduce((product, side) => product * side, 1);
    const parts: { readonly values: Float32Array; readonly shape: readonly number[] }[] = [];
    for (let start = 0; start < count; start += batch) {
      const images = new Float32Array(batch * size);
      images.set(values.subarray(start * size, (start + batch) * size));
      parts.push(this.#session.run(images, [batch, ...image]));
    }
    const features = this.#featureShape(parts[0]?.shape ?? []);
    const all = new Float32Array(parts.length * batch * features);
    parts.forEach((part, i) => void all.set(part.values, i * batch * features));
    return { values: all.subarray(0, count * features), shape: [count, features] };
  }

  #featureShape([, size = 0, ...rest]: readonly number[]): number {
    if (size > 0 && rest.every((side) => side === 1)) return size;
    const { file, output } = this.#file;
    throw new InputError(
      `${file}: ${output} is ${["n", size, ...rest].join(" x ")}; expected features of n x size, such as the class token`,
    );
  }

  classify(features: Tensor): Tensor {
    return this.linear.forward(features);
  }

  override forward(input: Tensor): Tensor {
    return scopeUnlessRecording(() => this.classify(this.embed(input)));
  }
}

/** The definition of a network that is named by its file. @throws InputError for a file that is no such encoder. */
export function onnxNetwork(name: string): NetworkDefinition {
  const file = readEncoderFile(name);
  return {
    name,
    description: "frozen encoder from an ONNX file",
    options: {},
    build({ outputs, channels, imageSize }) {
      if (imageSize === undefined) throw new InputError(`${file.file} takes images; received arrays`);
      const image = [channels, imageSize, imageSize];
      const expected = file.shape.slice(1).map((side, i) => side ?? (image[i] as number));
      if (expected.join() !== image.join()) {
        const advice = expected[0] === channels ? `; use \`imageSize: ${expected[1]}\`` : "";
        throw new InputError(
          `${file.file} takes images of ${expected.join(" x ")}; received ${image.join(" x ")}${advice}`,
        );
      }
      return new OnnxEncoder(file, outputs, image);
    },
  };
}

/** How an encoder's images are prepared: its metadata `mean` and `std` (numbers of pixels from 0 to 1), else ImageNet's. */
export function onnxPreparation(name: string) {
  const { file, shape, metadata } = readEncoderFile(name);
  const [, channels, height, width] = shape;
  const numbers = (key: string): number[] | null => {
    const text = metadata.get(key);
    if (text === undefined) return null;
    const values = text
      .split(/[\s,[\]]+/)
      .filter(Boolean)
      .map(Number);
    if (values.length > 0 && values.every(Number.isFinite) && values.length === (channels ?? values.length))
      return values;
    throw new InputError(`${file}: its metadata \`${key}\` is ${text}; expected a number for each channel`);
  };
  const imageNet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  return {
    file,
    model: null,
    imageSize: height === width ? (height ?? null) : null,
    mean: numbers("mean") ?? imageNet.mean,
    std: numbers("std") ?? imageNet.std,
  };
}

/** The encoder in a network, perhaps below additional heads; null where there is none. */
export function encoderOf(network: nn.Module): OnnxEncoder | null {
  for (const [, module] of network.namedModules()) if (module instanceof OnnxEncoder) return module;
  return null;
}
