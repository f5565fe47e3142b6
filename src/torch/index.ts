// The public engine: tensors, operators, layers and optimizers.
export { autocast, enableGrad, type GradOptions, grad, noGrad } from "./autograd.js";
export { fromBytes, type TensorOptions, tensor } from "./create.js";
export {
  buildConfiguration,
  chooseDevice,
  chooseKernels,
  choosePrecision,
  cpuCapability,
  cudaDevices,
  fastestPrecision,
  type Kernels,
  kernelsIn,
  libtorchVersion,
  multipliesBfloat16,
  packedKernels,
  type RequestedKernels,
  setThreads,
  threads,
} from "./devices.js";
export * as distributed from "./distributed/index.js";
export type { DType, TypedArray } from "./dtype.js";
export { Generator } from "./generator.js";
export { keep, liveBytes, liveTensors, scope } from "./lifetime.js";
export * as nn from "./nn/index.js";
export { type OperatorTime, type OperatorTimer, operatorTimer } from "./operator-times.js";
export { ops } from "./operators.js";
export * as optim from "./optim/index.js";
export { manualSeed, randomState, setRandomState } from "./random.js";
export { type RecordedCall, recordCalls } from "./recorder.js";
export {
  readPth,
  readPthStateDict,
  readSafetensors,
  readWeightsFile,
  type Safetensors,
  type StoredDict,
  type StoredTensor,
  writePth,
  writeSafetensors,
} from "./serialization/index.js";
export { fromStored, fromStoredTensor, toStored, toStoredTensor } from "./stored.js";
export { type BackwardOptions, type Device, type MemoryFormat, type NestedArray, Tensor } from "./tensor.js";
