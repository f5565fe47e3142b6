// Event files, read back by protobufjs from TensorBoard's own definitions of the messages.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import protobuf from "protobufjs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import { inspectRun } from "../../evaluation/index.js";
import { findIssues } from "../../issues/index.js";
import { writeSuspects } from "../../reports/index.js";
import { readMetrics } from "../../runs/run-folder.js";
import { train } from "../train.js";
import { openEventFile } from "./event-file.js";
import { histogram, scalar } from "./messages.js";
import { crc32c } from "./records.js";

const { root } = protobuf.parse(
  `syntax = "proto3";
  message Event { double wall_time = 1; int64 step = 2; oneof what { string file_version = 3; Summary summary = 5; } }
  message Summary {
    message Image { int32 height = 1; int32 width = 2; int32 colorspace = 3; bytes encoded_image_string = 4; }
    message Value { string tag = 1; oneof value { float simple_value = 2; Image image = 4; HistogramProto histo = 5; } }
    repeated Value value = 1;
  }
  message HistogramProto {
    double min = 1; double max = 2; double num = 3; double sum = 4; double sum_squares = 5;
    repeated double bucket_limit = 6; repeated double bucket = 7;
  }`,
  { keepCase: true },
);
const eventType = root.lookupType("Event");

interface Found {
  readonly tag: string;
  readonly step: number;
  readonly simple_value?: number;
  readonly histo?: Readonly<Record<"min" | "max" | "num" | "sum" | "sum_squares", number>> & {
    readonly bucket: number[];
    readonly bucket_limit: number[];
  };
  readonly image?: { readonly height: number; readonly width: number; readonly encoded_image_string: Uint8Array };
}

/** CRC-32C bit by bit, and its mask, as the definition has them. */
function checksum(bytes: Uint8Array): number {
  let remainder = 0xffffffffn;
  for (const byte of bytes) {
    remainder ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) remainder = remainder & 1n ? (remainder >> 1n) ^ 0x82f63b78n : remainder >> 1n;
  }
  const sum = remainder ^ 0xffffffffn;
  return Number((((sum >> 15n) | (sum << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

function eventsIn(path: string): Record<string, unknown>[] {
  const bytes = readFileSync(path);
  const events: Record<string, unknown>[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = Number(bytes.readBigUInt64LE(at));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 8)).toBe(checksum(bytes.subarray(at, at + 8)));
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(checksum(data));
    events.push(eventType.toObject(eventType.decode(data), { longs: Number }));
    at += length + 16;
  }
  return events;
}

/** The values of all event files of a run. */
function valuesOf(run: string): Found[] {
  const folder = join(run, "tensorboard");
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
      const [version, ...events] = eventsIn(join(folder, name));
      expect(version).toMatchObject({ file_version: "brain.Event:2" });
      return events.flatMap(({ step = 0, summary }) =>
        (summary as { value: Found[] }).value.map((value) => ({ ...value, step: step as number })),
      );
    });
}

const folder = temporaryFolder();
const recipe = { ...tinyRecipe, tensorboard: true } as const;

describe("event files", () => {
  it("have the published checksum", () => {
    expect(crc32c(Buffer.from("123456789"))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });

  it("hold scalars and histograms as they were written", () => {
    const run = folder("written");
    const file = openEventFile(run);
    file.add(300, [scalar("a/ä", 1.5), histogram("h", Float32Array.of(0, 0.5, 0.5, 1), 4)]);
    file.add(301, []);
    expect(valuesOf(run)).toEqual([
      { tag: "a/ä", step: 300, simple_value: 1.5 },
      {
        tag: "h",
        step: 300,
        histo: {
          min: 0,
          max: 1,
          num: 4,
          sum: 2,
          sum_squares: 1.5,
          bucket_limit: [0.25, 0.5, 0.75, 1],
          bucket: [1, 2, 0, 1],
        },
      },
    ]);
  });

  it("of one second have names of their own, and a disk that fails stops nothing", () => {
    const run = folder("two");
    for (const value of [1, 2]) openEventFile(run).add(0, [scalar("a", value)]);
    expect(valuesOf(run).map(({ simple_value }) => simple_value)).toEqual([1, 2]);
    const blocked = folder("blocked");
    writeFileSync(join(blocked, "tensorboard"), "a file");
    expect(() => openEventFile(blocked).add(0, [scalar("a", 1)])).not.toThrow();
  });
});

describe("a run with tensorboard", () => {
  it("logs the figures of metrics.jsonl, losses of steps, and the targets of the given labels", async () => {
    const out = join(folder("run"), "run");
    await train(recipe, { out, dataSet: tinyShapes });
    const values = valuesOf(out);
    const of = (tag: string) => values.filter((value) => value.tag === tag);
    for (const { epoch, trainLoss, testAccuracy, lr } of readMetrics(out)) {
      for (const [tag, value] of Object.entries({ trainLoss, testAccuracy, lr })) {
        const [logged] = of(`epoch/${tag}`).filter(({ step }) => step === epoch);
        expect(logged?.simple_value).toBe(Math.fround(value as number));
      }
    }
    expect(of("step/loss").map(({ step }) => step)).toEqual(Array.from({ length: 15 }, (_, i) => i));
    const histograms = of("targets/given label").map(({ histo }) => histo);
    expect(histograms.map((histo) => histo?.num)).toEqual([60, 60, 60]);
    expect(histograms[0]).toMatchObject({ min: 1, max: 1, sum: 60 });
    const drift = readMetrics(out).at(-1)?.targetDrift as number;
    expect(1 - (histograms[2]?.sum as number) / 60).toBeCloseTo(drift, 5);
  });

  it("shows its most suspect samples", async () => {
    const out = join(folder("suspects"), "run");
    const { prepared } = await train({ ...recipe, epochs: 2 }, { out, dataSet: tinyShapes });
    const inspection = await inspectRun(out, { prepared });
    const findings = await findIssues(inspection, { types: [] });
    await writeSuspects(out, 1, inspection.train, findings);
    const pictures = valuesOf(out).filter(({ image }) => image !== undefined);
    const [first] = findings.issues;
    expect(pictures.length).toBe(20);
    expect(pictures[0]?.tag).toBe(`suspects/01 given ${first?.given}, suggested ${first?.suggested}`);
    const decoded = await sharp(pictures[0]?.image?.encoded_image_string).metadata();
    expect(decoded).toMatchObject({ format: "png", width: 16, height: 16 });
    expect(pictures[0]?.image).toMatchObject({ width: 16, height: 16 });
  });

  it("is the run without, to the last bit, which has no event files", async () => {
    const [plain, logged] = ["plain", "logged"].map((name) => join(folder(name), "run")) as [string, string];
    await train({ ...tinyRecipe, epochs: 1 }, { out: plain, dataSet: tinyShapes });
    await train({ ...recipe, epochs: 1 }, { out: logged, dataSet: tinyShapes });
    const weights = (run: string) => readFileSync(join(run, "checkpoint/last/model.safetensors"));
    expect(weights(logged).equals(weights(plain))).toBe(true);
    expect(existsSync(join(plain, "tensorboard"))).toBe(false);
  });
});
