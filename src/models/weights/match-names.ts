// The names of a weights file, matched with a model's: the part of the file that fits it best, under the model's names.
import type { StoredDict } from "../../torch/serialization/index.js";
import type { ForeignWeights } from "../network.js";
import { withOurNames } from "./name-map.js";

type Shaped = ReadonlyMap<string, { readonly shape: readonly number[] }>;

export interface MatchedWeights {
  /** The tensors below the prefix, by the model's names. */
  readonly tensors: StoredDict;
  /** The prefix of the model's names in the file, such as `encoder_q.`; empty without one. */
  readonly prefix: string;
}

const DEEPEST = 5;
/** Networks other than the evaluated one: skipped if both would fit. */
const SECONDARY = /(?:^|\.)(?:encoder_k|key_encoder|momentum_encoder|encoder_momentum|student|target_\w+|\w+_target)\./;

/**
 * The part of the file of which most names are the model's. Wrappers put a prefix before them: `model.` (Lightning), `module.`
 * (data-parallel training), `encoder_q.` (MoCo), `backbone.`, `teacher.backbone.` (DINO), and so on.
 */
export function matchNames(stored: StoredDict, expected: Shaped, foreign?: ForeignWeights): MatchedWeights {
  const candidates = prefixesOf(stored).map((prefix) => {
    const tensors = withOurNames(withoutPrefix(stored, prefix), expected, foreign);
    const fitting = [...tensors.keys()].filter((name) => expected.has(name)).length;
    return { prefix, tensors, fitting };
  });
  const preferred = (prefix: string) => (SECONDARY.test(prefix) ? 1 : 0);
  const [best] = candidates.sort(
    (a, b) => b.fitting - a.fitting || preferred(a.prefix) - preferred(b.prefix) || a.prefix.length - b.prefix.length,
  );
  const { prefix, tensors } = best as (typeof candidates)[number];
  return { prefix, tensors };
}

/** What the names begin with, up to each of their first dots; the empty prefix first. */
function prefixesOf(stored: StoredDict): string[] {
  const prefixes = new Set([""]);
  for (const name of stored.keys()) {
    const parts = name.split(".");
    for (let depth = 1; depth < Math.min(parts.length, DEEPEST); depth++)
      prefixes.add(`${parts.slice(0, depth).join(".")}.`);
  }
  return [...prefixes];
}

function withoutPrefix(stored: StoredDict, prefix: string): StoredDict {
  if (prefix === "") return stored;
  const below = [...stored].filter(([name]) => name.startsWith(prefix));
  return new Map(below.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
