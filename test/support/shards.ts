// Tar files with members in a given order.
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { Header, Pax } from "tar";

export type Members = readonly (readonly [name: string, content: Uint8Array | string])[];

const block = 512;

/** A tar file's blocks: for long names an extended header first, as Python's tarfile writes it. */
function* blocksOf(members: Members): Generator<Buffer> {
  for (const [name, content] of members) {
    const bytes = Buffer.from(content);
    const header = new Header({ path: name, size: bytes.length, mode: 0o644, type: "File", mtime: new Date(0) });
    header.encode();
    if (header.needPax) yield new Pax({ path: name }).encode();
    yield header.block as Buffer;
    yield Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)]);
  }
  yield Buffer.alloc(2 * block);
}

/** Writes a tar file and gives its path. */
export async function writeTar(path: string, members: Members): Promise<string> {
  await pipeline(blocksOf(members), createWriteStream(path));
  return path;
}
