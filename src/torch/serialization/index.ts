// Weights files: safetensors and PyTorch's, read without executing anything in them.
export { PickledArray } from "./pickle/numpy-array.js";
export { readPickle } from "./pickle/read-pickle.js";
export { readPth, readPthStateDict } from "./pth/pth.js";
export { writePth } from "./pth/write-pth.js";
export { readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.js";
export {
  ITEM_SIZES,
  type StoredDict,
  type StoredTensor,
  type StoredType,
} from "./types.js";
export { openWeightsFile, readWeightsFile } from "./weights-file.js";
