// Layers of neural networks.
export { GELU, type GeluForm, Hardsigmoid, Hardswish, Sigmoid, SiLU } from "./activations.js";
export { Attention } from "./attention.js";
export { BatchNorm1d, BatchNorm2d, type BatchNormOptions } from "./batch-norm.js";
export { backwardCheckpointed, checkpointing, forwardCheckpointed } from "./checkpointing.js";
export { DropPath } from "./drop-path.js";
export { heNormal, type Init, normal, uniformByInputs, zeros } from "./init.js";
export { withKernels } from "./kernels.js";
export { LayerNorm, LayerNorm2d, type LayerNormOptions } from "./layer-norm.js";
export { Conv2d, type ConvolutionOptions, type LayerInit, Linear } from "./layers.js";
export { Module, type StateDict } from "./module.js";
export { withPrecision } from "./precision.js";
export type { End, Maps, Traceable } from "./program.js";
export { Sequential } from "./sequential.js";
export {
  AvgPool2d,
  Dropout,
  Dropout2d,
  Flatten,
  GlobalAvgPool2d,
  Identity,
  MaxPool2d,
  type PoolOptions,
  ReLU,
} from "./simple.js";
export { Block, Trunk } from "./trunk.js";
