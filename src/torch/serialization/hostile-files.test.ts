// Files that lie, break off or attack: each ends in one clear line, and runs nothing.
import { readFileSync } from "node:fs";
import { type Zippable, zipSync } from "fflate";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { readPth, readPthStateDict } from "./pth/pth.js";
import { writeSafetensors } from "./safetensors.js";
import { parseWeights } from "./weights-file.js";

const fixture = (name: string) => readFileSync(new URL(`../../../test/fixtures/weights/${name}`, import.meta.url));
const latin1 = (text: string) => Buffer.from(text, "latin1");
const zipped = (records: Zippable) => zipSync(records, { level: 0 });
const pthWith = (pickle: string) =>
  zipped({ "a/data.pkl": latin1(`\x80\x02${pickle}`), "a/data/0": new Uint8Array(8) });

const ORDERED_DICT = "ccollections\nOrderedDict\n";
const text = (value: string) => `X${String.fromCharCode(value.length)}\0\0\0${value}`;
/** A tensor of two float32 elements in storage 0, or as the arguments say. */
const tensor = ({ offset = "K\0", shape = "K\x02\x85", strides = "K\x01\x85", key = "0", count = "K\x02" } = {}) => {
  const storage = `(${text("storage")}ctorch\nFloatStorage\n${text(key)}${text("cpu")}${count}tQ`;
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${offset}${shape}${strides}\x89${ORDERED_DICT})RtR`;
};

function expectRefusal(read: () => unknown, message: RegExp): void {
  expect(read).toThrow(InputError);
  expect(read).toThrow(message);
  expect(read).toThrow(/^bad\.pth: [^\n]{1,400}$/);
}

describe("hostile pickles", () => {
  it("reads the well-formed ones that the others are made from", () => {
    const read = readPthStateDict(pthWith(`}${text("w")}${tensor()}s.`), "good.pth");
    expect(read.get("w")).toMatchObject({ dtype: "float32", shape: [2] });
  });

  it.each([
    ["os.system", `cos\nsystem\n${text("touch /tmp/owned")}\x85R.`, /nothing was run.*"os\.system"/],
    ["eval in Python 2", `c__builtin__\neval\n${text("1")}\x85R.`, /"__builtin__\.eval"/],
    ["a name from the stack", `${text("subprocess")}${text("Popen")}\x93.`, /"subprocess\.Popen"/],
    ["a name that contains a newline and is long", `${text("a\nb")}${text("c".repeat(200))}\x93.`, /"a\\nb\.c+\.\.\."/],
    ["a class to be instantiated", "cmodels.resnet\nResNet\n)\x81.", /"models\.resnet\.ResNet".*state_dict\(\)/],
    ["a property of JavaScript's objects", "cconstructor\nconstructor\n.", /"constructor\.constructor"/],
    ["a storage class that is called", "ctorch\nFloatStorage\n)R.", /calls "torch\.FloatStorage"/],
    ["text that is called", `${text("eval")})R.`, /calls what cannot be called/],
    ["the instruction INST", "(ios\nsystem\n.", /instruction 0x69 at byte 3/],
    ["the instruction OBJ", "(cos\nsystem\no.", /"os\.system"/],
    ["an extension code", "\x82\x01.", /instruction 0x82/],
    ["attributes for what takes none", "}}b.", /gives a state to what takes none/],
    ["attributes of a tensor through any function", "ctorch._tensor\n_rebuild_from_type_v2\n(N)tR.", /no known form/],
  ])("refuses %s by name", (_, pickle, message) => {
    expectRefusal(() => readPth(pthWith(pickle), "bad.pth"), message);
  });

  it.each([
    ["a memo entry that does not exist", "h\x07.", /memo entry 7/],
    ["a stack underflow", "R.", /stack underflow/],
    ["a tuple that reaches below a mark", "K\x01(\x85.", /stack underflow/],
    ["a missing mark", "t.", /no mark/],
    ["nothing before the end", ".", /stack underflow/],
    ["no end", "}", /truncated/],
    ["text longer than the file", "X\xff\xff\xff\xffabc", /truncated.*4294967295 bytes/],
    ["text of 2^64 bytes", "\x8d\xff\xff\xff\xff\xff\xff\xff\xffabc", /truncated/],
    ["a name without an end", "cos", /truncated/],
    ["protocol 200", "\x80\xc8.", /pickle protocol 200/],
    ["items for a tuple", ")K\x01a.", /appends to what is no list/],
    ["entries of a list", "]K\x01K\x02s.", /no dictionary/],
    ["half an entry", "}(K\x01u.", /no dictionary/],
    ["an item added to a list as to a set", "](K\x01\x90.", /no set/],
    ["a persistent id of unknown form", `${text("x")}Q.`, /storage in an unknown form/],
    ["a pickled module", `(${text("module")}NNNtQ.`, /entire pickled model/],
    ["a dictionary of single items", `${ORDERED_DICT}(K\x01K\x02tR.`, /container made of what is none/],
    ["a device that is a number", "ctorch\ndevice\nK\x01\x85R.", /a device that has no name/],
    ["bytes that are no text", "c_codecs\nencode\nNN\x86R.", /no latin1 text/],
    ["a NumPy scalar of a broken type", "cnumpy.core.multiarray\nscalar\nNN\x86R.", /NumPy scalar of an unknown type/],
  ])("refuses %s", (_, pickle, message) => {
    expectRefusal(() => readPth(pthWith(pickle), "bad.pth"), message);
  });

  it.each([
    ["an offset beyond the storage", { offset: "K\x01" }, /reaches element 2 of storage "0", which has 2/],
    ["a negative offset", { offset: "J\xff\xff\xff\xff" }, /unknown form/],
    ["strides beyond the storage", { strides: "K\x02\x85" }, /reaches element 2/],
    ["more strides than sizes", { strides: "K\x01K\x01\x86" }, /unknown form/],
    ["a storage that is missing", { key: "9" }, /storage "9" is missing/],
    ["a storage of another size", { count: "K\x03" }, /has 8 bytes; expected 12/],
    [
      "a shape of 2^60 elements",
      { shape: `${"\x8a\x04\0\0\0\x40".repeat(2)}\x86`, strides: "K\0K\0\x86" },
      /absurd sizes/,
    ],
    ["a fractional size", { shape: "G\x3f\xe0\0\0\0\0\0\0\x85" }, /unknown form/],
    [
      "a thousand dimensions",
      { shape: `(${"K\x01".repeat(1000)}t`, strides: `(${"K\0".repeat(1000)}t` },
      /unknown form/,
    ],
  ])("refuses a tensor with %s", (_, parts, message) => {
    expectRefusal(() => readPth(pthWith(`${tensor(parts)}.`), "bad.pth"), message);
  });

  it("refuses a small file that copies a long list over and over, soon", () => {
    const list = `](${`K\x01K\x02\x86`.repeat(60_000)}eq\0`;
    const copies = `${ORDERED_DICT}h\0\x85R0`.repeat(20_000);
    expectRefusal(() => readPth(pthWith(`${list}${copies}.`), "bad.pth"), /absurd sizes/);
  }, 10_000);

  it("reads a hundred thousand nested lists, and a dictionary that contains itself, without overflowing", () => {
    const nested = readPth(pthWith(`${"]".repeat(100_000)}${"a".repeat(99_999)}.`), "deep.pth").value;
    expect(nested).toHaveLength(1);
    const loop = pthWith(`}q\0${text("model")}h\0s.`);
    expectRefusal(() => readPthStateDict(loop, "bad.pth"), /no state dictionary/);
  });
});

describe("damaged archives", () => {
  const good = fixture("small.pth");

  it.each([
    ["a zip archive without a pickle", zipped({ "a/version": latin1("3\n") }), /without the record "data\.pkl"/],
    ["a compressed record", zipSync({ "a/data.pkl": Buffer.alloc(999) }, { level: 9 }), /is compressed/],
    ["big-endian weights", zipped({ "a/data.pkl": latin1("}."), "a/byteorder": latin1("big") }), /byte order "big"/],
    ["only the start of an archive", good.subarray(0, good.length / 2), /damaged zip archive/],
    ["four bytes", good.subarray(0, 4), /damaged zip archive/],
    ["an archive cut in front", Buffer.concat([good.subarray(0, 4), good.subarray(900)]), /bad/],
    ["no PyTorch file", latin1("hello"), /not a PyTorch file/],
    ["a bare pickle", latin1("\x80\x02}."), /not a PyTorch file/],
    ["no bytes at all", new Uint8Array(0), /not a PyTorch file/],
  ])("refuses %s", (_, bytes, message) => {
    expectRefusal(() => readPth(bytes, "bad.pth"), message);
  });

  it("refuses a directory that claims billions of entries, soon", () => {
    const zip64 = Buffer.alloc(56 + 20 + 22);
    zip64.writeUInt32LE(0x06064b50, 0);
    zip64.writeUInt32LE(0xffffffff, 32);
    zip64.writeUInt32LE(0x07064b50, 56);
    zip64.writeUInt32LE(4, 56 + 8);
    zip64.writeUInt32LE(0x06054b50, 76);
    zip64.writeUInt16LE(1, 76 + 8);
    expectRefusal(() => readPth(Buffer.concat([latin1("PK\x03\x04"), zip64]), "bad.pth"), /larger than its/);
  }, 10_000);

  it("refuses many entries that share the same bytes", () => {
    const archive = Buffer.from(
      zipped({ "a/data.pkl": latin1("}."), "a/data/0": Buffer.alloc(5000), "a/data/1": Buffer.alloc(0) }),
    );
    const last = archive.lastIndexOf(latin1("a/data/1")) - 46;
    const previous = archive.lastIndexOf(latin1("a/data/0")) - 46;
    archive.copy(archive, last, previous, previous + 46);
    expectRefusal(() => readPth(archive, "bad.pth"), /larger than its/);
  });
});

describe("damaged legacy files", () => {
  const good = fixture("small-legacy.tar");
  const changed = (find: string, replacement: string) => {
    const start = good.indexOf(latin1(find));
    const after = good.subarray(start + latin1(find).length);
    return Buffer.concat([good.subarray(0, start), latin1(replacement), after]);
  };

  it.each([
    ["another protocol version", changed("M\xe9\x03.", "M\xea\x03."), /legacy protocol version/],
    ["a machine that is big-endian", changed("little_endianq\x02\x88", "little_endianq\x02\x89"), /not little-endian/],
    ["missing storages", good.subarray(0, good.length - 1), /truncated/],
    ["the first fifteen bytes only", good.subarray(0, 15), /truncated/],
    ["a call of os.system", Buffer.concat([good.subarray(0, 15), latin1("cos\nsystem\n.")]), /"os\.system"/],
  ])("refuses %s", (_, bytes, message) => {
    expectRefusal(() => readPth(bytes, "bad.pth"), message);
  });
});

describe("random damage", () => {
  const tensors = readPthStateDict(fixture("resnet18-bw8.pth"), "resnet");
  const few = new Map([...tensors].slice(0, 12));
  const files: [string, Uint8Array][] = [
    ["a .pth file", fixture("small.pth")],
    ["a .pth file of pickle protocol 4", fixture("small-protocol4.pth")],
    ["a legacy file", fixture("small-legacy.tar")],
    ["a safetensors file", writeSafetensors(few, { format: "pt" })],
  ];

  function expectLoadedOrRefused(bytes: Uint8Array): void {
    for (const read of [readPth, parseWeights]) {
      try {
        read(bytes, "bad.pth");
      } catch (error) {
        if (!(error instanceof InputError) || !/^bad\.pth: [^\n]+$/.test(error.message)) throw error;
      }
    }
  }

  it.each(files)("loads or refuses %s with changed bytes", (_, good) => {
    const generator = xoroshiro128plus(17);
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from(good);
      const changes = uniformInt(generator, 1, 4);
      for (let change = 0; change < changes; change++) {
        bytes[uniformInt(generator, 0, bytes.length - 1)] = uniformInt(generator, 0, 255);
      }
      expectLoadedOrRefused(bytes);
    }
  });

  it.each(files)("loads or refuses %s that breaks off anywhere", (_, good) => {
    for (let length = 0; length < good.length; length += 3) expectLoadedOrRefused(good.subarray(0, length));
  });

  it.each(files)("loads or refuses %s with a piece missing or doubled", (_, good) => {
    const generator = xoroshiro128plus(19);
    for (let round = 0; round < 1000; round++) {
      const start = uniformInt(generator, 0, good.length - 1);
      const resumed = uniformInt(generator, Math.max(0, start - 64), Math.min(good.length, start + 64));
      expectLoadedOrRefused(Buffer.concat([good.subarray(0, start), good.subarray(resumed)]));
    }
  });
});
