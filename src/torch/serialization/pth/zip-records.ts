// The records of a zip archive in memory, with the checks that keep a hostile archive small.
import { unzipSync } from "fflate";
import { InputError } from "../../../errors.js";
import { quoted } from "../quoted.js";

const STORED = 0;
// The least a zip archive spends on an entry: its header in the central directory.
const ENTRY_HEADER = 46;

/**
 * The requested records of a zip archive by path, each a copy.
 *
 * @throws InputError naming the file for a damaged archive, a requested record that is compressed, and records that overlap.
 */
export function readZipRecords(
  bytes: Uint8Array,
  name: string,
  isWanted: (path: string) => boolean,
): ReadonlyMap<string, Uint8Array> {
  const sizes = new Map<string, number>();
  const requireRoom = createRoomCheck(bytes.length, name);
  const records = expand(bytes, name, (entry) => {
    requireRoom(entry);
    if (!isWanted(entry.name)) return false;
    requireStored(entry, name);
    sizes.set(entry.name, entry.size);
    return true;
  });
  for (const [path, size] of sizes) {
    const length = records.get(path)?.length ?? 0;
    if (length !== size)
      throw new InputError(`${name}: truncated: record ${quoted(path)} has ${length} of ${size} bytes`);
  }
  return records;
}

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly originalSize: number;
  readonly compression: number;
}

// A directory may claim billions of entries, or many that share the same bytes.
function createRoomCheck(fileSize: number, name: string): (entry: Entry) => void {
  let used = 0;
  return ({ size }) => {
    used += size + ENTRY_HEADER;
    if (used > fileSize)
      throw new InputError(`${name}: damaged zip archive: its records are larger than its ${fileSize} bytes`);
  };
}

function requireStored({ name: path, size, originalSize, compression }: Entry, name: string): void {
  if (compression === STORED && size === originalSize) return;
  throw new InputError(
    `${name}: record ${quoted(path)} is compressed; expected stored records, as PyTorch writes them`,
  );
}

function expand(bytes: Uint8Array, name: string, filter: (entry: Entry) => boolean): Map<string, Uint8Array> {
  try {
    return new Map(Object.entries(unzipSync(bytes, { filter })));
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: damaged zip archive: ${error instanceof Error ? error.message : String(error)}`);
  }
}
