// Finds the state dictionary in a checkpoint.
import { InputError } from "../../errors.js";
import { quoted } from "./quoted.js";
import { isStoredTensor, type StoredDict } from "./types.js";

const WRAPPERS = ["state_dict", "model_state_dict", "model", "net"];
const DEEPEST = 4;
// The prefixes of data-parallel training and torch.compile.
const PREFIX = /^(?:module|_orig_mod)\./;
const SHOWN_KEYS = 8;

/**
 * The dictionary of tensors in a checkpoint: the checkpoint, or its entry `state_dict`, `model_state_dict`, `model` or `net`,
 * up to four deep; a `module.` before every name is stripped.
 *
 * @throws InputError naming the file and the keys where there is none.
 */
export function findStateDict(value: unknown, name: string): StoredDict {
  const tensors = search(value, DEEPEST);
  if (tensors !== undefined) return stripPrefixes(tensors);
  const keys = value instanceof Map ? [...value.keys()].slice(0, SHOWN_KEYS).map((key) => quoted(String(key))) : [];
  const received = keys.length > 0 ? `its keys are ${keys.join(", ")}` : "it holds no dictionary with entries";
  const expected = `expected tensors by name at its top level or as ${WRAPPERS.join(", ")}`;
  throw new InputError(`${name}: no state dictionary; ${received}; ${expected}`);
}

function search(value: unknown, depth: number): StoredDict | undefined {
  if (!(value instanceof Map) || depth === 0) return undefined;
  if (isStateDict(value)) return value;
  for (const key of WRAPPERS) {
    const tensors = search(value.get(key), depth - 1);
    if (tensors !== undefined) return tensors;
  }
  return undefined;
}

function isStateDict(map: Map<unknown, unknown>): map is StoredDict {
  for (const [key, value] of map) {
    if (typeof key !== "string" || !isStoredTensor(value)) return false;
  }
  return map.size > 0;
}

function stripPrefixes(tensors: StoredDict): StoredDict {
  if (![...tensors.keys()].every((key) => PREFIX.test(key))) return tensors;
  const stripped = new Map([...tensors].map(([key, tensor]) => [key.replace(PREFIX, ""), tensor]));
  // Two wrappers around different names may strip to the same one; then none is stripped.
  return stripped.size === tensors.size ? stripPrefixes(stripped) : tensors;
}
