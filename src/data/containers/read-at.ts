// Bytes from the middle of a file.
import { open } from "node:fs/promises";

/** `length` bytes from `offset` on. Throws an `Error` where the file ends before, and the system's error where it cannot be read. */
export async function readAt(path: string, offset: number, length: number): Promise<Buffer> {
  const file = await open(path);
  try {
    const bytes = Buffer.allocUnsafeSlow(length);
    for (let done = 0; done < length; ) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) throw new Error(`the file ends at byte ${offset + done}; expected ${offset + length}`);
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}
