import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readHeld } from "../../../../test/support/held.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { readDataSet } from "../../formats.js";

const folder = temporaryFolder();
const latin1 = (text: string) => Buffer.from(text, "latin1");
const uint32 = (value: number) => latin1(String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, 0));
const list = (items: readonly Buffer[]) => Buffer.concat([latin1("]("), ...items, latin1("e")]);
const number = (value: number) => latin1(`K${String.fromCharCode(value)}`);
const dictionary = (entries: Record<string, Buffer>, text: (value: string) => Buffer) => {
  const items = Object.entries(entries).flatMap(([key, value]) => [text(key), value]);
  return Buffer.concat([latin1("}("), ...items, latin1("u.")]);
};
/** Image `i` counts up from 10 i. */
const pixelsOf = (images: number) =>
  Uint8Array.from({ length: images * 3072 }, (_, k) => (10 * Math.floor(k / 3072) + (k % 3072)) % 256);

/** As Python 2's cPickle writes it, text and bytes alike: the official files. */
const python2 = {
  text: (value: string) => latin1(`U${String.fromCharCode(value.length)}${value}`),
  begin: latin1("\x80\x02"),
  array: (pixels: Uint8Array, images = pixels.length / 3072) =>
    Buffer.concat([
      latin1("cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R(K\x01M"),
      latin1(`${String.fromCharCode(images)}\0M\0\x0c\x86cnumpy\ndtype\nU\x02u1K\0K\x01\x87R(K\x03U\x01|NNN`),
      latin1("J\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb\x89T"),
      uint32(pixels.length),
      pixels,
      latin1("tb"),
    ]),
};
const short = (text: string) => latin1(`\x8c${String.fromCharCode(text.length)}${text}`);
/** As Python 3 writes it by protocol 5 when it has read the keys as bytes. */
const python3 = {
  text: (value: string) => latin1(`C${String.fromCharCode(value.length)}${value}\x94`),
  begin: latin1("\x80\x05\x95\0\0\0\0\0\0\0\0"),
  array: (pixels: Uint8Array, images = pixels.length / 3072) =>
    Buffer.concat([
      short("numpy._core.numeric"),
      short("_frombuffer"),
      latin1("\x93(\x96"),
      uint32(pixels.length),
      uint32(0),
      pixels,
      short("numpy"),
      short("dtype"),
      latin1("\x93"),
      short("u1"),
      latin1("\x89\x88\x87R(K\x03"),
      short("|"),
      latin1(`NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbK${String.fromCharCode(images)}M\0\x0c\x86`),
      short("C"),
      latin1("tR"),
    ]),
};
type Python = typeof python2;

const pickled = ({ begin, text }: Python, entries: Record<string, Buffer>) =>
  Buffer.concat([begin, dictionary(entries, text)]);
const batch = (python: Python, labels: readonly number[], key = "labels") =>
  pickled(python, {
    batch_label: python.text("training batch 1 of 5"),
    [key]: list(labels.map(number)),
    data: python.array(pixelsOf(labels.length)),
    filenames: list(labels.map((_, i) => python.text(`image_s_${i}.png`))),
  });
const names = (python: Python, count: number, key: string) =>
  pickled(python, { [key]: list(Array.from({ length: count }, (_, i) => python.text(`thing ${i}`))) });

describe.each([
  ["Python 2", python2],
  ["Python 3", python3],
])("CIFAR's Python version, written by %s,", (name, python) => {
  it("is read as its binary version is", async () => {
    const path = folder(`ten ${name}`, {
      ...Object.fromEntries([1, 2, 3, 4, 5].map((i) => [`data_batch_${i}`, batch(python, [i, 9])])),
      test_batch: batch(python, [7]),
      "batches.meta": names(python, 10, "label_names"),
      "readme.html": "",
    });
    const { format, classes, train, test, notes } = await readHeld(path);
    expect({ format, notes, first: classes[0] }).toEqual({ format: "cifar-10", notes: [], first: "thing 0" });
    expect(train.labels).toEqual(Int32Array.of(1, 9, 2, 9, 3, 9, 4, 9, 5, 9));
    expect(train.values).toEqual(Uint8Array.from([1, 2, 3, 4, 5].flatMap(() => [...pixelsOf(2)])));
    expect(test).toMatchObject({ labels: Int32Array.of(7), shape: [3, 32, 32], values: pixelsOf(1) });
  });

  it("is read with the fine labels of CIFAR-100", async () => {
    const path = folder(`hundred ${name}`, {
      train: batch(python, [99, 0], "fine_labels"),
      test: batch(python, [3], "fine_labels"),
      meta: names(python, 100, "fine_label_names"),
    });
    const { format, classes, train, test } = await readHeld(path);
    expect({ format, last: classes[99] }).toEqual({ format: "cifar-100", last: "thing 99" });
    expect({ train: train.labels, test: test?.labels }).toEqual({
      train: Int32Array.of(99, 0),
      test: Int32Array.of(3),
    });
  });
});

describe("CIFAR's Python version", () => {
  it("is refused where it would run code, and where it is damaged", async () => {
    const good = batch(python2, [1, 2]);
    const refused = async (name: string, bytes: Uint8Array, message: string) => {
      const path = folder(`bad ${name}`, { data_batch_1: bytes });
      await expect(readDataSet(path)).rejects.toThrow(`${join(path, "data_batch_1")}: ${message}`);
    };
    await refused(
      "code",
      latin1("\x80\x02cos\nsystem\nU\x02ls\x85R."),
      'refused, nothing was run: the file refers to "os.system"',
    );
    await refused("short", good.subarray(0, 3000), "truncated");
    const range = folder("range", { data_batch_1: batch(python2, [1, 12]) });
    await expect(readDataSet(range)).rejects.toThrow(
      "data_batch_1, record 1: label 12 is out of range; expected 0 to 9",
    );
    await refused("key", batch(python2, [1, 2], "coarse"), "no labels for 2 images; expected as many");
    await refused("other", pickled(python2, { labels: list([]) }), "no data; expected an array of bytes, (n, 3072)");
    await refused(
      "size",
      pickled(python2, { labels: list([]), data: python2.array(pixelsOf(1), 2) }),
      "damaged pickle: a NumPy array of shape (2, 3072) without its u1 values",
    );
  });

  it("is not what a file train without it is", async () => {
    const path = folder("text", { train: "a list of files", meta: "" });
    await expect(readDataSet(path)).rejects.toThrow("no format recognizes");
  });
});
