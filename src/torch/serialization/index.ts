// Weights files: safetensors and PyTorch's own, read without running anything in them.
export { readPth, readPthStateDict } from "./pth.js";
export { isSafetensors, readSafetensors, type Safetensors, writeSafetensors } from "./safetensors.js";
export {
  elementCount,
  ITEM_SIZES,
  isStoredTensor,
  type StoredDict,
  type StoredTensor,
  type StoredType,
} from "./types.js";
export { parseWeights, readWeightsFile } from "./weights-file.js";
export { writePth } from "./write-pth.js";
