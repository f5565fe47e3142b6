// The list of named networks.
import { didYouMean, InputError } from "../errors.js";
import { option } from "../options/index.js";
import type { NetworkDefinition } from "./define-network.js";
import { convNext, convNextTiny } from "./networks/convnext/convnext.js";
import { mlp } from "./networks/mlp.js";
import { efficientNetB0 } from "./networks/mobile/efficientnet.js";
import { mobileNetV3Large, mobileNetV3Small } from "./networks/mobile/mobilenet-v3.js";
import { isOnnxName } from "./networks/onnx/encoder-file.js";
import { onnxNetwork } from "./networks/onnx/onnx-encoder.js";
import { preActResNet18 } from "./networks/pre-act-resnet.js";
import { resnet18, resnet34, resnet50 } from "./networks/resnet.js";
import { vgg16bn } from "./networks/vgg.js";
import { vit, vitB16, vitB16Clip, vitS14Dinov2, vitS14Dinov2Registers, vitS16 } from "./networks/vit/index.js";
import { wrn16x1, wrn28x10, wrn34x10 } from "./networks/wide-resnet.js";

const networks = [
  resnet18,
  resnet34,
  resnet50,
  preActResNet18,
  wrn16x1,
  wrn28x10,
  wrn34x10,
  vgg16bn,
  vitS16,
  vitB16,
  vitS14Dinov2,
  vitS14Dinov2Registers,
  vitB16Clip,
  vit,
  convNextTiny,
  convNext,
  mobileNetV3Small,
  mobileNetV3Large,
  efficientNetB0,
  mlp,
] as const;

/** The schemas of the options that the networks have. */
export type NetworkOptionShapes = (typeof networks)[number]["options"];

export const modelNames: readonly string[] = networks.map(({ name }) => name);

/** The default networks. */
export const defaultModels = { images: resnet18.name, arrays: mlp.name };

/** @throws InputError for a name that no network has. */
export function networkNamed(name: string): NetworkDefinition {
  if (isOnnxName(name)) return onnxNetwork(name);
  const definition = networks.find((network) => network.name === name);
  // Options are parsed by the definition's own schemas before they reach its builder.
  if (definition !== undefined) return definition as unknown as NetworkDefinition;
  throw new InputError(
    `${option("model")}: received ${JSON.stringify(name)}; expected onnx:FILE or one of ${modelNames.join(", ")}${didYouMean(name, modelNames)}`,
  );
}

/** Whether the named network has an option, such as `width`. */
export const hasOption = (name: string, key: string) =>
  networks.some((network) => network.name === name && key in network.options);

/** Whether gradient checkpointing is for a network. */
export const canCheckpoint = (name: string): boolean =>
  networks.find((network) => network.name === name)?.checkpointing === true;

/** What decays in a network unless the recipe says: all parameters, or `weights` without biases, norms and embeddings. */
export const decayByDefault = (name: string): "all" | "weights" =>
  networks.find((network) => network.name === name)?.decayOn ?? "all";
