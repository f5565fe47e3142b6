// Weights read from a file, fitted to a model: names, shapes, and which part of either the other has no use for.
import { InputError } from "../../errors.js";
import { fromStored, type nn, scope, type Tensor } from "../../torch/index.js";
import type { StoredDict, StoredTensor } from "../../torch/serialization/index.js";
import type { ForeignWeights } from "../network.js";
import { matchNames } from "./match-names.js";

/** A module that may name its classifier, the last linear layer, and may contain a network that heads were added to. */
export type Loadable = nn.Module & {
  readonly head?: string;
  readonly network?: Loadable;
  readonly foreign?: ForeignWeights;
};

export interface LoadOptions {
  /** Refuse a classifier for another number of classes instead of keeping the model's (default: false). */
  readonly strict?: boolean;
}

export interface LoadedWeights {
  /** How many tensors were loaded. */
  readonly loaded: number;
  /** The names of the classifier's tensors where they kept their initial values: the file's is for other classes, or absent. */
  readonly replaced: string[];
  /** The entry of the checkpoint that they come from, such as `state_dict`; empty where it is the file itself. */
  readonly entry: string;
  /** The prefix of their names in the file, such as `encoder_q.`; empty without one. */
  readonly prefix: string;
  /** The tensors of the file that were not loaded, by their names in the file. */
  readonly ignored: string[];
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
  const { tensors, prefix } = matchNames(backbone ?? withoutPredictor(stored, current), current, model.foreign);
  if (![...tensors.keys()].some((tensor) => current.has(tensor))) throw nothingMatches(current, stored, name);
  const replaced = strict ? [] : classifierToKeep(model, current, tensors);
  const used = (tensor: string) => !replaced.includes(tensor) && !isBeside(tensor, model, current);
  const given = new Map([...tensors].filter(([tensor]) => used(tensor)));
  requireSameNames(current, { given, below: tensors, replaced }, name);
  const fitting = fitted(given, stored, prefix, model.foreign);
  for (const [tensor, { shape }] of fitting) requireSameShape(tensor, current.get(tensor) as Tensor, shape, name);
  scope(() => model.loadStateDict(new Map([...current, ...fromStored(fitting)])));
  const loaded = new Set(given.values());
  const ignored = [...stored.keys()].filter((tensor) => !loaded.has(stored.get(tensor) as StoredTensor));
  return { loaded: given.size, replaced, entry: "", prefix: backbone === null ? prefix : `network.${prefix}`, ignored };
}

/** The tensors in the network's shapes; their names in the file say which library wrote them. */
function fitted(given: StoredDict, stored: StoredDict, prefix: string, foreign?: ForeignWeights): StoredDict {
  if (foreign === undefined) return given;
  const theirs = new Map([...stored].map(([name, tensor]) => [tensor, name.slice(prefix.length)]));
  return new Map([...given].map(([name, tensor]) => [name, foreign.fit(name, tensor, theirs.get(tensor) ?? name)]));
}

/** Whether a tensor belongs to no part of the model but perhaps its classifier: another head, a queue, a loss's weights. */
function isBeside(name: string, { head, foreign }: Loadable, current: nn.StateDict): boolean {
  if (current.has(name) || foreign?.parts.includes(name.split(".", 1)[0] as string)) return false;
  const body = [...current.keys()].filter((ours) => !ours.startsWith(`${head}.`));
  const part = name.split(".", 1)[0];
  return !body.some((ours) => ours.split(".", 1)[0] === part);
}

function nothingMatches(current: nn.StateDict, stored: StoredDict, file: string): InputError {
  return new InputError(
    `${file}: none of its ${stored.size} tensors has a name of this model; ` +
      `received ${listNames([...stored.keys()])}; expected ${listNames([...current.keys()])}`,
  );
}

/** From self-supervised weights the backbone's, without its untrained classifier; null for other weights. */
function backboneOf({ head }: Loadable, stored: StoredDict): StoredDict | null {
  const names = [...stored.keys()];
  if (!["projector.", "network."].every((part) => names.some((name) => name.startsWith(part)))) return null;
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

/** The names of the classifier's tensors where the file has no such classifier, or has it for another number of classes. */
function classifierToKeep({ head }: Loadable, current: nn.StateDict, given: StoredDict): string[] {
  const names = [`${head}.weight`, `${head}.bias`].filter((name) => current.has(name));
  const [ours, theirs] = [current.get(`${head}.weight`)?.shape, given.get(`${head}.weight`)?.shape];
  if (ours === undefined) return [];
  if (theirs === undefined) return given.has(`${head}.bias`) ? [] : names;
  const otherClasses = theirs.length === 2 && ours[0] !== theirs[0] && ours[1] === theirs[1];
  return otherClasses ? names : [];
}

/** @throws InputError where a tensor of the model is missing, or one of the file belongs to a part of the model without it. */
function requireSameNames(
  current: nn.StateDict,
  { given, below, replaced }: { given: StoredDict; below: StoredDict; replaced: readonly string[] },
  file: string,
): void {
  const optional = (name: string) => name.endsWith("num_batches_tracked") || replaced.includes(name);
  const missing = [...current.keys()].filter((name) => !given.has(name) && !optional(name));
  const unknown = [...(missing.length > 0 ? below : given).keys()].filter((name) => !current.has(name));
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
