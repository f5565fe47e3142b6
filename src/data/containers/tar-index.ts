// Where the files in a tar archive begin: headers are read, what is between them is not.
import { type FileHandle, open } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { Header, type HeaderData, Pax } from "tar";
import { InputError } from "../../errors.js";
import { reasonOf } from "../files.js";

/** A file in an archive: its name, where its bytes begin, and how many there are. */
export interface TarMember {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
}

const block = 512;
/** Headers lie close together where files are small: they are read this many bytes at a time. */
const window = 16 * 1024;
/** The largest header that names one file; archives of paths do not come near. */
const largestName = 1024 * 1024;
const kindsOfFile = ["File", "OldFile", "ContiguousFile"];

/**
 * The files of a tar archive in their order; links and folders are left out.
 *
 * Throws `InputError` for an archive that is truncated or damaged, gzipped, or that holds a path outside of it.
 */
export async function tarIndex(path: string): Promise<TarMember[]> {
  const file = await open(path).catch((error: Error) => {
    throw new InputError(`cannot read "${path}": ${reasonOf(error, path)}`);
  });
  try {
    return await membersOf(path, headersOf(path, file));
  } finally {
    await file.close();
  }
}

async function membersOf(path: string, headers: AsyncIterable<Found>): Promise<TarMember[]> {
  const members: TarMember[] = [];
  for await (const { isFile, name: written, ...place } of headers) {
    const name = written.replace(/^(\.\/)+/, "");
    if (isAbsolute(name) || name.split(/[/\\]/).includes("..")) {
      throw new InputError(`"${path}" holds "${name}", a path outside of it; nothing of it is used`);
    }
    if (isFile) members.push({ name, ...place });
  }
  return members;
}

interface Found extends TarMember {
  readonly isFile: boolean;
}

/** The entries, of files and others; a header that only extends the next one is applied to it. */
async function* headersOf(path: string, file: FileHandle): AsyncGenerator<Found> {
  const { size: length } = await file.stat();
  const damaged = (why: string) => new InputError(`"${path}" is truncated or damaged: ${why}`);
  const at = windowOf(file);
  let extended: HeaderData | undefined;
  let global: HeaderData | undefined;
  for (let offset = 0; ; ) {
    const bytes = await at(offset, block);
    if (bytes.length === 0 && offset > 0) throw damaged("it has no end");
    if (bytes.length < block) throw damaged("it is cut within a header");
    const header = new Header(bytes);
    if (header.nullBlock) return;
    if (!header.cksumValid) {
      throw damaged(offset === 0 ? "it is not an uncompressed tar archive" : `no header at byte ${offset}`);
    }
    const name = extended?.path ?? global?.path ?? header.path ?? "";
    const size = extended?.size ?? global?.size ?? header.size ?? 0;
    const body = offset + block;
    if (!(body + size <= length)) throw damaged(`"${name}" is cut`);
    const text = async () => (await at(body, Math.min(size, largestName))).toString("utf8");
    if (header.type === "ExtendedHeader" || header.type === "OldExtendedHeader") {
      extended = Pax.parse(await text(), extended, false);
    } else if (header.type === "GlobalExtendedHeader") global = Pax.parse(await text(), global, true);
    else if (header.type === "NextFileHasLongPath" || header.type === "OldGnuLongPath") {
      extended = { ...extended, path: (await text()).replace(/\0.*/s, "") };
    } else {
      yield { name, offset: body, size, isFile: kindsOfFile.includes(header.type) };
      extended = undefined;
    }
    offset = body + Math.ceil(size / block) * block;
  }
}

/** Reads some bytes at a place, fewer at the end of the file; neighbors come with them. */
function windowOf(file: FileHandle): (offset: number, length: number) => Promise<Buffer> {
  let [start, held] = [0, Buffer.alloc(0)];
  return async (offset, length) => {
    if (offset < start || offset + length > start + held.length) {
      const buffer = Buffer.allocUnsafe(Math.max(window, length));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, offset);
      [start, held] = [offset, buffer.subarray(0, bytesRead)];
    }
    return held.subarray(offset - start, offset - start + length);
  };
}
