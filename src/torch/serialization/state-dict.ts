// Finds the state dictionary in a checkpoint.
import { InputError } from "../../errors.js";
import { quoted } from "./quoted.js";
import { isStoredTensor, type StoredDict, type StoredTensor } from "./types.js";

/** The entries that a state dictionary is looked for in, averaged weights first, as timm loads them. */
const WRAPPERS = [
  ...["state_dict_ema", "model_ema", "ema_state_dict", "ema", "params_ema"],
  ...["state_dict", "model_state_dict", "model", "net", "network", "weights", "params"],
  ...["teacher", "student", "backbone", "encoder"],
];
const DEEPEST = 4;
// The prefixes of data-parallel training and torch.compile.
const PREFIX = /^(?:module|_orig_mod)\./;
const SHOWN_KEYS = 8;

/** A state dictionary, and the entry of the checkpoint that it comes from, such as `state_dict`; empty for the top level. */
export interface LocatedWeights {
  readonly tensors: StoredDict;
  readonly entry: string;
}

/**
 * The dictionary of tensors in a checkpoint: the checkpoint itself, or one of its entries by the names that training code
 * uses (`state_dict`, `model`, `model_ema`, `weights`, ...), up to four deep, averaged weights first. Plain values among the
 * tensors are left out, and a `module.` before every name is stripped.
 *
 * @throws InputError naming the file and the keys where there is none.
 */
export function locateStateDict(value: unknown, name: string): LocatedWeights {
  const located = search(value, [], DEEPEST);
  if (located !== undefined) return { ...located, tensors: stripPrefixes(located.tensors) };
  const keys = value instanceof Map ? [...value.keys()].slice(0, SHOWN_KEYS).map((key) => quoted(String(key))) : [];
  const received = keys.length > 0 ? `its keys are ${keys.join(", ")}` : "it holds no dictionary with entries";
  const expected = `expected tensors by name at its top level or as ${WRAPPERS.join(", ")}`;
  throw new InputError(`${name}: no state dictionary; ${received}; ${expected}`);
}

/** The tensors that `locateStateDict` finds. */
export const findStateDict = (value: unknown, name: string): StoredDict => locateStateDict(value, name).tensors;

function search(value: unknown, path: readonly string[], depth: number): LocatedWeights | undefined {
  if (!(value instanceof Map) || depth === 0) return undefined;
  const tensors = tensorsOf(value);
  if (tensors.size > 0 && tensors.size === value.size) return { tensors, entry: path.join(".") };
  for (const key of WRAPPERS) {
    const located = search(value.get(key), [...path, key], depth - 1);
    if (located !== undefined) return located;
  }
  return 2 * tensors.size > value.size ? { tensors, entry: path.join(".") } : undefined;
}

/** The tensors by name among the entries of a dictionary. */
function tensorsOf(map: ReadonlyMap<unknown, unknown>): StoredDict {
  const named = (entry: [unknown, unknown]): entry is [string, StoredTensor] =>
    typeof entry[0] === "string" && isStoredTensor(entry[1]);
  return new Map([...map].filter(named));
}

function stripPrefixes(tensors: StoredDict): StoredDict {
  if (![...tensors.keys()].every((key) => PREFIX.test(key))) return tensors;
  const stripped = new Map([...tensors].map(([key, tensor]) => [key.replace(PREFIX, ""), tensor]));
  // Two wrappers around different names may strip to the same one; then none is stripped.
  return stripped.size === tensors.size ? stripPrefixes(stripped) : tensors;
}
