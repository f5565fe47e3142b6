// The files that a data set is split into, and the part that each is of.
import { basename, dirname } from "node:path";
import { InputError } from "../../../errors.js";
import { leftOut } from "../../tables/label-file.js";
import { type PartName, partOfName } from "../folders/split-names.js";

/** One file of a data set. */
export interface Shard {
  /** From the data folder. */
  readonly file: string;
  readonly part: PartName;
}

/** The part that a shard's name says, else that of its folder: `train-00000-of-00001`, `validation/0000`; training for others. */
function partOfShard(file: string): PartName {
  return partOfName(basename(file)) ?? partOfName(basename(dirname(file))) ?? "train";
}

/** The shards with their parts; where all are of one part, that is all there is, and for training. */
export function shardsOf(files: readonly string[]): Shard[] {
  const parts = files.map(partOfShard);
  const isOne = new Set(parts).size === 1;
  return files.map((file, i) => ({ file, part: isOne ? "train" : (parts[i] as PartName) }));
}

/** What the readable shards hold, and a note on the others. */
export interface ReadShards<Read> {
  readonly read: readonly Read[];
  readonly notes: readonly string[];
}

/**
 * Reads each shard; those that are damaged are left out with a note.
 *
 * Throws `InputError` for a damaged one under `strict`, and where no shard for training can be read.
 */
export async function readShards<Read>(
  shards: readonly Shard[],
  strict: boolean,
  read: (shard: Shard) => Promise<Read>,
): Promise<ReadShards<Read>> {
  const found: Read[] = [];
  const failures: { readonly shard: Shard; readonly error: InputError }[] = [];
  for (const shard of shards) {
    try {
      found.push(await read(shard));
    } catch (error) {
      if (strict || !(error instanceof InputError)) throw error;
      failures.push({ shard, error });
    }
  }
  const training = shards.filter(({ part }) => part === "train");
  const [first] = failures;
  const isLost = (shard: Shard) => failures.some((failure) => failure.shard === shard);
  if (first !== undefined && training.every(isLost)) throw first.error;
  return {
    read: found,
    notes: leftOut(
      "shards that cannot be read",
      failures.map(({ error }) => error.message),
    ),
  };
}
