// Loading and saving the weights of a model.
import { open, rename, rm, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { InputError } from "../../errors.js";
import { fromStored, type nn, scope, type Tensor, toStored } from "../../torch/index.js";
import { readWeightsFile, type StoredDict, writePth, writeSafetensors } from "../../torch/serialization/index.js";
import { withOurNames } from "./name-map.js";

/** A module that may name its classifier, the last linear layer, and may contain a network that heads were added to. */
type Loadable = nn.Module & { readonly head?: string; readonly network?: Loadable };

export interface LoadOptions {
  /** Refuse a classifier for another number of classes instead of keeping the model's (default: false). */
  readonly strict?: boolean;
}

export interface LoadedWeights {
  /** How many tensors were loaded. */
  readonly loaded: number;
  /** The names of the classifier's tensors where they kept their initial values, for another number of classes. */
  readonly replaced: string[];
}

/** The weights of a run: the averaged ones first, by which the run is evaluated. */
const RUN_WEIGHTS = ["ema", "model"].map((name) => join("checkpoint", "last", `${name}.safetensors`));

/**
 * Loads a model's weights from a safetensors or PyTorch file, or from a run folder's last checkpoint, the averaged ones
 * where it has them. torchvision's ResNets load too, and a plain network's weights load into one with additional heads. From
 * self-supervised runs the backbone is loaded; the classifier then keeps its initial values, as does a classifier for another
 * number of classes unless `strict`.
 * @example await loadWeights(model, "runs/photos-sat-1")
 * @throws InputError naming the file and what differs; the model is then unchanged.
 */
export async function loadWeights(model: Loadable, path: string, options: LoadOptions = {}): Promise<LoadedWeights> {
  const file = await findWeightsFile(path);
  const stored = await readWeightsFile(file);
  return fitWeights(partFor(model, stored), stored, file, options);
}

/** As `loadWeights`, from tensors already read; `name` is for messages. */
export function fitWeights(
  model: Loadable,
  stored: StoredDict,
  name: string,
  { strict = false }: LoadOptions = {},
): LoadedWeights {
  const current = model.stateDict();
  const backbone = model.network === undefined ? backboneOf(model, stored) : null;
  const given = new Map(withOurNames(backbone ?? withoutPredictor(stored, current), current));
  const replaced = strict ? [] : classifierToKeep(model, current, given, backbone !== null);
  for (const tensor of replaced) given.delete(tensor);
  requireSameNames(current, given, replaced, name);
  for (const [tensor, { shape }] of given) requireSameShape(tensor, current.get(tensor) as Tensor, shape, name);
  scope(() => model.loadStateDict(new Map([...current, ...fromStored(given)])));
  return { loaded: given.size, replaced };
}

/** Weights of a plain network go into the network inside; the additional heads keep their initial values. */
function partFor(model: Loadable, stored: StoredDict): Loadable {
  const { network } = model;
  return network !== undefined && ![...stored.keys()].some((name) => name.startsWith("network.")) ? network : model;
}

/** From self-supervised weights the backbone's, without its untrained classifier; null for other weights. */
function backboneOf({ head }: Loadable, stored: StoredDict): StoredDict | null {
  const names = [...stored.keys()];
  if (!names.some((name) => name.startsWith("projector."))) return null;
  const inside = names.filter((name) => name.startsWith("network.") && !name.startsWith(`network.${head}.`));
  return new Map(inside.map((name) => [name.slice("network.".length), stored.get(name)!]));
}

/** Self-supervised weights without the predictor where the network, such as a target network, has none. */
function withoutPredictor(stored: StoredDict, current: nn.StateDict): StoredDict {
  const names = [...current.keys()];
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
    (entry) => entry.isDirectory(),
    () => false,
  );

/** The names of the classifier's tensors where the file has none, or has them for another number of classes. */
function classifierToKeep({ head }: Loadable, current: nn.StateDict, given: StoredDict, absent: boolean): string[] {
  const [ours, theirs] = [current.get(`${head}.weight`)?.shape, given.get(`${head}.weight`)?.shape];
  if (!absent && (ours === undefined || theirs?.length !== 2)) return [];
  if (!absent && (ours?.[0] === theirs?.[0] || ours?.[1] !== theirs?.[1])) return [];
  return [`${head}.weight`, `${head}.bias`].filter((name) => current.has(name));
}

function requireSameNames(current: nn.StateDict, given: StoredDict, replaced: readonly string[], file: string): void {
  const optional = (name: string) => name.endsWith("num_batches_tracked") || replaced.includes(name);
  const missing = [...current.keys()].filter((name) => !given.has(name) && !optional(name));
  const unknown = [...given.keys()].filter((name) => !current.has(name));
  if (missing.length === 0 && unknown.length === 0) return;
  const lacks = missing.length > 0 ? [`lacks ${listNames(missing)}`] : [];
  const holds = unknown.length > 0 ? [`holds ${listNames(unknown)}, which the model does not have`] : [];
  throw new InputError(`${file}: ${[...lacks, ...holds].join(" and ")}; expected the weights of this model`);
}

function listNames(names: readonly string[]): string {
  return `${names.slice(0, 2).join(", ")}${names.length > 2 ? ` and ${names.length - 2} more tensors` : ""}`;
}

function requireSameShape(name: string, current: Tensor, shape: readonly number[], file: string): void {
  const [ours, theirs] = [current.shape.join(" x ") || "a scalar", shape.join(" x ") || "a scalar"];
  if (ours === theirs) return;
  const stem = name === "conv1.weight" && (current.shape[2] === 7 || shape[2] === 7);
  const advice = stem ? `; the file has the ${shape[2] === 7 ? "imagenet" : "cifar"} stem` : "";
  throw new InputError(`${file}: ${name} is ${theirs}; expected ${ours}, as this model has${advice}`);
}

const writers: Readonly<Record<string, (tensors: StoredDict) => Uint8Array>> = {
  ".safetensors": (tensors) => writeSafetensors(tensors),
  ".pth": writePth,
};

/**
 * Writes a model's weights in the format of the suffix (.safetensors or .pth), atomically.
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
  const temporary = `${path}.${process.pid}.new`;
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
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
