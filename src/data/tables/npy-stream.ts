// A .npy file of rows that come one batch after the other: only the batch at hand is in memory.
import { type FileHandle, open } from "node:fs/promises";

export interface NpyRows {
  /** Adds rows, (k, columns) row-major. Throws a RangeError for what is no whole number of rows. */
  append(rows: Float32Array): Promise<void>;
  /** Writes how many rows there are, and closes the file; the file is a `.npy` array only from then on. */
  end(): Promise<number>;
  /** Closes the file as it is. */
  abandon(): Promise<void>;
}

/** Room for any number of rows, in multiples of 64 as the format asks for. */
const headerBytes = 128;

/** Version 1.0 of the format. @see NumPy Enhancement Proposal 1 */
function headerOf(rows: number, columns: number): Uint8Array {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const header = Buffer.alloc(headerBytes, " ");
  header.write("\x93NUMPY\x01\x00", "latin1");
  header.writeUInt16LE(headerBytes - 10, 8);
  header.write(text, 10, "latin1");
  header.write("\n", headerBytes - 1, "latin1");
  return header;
}

/** Begins a `.npy` file of float32 (rows, columns), row-major; its header is written last. */
export async function createNpyRows(path: string, columns: number): Promise<NpyRows> {
  const file = await open(path, "w");
  let rows = 0;
  await writeAt(file, headerOf(0, columns), 0);
  return {
    async append(values) {
      if (values.length % columns !== 0) throw new RangeError(`${values.length} values for rows of ${columns}`);
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      await writeAt(file, bytes, headerBytes + rows * columns * 4);
      rows += values.length / columns;
    },
    async end() {
      await writeAt(file, headerOf(rows, columns), 0);
      await file.sync();
      await file.close();
      return rows;
    },
    abandon: () => file.close(),
  };
}

async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
