// The files that a data set is split into, and the part that each is of.
import { basename, dirname } from "node:path";
import { InputError } from "../../../errors.js";
import { leftOut } from "../../listed.js";
import { type PartName, partOfName, partsOfFiles } from "../../part-names.js";

/** One file of a data set. */
export interface Shard {
  /** From the data folder. */
  readonly file: string;
  readonly part: PartName;
}

/** The part that a shard's name says, else that of its folder: `train-00000-of-00001`, `validation/0000`. */
const partOfShard = (file: string) => partOfName(basename(file)) ?? partOfName(basename(dirname(file)));

/** What the readable shards hold, and a note on the others. */
export interface ReadShards<Read> {
  readonly read: readonly Read[];
  readonly notes: readonly string[];
}

/**
 * Reads each of the files as a shard of its part; those of no part and those that are damaged are left out with a note.
 *
 * Throws `InputError` for a damaged one under `strict`, and where no shard for training can be read.
 */
export async function readShards<Read>(
  files: readonly string[],
  strict: boolean,
  read: (shard: Shard) => Promise<Read>,
): Promise<ReadShards<Read>> {
  const parts = partsOfFiles(files.map(partOfShard));
  const shards = files.flatMap((file, i): Shard[] => (parts[i] == null ? [] : [{ file, part: parts[i] }]));
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
    notes: [
      ...leftOut(
        "files of no part",
        files.filter((_, i) => parts[i] === null),
      ),
      ...leftOut(
        "shards that cannot be read",
        failures.map(({ error }) => error.message),
      ),
    ],
  };
}
