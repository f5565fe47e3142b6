// Loads the weights of a model from a file or a run.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../errors.js";
import { openWeightsFile, type StoredDict } from "../../torch/serialization/index.js";
import { fitWeights, type Loadable, type LoadedWeights, type LoadOptions } from "./fit-weights.js";

/** The weights of a run: the averaged ones first, by which the run is evaluated. */
const RUN_WEIGHTS = ["ema", "model"].map((name) => join("checkpoint", "last", `${name}.safetensors`));

/**
 * Loads a model's weights from a safetensors or PyTorch file (`.pth`, `.pt`, `.ckpt`, `.tar`), or from a run folder's last
 * checkpoint, averaged ones first. Names may have a prefix, such as `model.`, `module.` or `encoder_q.`, and may be
 * torchvision's; a plain network's weights load into one with additional heads. From self-supervised runs the backbone is
 * loaded. A classifier that the file does not have, or has for another number of classes, keeps its initial values unless
 * `strict`.
 * @example await loadWeights(model, "runs/photos-sat-1")
 * @throws InputError naming the file and what differs; the model is then unchanged.
 */
export async function loadWeights(model: Loadable, path: string, options: LoadOptions = {}): Promise<LoadedWeights> {
  const file = await findWeightsFile(path);
  const { tensors, entry } = await openWeightsFile(file);
  return { ...fitWeights(partFor(model, tensors), tensors, file, options), entry };
}

/** Weights of a plain network go into the network inside; the additional heads keep their initial values. */
function partFor(model: Loadable, stored: StoredDict): Loadable {
  const { network } = model;
  return network !== undefined && ![...stored.keys()].some((name) => name.startsWith("network.")) ? network : model;
}

async function findWeightsFile(path: string): Promise<string> {
  if (!(await isFolder(path))) return path;
  for (const name of RUN_WEIGHTS) if (await exists(join(path, name))) return join(path, name);
  throw new InputError(`${path}: no ${RUN_WEIGHTS.at(-1)} in this folder; expected a run folder or a weights file`);
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
