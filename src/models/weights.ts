// Weights into a model from any file that holds them, and out of it.
import { open, rename, rm, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { InputError } from "../errors.js";
import { fromStored, type nn, scope, type Tensor, toStored } from "../torch/index.js";
import { readWeightsFile, type StoredDict, writePth, writeSafetensors } from "../torch/serialization/index.js";
import { withOurNames } from "./name-map.js";

/** A module that may name its classifier, the last linear layer, and may hold another network that further heads were put on. */
type Loadable = nn.Module & { readonly head?: string; readonly network?: Loadable };

export interface LoadOptions {
  /** Refuse a classifier for another number of classes instead of leaving the model's own as it is. */
  readonly strict?: boolean;
}

export interface LoadedWeights {
  /** How many tensors were copied in. */
  readonly loaded: number;
  /** The names of the classifier's tensors where they were left as initialized, their number of classes being another. */
  readonly replaced: string[];
}

/** Where a run's weights are: the averaged ones first, by which the run itself is judged. */
const RUN_WEIGHTS = ["ema", "model"].map((name) => join("checkpoint", "last", `${name}.safetensors`));

/**
 * Loads a model's weights from a safetensors or PyTorch file, or from a run folder's last checkpoint, the averaged ones
 * where it has them. torchvision's ResNets load too, and a plain network's into one that has further heads; of a run without labels the backbone goes into a plain network, whose classifier is left as initialized. A classifier for another number of classes is left as initialized, unless `strict`.
 * @throws InputError naming the file and what differs; then the model is as it was.
 */
export async function loadWeights(model: Loadable, path: string, options: LoadOptions = {}): Promise<LoadedWeights> {
  const file = await findWeightsFile(path);
  const stored = await readWeightsFile(file);
  return fitWeights(partFor(model, stored), stored, file, options);
}

/** As `loadWeights`, of tensors already read; `name` is for messages. */
export function fitWeights(
  model: Loadable,
  stored: StoredDict,
  name: string,
  { strict = false }: LoadOptions = {},
): LoadedWeights {
  const own = model.stateDict();
  const backbone = model.network === undefined ? backboneOf(model, stored) : null;
  const given = new Map(withOurNames(backbone ?? withoutPredictor(stored, own), own));
  const replaced = strict ? [] : classifierToKeep(model, own, given, backbone !== null);
  for (const tensor of replaced) given.delete(tensor);
  requireSameNames(own, given, replaced, name);
  for (const [tensor, { shape }] of given) requireSameShape(tensor, own.get(tensor) as Tensor, shape, name);
  scope(() => model.loadStateDict(new Map([...own, ...fromStored(given)])));
  return { loaded: given.size, replaced };
}

/** Weights of a plain network go into the one inside; its further heads stay as initialized. */
function partFor(model: Loadable, stored: StoredDict): Loadable {
  const { network } = model;
  return network !== undefined && ![...stored.keys()].some((name) => name.startsWith("network.")) ? network : model;
}

/** Of weights that were learnt without labels, the network's inside of the heads, but for a classifier that never learnt; else null. */
function backboneOf({ head }: Loadable, stored: StoredDict): StoredDict | null {
  const names = [...stored.keys()];
  if (!names.some((name) => name.startsWith("projector."))) return null;
  const inside = names.filter((name) => name.startsWith("network.") && !name.startsWith(`network.${head}.`));
  return new Map(inside.map((name) => [name.slice("network.".length), stored.get(name)!]));
}

/** Weights that were learnt without labels may come with a predictor where the network, one to be predicted, has none. */
function withoutPredictor(stored: StoredDict, own: nn.StateDict): StoredDict {
  const names = [...own.keys()];
  const has = (part: string) => names.some((name) => name.startsWith(part));
  if (!has("projector.") || has("predictor.")) return stored;
  return new Map([...stored].filter(([name]) => !name.startsWith("predictor.")));
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
    (found) => found.isDirectory(),
    () => false,
  );

/** The classifier's tensors where the file's are for another number of classes, or absent. */
function classifierToKeep({ head }: Loadable, own: nn.StateDict, given: StoredDict, absent: boolean): string[] {
  const [ours, theirs] = [own.get(`${head}.weight`)?.shape, given.get(`${head}.weight`)?.shape];
  if (!absent && (ours === undefined || theirs?.length !== 2)) return [];
  if (!absent && (ours?.[0] === theirs?.[0] || ours?.[1] !== theirs?.[1])) return [];
  return [`${head}.weight`, `${head}.bias`].filter((name) => own.has(name));
}

function requireSameNames(own: nn.StateDict, given: StoredDict, replaced: readonly string[], file: string): void {
  const optional = (name: string) => name.endsWith("num_batches_tracked") || replaced.includes(name);
  const missing = [...own.keys()].filter((name) => !given.has(name) && !optional(name));
  const unknown = [...given.keys()].filter((name) => !own.has(name));
  if (missing.length === 0 && unknown.length === 0) return;
  const lacks = missing.length > 0 ? [`lacks ${listNames(missing)}`] : [];
  const holds = unknown.length > 0 ? [`holds ${listNames(unknown)}, which the model has not`] : [];
  throw new InputError(`${file}: ${[...lacks, ...holds].join(" and ")}; expected the weights of this model`);
}

function listNames(names: readonly string[]): string {
  return `${names.slice(0, 2).join(", ")}${names.length > 2 ? ` and ${names.length - 2} more tensors` : ""}`;
}

function requireSameShape(name: string, own: Tensor, shape: readonly number[], file: string): void {
  const [ours, theirs] = [own.shape.join(" x ") || "a scalar", shape.join(" x ") || "a scalar"];
  if (ours === theirs) return;
  const stem = name === "conv1.weight" && (own.shape[2] === 7 || shape[2] === 7);
  const advice = stem ? `; the file has the ${shape[2] === 7 ? "imagenet" : "cifar"} stem` : "";
  throw new InputError(`${file}: ${name} is ${theirs}; expected ${ours}, as this model has${advice}`);
}

const writers: Readonly<Record<string, (tensors: StoredDict) => Uint8Array>> = {
  ".safetensors": (tensors) => writeSafetensors(tensors),
  ".pth": writePth,
};

/**
 * Writes a model's weights, in the form that the suffix says (.safetensors or .pth), beside the file and then renamed.
 * @throws InputError for another suffix, and where the file cannot be written.
 */
export async function saveWeights(model: nn.Module, path: string): Promise<void> {
  const write = writers[extname(path)];
  if (write === undefined) {
    throw new InputError(
      `cannot write weights to ${path}; expected a name ending in ${Object.keys(writers).join(" or ")}`,
    );
  }
  await replaceFile(path, write(toStored(model.stateDict())));
}

async function replaceFile(path: string, bytes: Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}.new`;
  try {
    await writeSynced(beside, bytes);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new InputError(`cannot write weights to ${path}: ${(error as Error).message}`);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "w");
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
