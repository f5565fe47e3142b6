// IDX files, in which MNIST and its family come (Fashion-, Kuzushiji-, E-MNIST), gzipped or not.
// @see http://yann.lecun.com/exdb/mnist/
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { InputError } from "../../../errors.js";
import { compare, fileNames, readBytes } from "../../files.js";
import type { DataSet, Format, Samples } from "../../types.js";
import { numberedClasses } from "../classes.js";
import { withKnownClasses } from "../known-classes.js";

type Kind = "images" | "labels";

/** `train-images-idx3-ubyte`, `t10k-labels.idx1-ubyte.gz`, `emnist-letters-test-images-idx3-ubyte`. */
const filePattern = /(?:^|-)(train|t10k|test)-(images|labels)[-.]idx\d-ubyte(?:\.gz)?$/;
const unsignedBytes = 0x08;

/** The MNIST family: a folder with the images and labels of a training set and, where there is one, a test set. */
export const idx: Format = {
  name: "idx",
  detect: async (path) => (await fileNames(path)).some((name) => filePattern.test(name)),
  async read(path): Promise<DataSet> {
    const names = await fileNames(path);
    const train = await readPart(path, fileOf(path, names, "train", "images"), fileOf(path, names, "train", "labels"));
    if (train === null) throw new InputError(`"${path}" has no train-images-idx3-ubyte (.gz or not)`);
    const test = await readPart(path, fileOf(path, names, "test", "images"), fileOf(path, names, "test", "labels"));
    const { classes, labels, notes } = numberedClasses(train.labels);
    const known =
      test === null ? { samples: null, notes: ["there is no test set"] } : withKnownClasses("test", test, classes);
    return {
      format: "idx",
      classes,
      train: { ...train, labels },
      test: known.samples,
      notes: [...notes, ...(names.some(isOfEmnist) ? [transposed] : []), ...known.notes],
    };
  },
};

const isOfEmnist = (name: string) => name.startsWith("emnist-") && filePattern.test(name);
/** As its authors say, who converted MNIST's images from columns to rows. @see https://arxiv.org/abs/1702.05373 */
const transposed =
  "EMNIST's images are stored transposed (mirrored, and turned by 90 degrees); they are used as they are stored";

/** The one file of a part and kind; the unpacked one where the gzipped one lies beside it. */
function fileOf(path: string, names: readonly string[], part: "train" | "test", kind: Kind): string | null {
  const matching = names.filter((name) => {
    const [, givenPart, givenKind] = filePattern.exec(name) ?? [];
    return givenKind === kind && (givenPart === "train") === (part === "train");
  });
  const stems = new Set(matching.map((name) => name.replace(/\.gz$/, "").replace(/\.idx/, "-idx")));
  if (stems.size > 1) throw new InputError(`"${path}" has several data sets: ${matching.join(", ")}; expected one`);
  return matching.sort(compare)[0] ?? null;
}

async function readPart(path: string, images: string | null, labels: string | null): Promise<Samples | null> {
  if (images === null && labels === null) return null;
  if (images === null || labels === null) {
    throw new InputError(`"${path}" has ${images ?? labels} without its ${images === null ? "images" : "labels"}`);
  }
  const pixels = await readIdx(join(path, images), 3);
  const classes = await readIdx(join(path, labels), 1);
  const [, height = 0, width = 0] = pixels.shape;
  return { values: pixels.data, shape: [1, height, width], labels: Int32Array.from(classes.data) };
}

/** Two zero bytes, the type, the number of dimensions, then each as a big-endian uint32, then the values. */
async function readIdx(file: string, dimensions: number): Promise<{ data: Uint8Array; shape: number[] }> {
  const bytes = await unpacked(file);
  const headerSize = 4 + 4 * dimensions;
  const magic = bytes.length >= 4 ? bytes.readUInt32BE(0) : -1;
  const expectedMagic = (unsignedBytes << 8) | dimensions;
  if (magic !== expectedMagic || bytes.length < headerSize) {
    const expected = `an IDX header of unsigned bytes in ${dimensions} dimensions (${expectedMagic})`;
    throw new InputError(`${file}: begins with ${magic} and has ${bytes.length} bytes; expected ${expected}`);
  }
  const shape = Array.from({ length: dimensions }, (_, i) => bytes.readUInt32BE(4 + 4 * i));
  const size = headerSize + shape.reduce((product, side) => product * side, 1);
  if (bytes.length !== size) {
    throw new InputError(`${file} is truncated or damaged: ${bytes.length} bytes; expected ${size} by its header`);
  }
  return { data: new Uint8Array(bytes.buffer, bytes.byteOffset + headerSize, size - headerSize), shape };
}

async function unpacked(file: string): Promise<Buffer> {
  const bytes = await readBytes(file);
  if (!file.endsWith(".gz")) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (error) {
    throw new InputError(`${file} is truncated or damaged: it cannot be unpacked (${(error as Error).message})`);
  }
}
