import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { picture } from "../../../../test/support/picture-folder.js";
import { openStudio } from "../../../../test/support/studio.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { tinyRecipe } from "../../../../test/support/tiny-run.js";
import { until } from "../../../../test/support/until.js";
import { reviewFile } from "../../../review/index.js";
import { train } from "../../../training/index.js";
import { overview, queuePage, reviewStats, sampleDetails, saved } from "../../api.js";
import { collectEvidence } from "../evidence/collect.js";

const root = temporaryFolder()("runs");
const run = join(root, "shapes");
const data = "shapes:train=120,test=40,size=16,seed=3";
const { ask, post } = await openStudio(root, { collect: collectEvidence });
const at = (path: string) => `/api/runs/shapes/${path}`;
const json = async (path: string) => (await ask(at(path))).json() as unknown;
const queue = async (query = "") => queuePage.parse(await json(`queue?${query}`));
const verdict = (more: object) => ({ part: "train", verdict: "right", seconds: 2, queue: "suspects", ...more });

beforeAll(async () => {
  await train({ ...tinyRecipe, data, valFraction: 0.2 }, { out: run });
  const first = await ask(at("overview"));
  expect([first.statusCode, first.json()]).toEqual([202, { progress: 0, doing: expect.any(String) }]);
  await until(async () => (await ask(at("overview"))).statusCode === 200);
}, 60_000);

describe("the review of a run's data", () => {
  it("has every part, its classes and queues", async () => {
    const found = overview.parse(await json("overview?part=train"));
    expect(found.parts).toEqual([
      { name: "train", samples: 97 },
      { name: "validation", samples: 23 },
      { name: "test", samples: 40 },
    ]);
    expect(found.classes).toContain("disc");
    expect(found.queues.map(({ name }) => name)).toEqual([
      "suspects",
      "conflicts",
      "leaks",
      "outliers",
      "quality",
      "audit",
      "all",
    ]);
    expect(found.noiseRate).not.toBeNull();
    expect(found.pairs.flat().reduce((sum, count) => sum + count, 0)).toBe(found.queues[0]!.count);
  });

  it("ranks the most suspect labels first, and finds them by class, file and probability", async () => {
    const { total, items } = await queue("limit=500");
    expect(total).toBe(97);
    const probabilities = items.map(({ pWrong }) => pWrong!);
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => b - a));
    const [first] = items;
    const same = await queue(`given=${first!.given}&suggested=${first!.suggested}`);
    expect(same.items[0]!.sample).toBe(first!.sample);
    expect((await queue(`search=${first!.sample}`)).items.map(({ sample }) => sample)).toContain(first!.sample);
    expect((await queue("queue=map&samples=1000000,3")).total).toBeLessThanOrEqual(1);
    const placeOf = async (sample: number) => (await queue(`limit=1&at=${sample}`)).place;
    expect(await Promise.all([items[40]!.sample, 1000000].map(placeOf))).toEqual([40, null]);
    const body = await post(at("queue"), { queue: "map", samples: String(first!.sample) });
    expect(queuePage.parse(body.json()).items).toEqual([first]);
  });

  it("shows a sample with its beliefs, nearest neighbors and way through training", async () => {
    const { items } = await queue("limit=500");
    for (const { sample, given, suggested } of items.slice(0, 10)) {
      const details = sampleDetails.parse(await json(`samples/train/${sample}`));
      expect(details).toMatchObject({ sample, given, suggested, width: 16, height: 16 });
      expect(details.beliefs.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 4);
      expect(new Set(details.nearestGiven.map(({ label }) => label))).toEqual(new Set([given]));
      expect(new Set(details.nearestSuggested.map(({ label }) => label))).toEqual(new Set([suggested]));
      expect(details.nearestGiven.map((near) => near.sample)).not.toContain(sample);
      expect(details.trajectory.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
      const [first, ...later] = details.trajectory;
      // The targets move from epoch 1 on, with momentum 0.7.
      let target = 1;
      expect(first!.target).toBe(1);
      for (const { probability, target: shown } of later) {
        target = 0.7 * target + 0.3 * probability;
        expect(shown).toBeCloseTo(target, 6);
      }
    }
    expect(sampleDetails.parse(await json("samples/test/3")).trajectory).toEqual([]);
  });

  it("has the arrays of a map, one row a sample", async () => {
    const [map, labels, numbers] = await Promise.all(
      ["map", "labels", "numbers"].map((name) => ask(at(`${name}?part=validation`))),
    );
    expect(map!.headers["x-samples"]).toBe("23");
    expect([map, labels, numbers].map((response) => response!.rawPayload.length)).toEqual([184, 92, 92]);
    const bytes = new Uint8Array(map!.rawPayload);
    for (const value of new Float32Array(bytes.buffer)) expect(value >= 0 && value <= 1).toBe(true);
    const all = new Int32Array(new Uint8Array(numbers!.rawPayload).buffer);
    expect(new Set(all).size).toBe(23);
  });
});

describe("pictures", () => {
  const image = async (query: string, headers: Record<string, string> = {}) =>
    ask(at(`samples/train/${(await queue()).items[0]!.sample}/image${query}`), { headers });

  it("are small and lossless, never enlarged, or have the original pixels", async () => {
    const small = await image("?size=8");
    expect(small.headers["content-type"]).toBe("image/webp");
    expect(await sharp(small.rawPayload).metadata()).toMatchObject({ format: "webp", width: 8, height: 8 });
    const large = await ask(at("samples/test/3/image?size=160"));
    expect(await sharp(large.rawPayload).metadata()).toMatchObject({ width: 16, height: 16 });
    const original = await ask(at("samples/test/3/image"));
    expect(original.headers["content-type"]).toBe("image/png");
    const [shown, exact] = await Promise.all(
      [large, original].map(({ rawPayload }) => sharp(rawPayload).raw().toBuffer()),
    );
    expect(shown).toEqual(exact);
  });

  it("are kept by the browser, for good at an address with their version", async () => {
    const { version } = overview.parse(await json("overview"));
    const forGood = await image(`?size=8&v=${version}`);
    expect(forGood.headers["cache-control"]).toBe("private, max-age=31536000, immutable");
    const { etag } = (await image("?size=8")).headers;
    const again = await image("?size=8", { "if-none-match": String(etag) });
    expect(again.statusCode).toBe(304);
  });

  it.each([
    ["samples/train/999999/image", 404],
    ["samples/other/3/image", 400],
    ["samples/train/..%2f3/image", 400],
    ["samples/test/3/image?size=5000", 400],
    ["samples/test/3/image?size=-1", 400],
  ])("are refused for %s", async (path, status) => {
    expect((await ask(at(path))).statusCode).toBe(status);
  });
});

it("a picture that cannot be read is not kept by the browser", async () => {
  const names = ["a/1.png", "a/2.png", "b/1.png", "b/2.png"];
  const images = await Promise.all(names.map((_, i) => picture(i, 16, 16)));
  const files = Object.fromEntries(names.map((name, i) => [name, images[i]!]));
  const place = temporaryFolder()("pictures", files);
  const out = join(root, "files");
  await train({ data: place, objective: "ce", model: "resnet18", width: 4, epochs: 1, device: "cpu" }, { out });
  const address = (path: string) => `/api/runs/files/${path}`;
  await until(async () => (await ask(address("overview"))).statusCode === 200);
  const { version } = overview.parse((await ask(address("overview"))).json());
  rmSync(join(place, "a", "1.png"));
  const { statusCode, headers } = await ask(address(`samples/train/0/image?size=8&v=${version}`));
  expect([statusCode, headers["cache-control"], headers.etag]).toEqual([422, "no-store", undefined]);
}, 60_000);

describe("verdicts", () => {
  it("are on the disk when they are answered, leave the queue, and are taken back one action at a time", async () => {
    const samples = (await queue()).items.slice(0, 5).map(({ sample }) => sample);
    const [first, ...others] = samples as [number, ...number[]];
    const one = saved.parse((await post(at("verdicts"), verdict({ samples: [first] }))).json());
    expect(one.decisions[first]).toMatchObject({ verdict: "right", label: null, reviewer: "me" });
    expect(readFileSync(reviewFile(run), "utf8").split("\n")).toHaveLength(2);
    const bulk = saved.parse(
      (await post(at("verdicts"), verdict({ samples: others, verdict: "relabel", label: "disc" }))).json(),
    );
    expect(bulk.stats).toMatchObject({ decided: 5, wrongFound: 4, undoable: true });
    expect((await queue("limit=500")).items.filter(({ sample }) => samples.includes(sample))).toEqual([]);
    expect((await queue("state=decided")).total).toBe(5);
    const undone = saved.parse((await post(at("undo"))).json());
    expect(undone.decisions).toEqual(Object.fromEntries(others.map((sample) => [sample, null])));
    expect(undone.stats.decided).toBe(1);
    expect(saved.parse((await post(at("undo"))).json()).stats).toMatchObject({ decided: 0, undoable: false });
    expect((await post(at("undo"))).statusCode).toBe(409);
  });

  it("take the suggestion of each sample in one action", async () => {
    const items = (await queue()).items.slice(0, 6);
    const samples = items.map(({ sample }) => sample);
    const labels = items.map(({ suggested }) => suggested!);
    const action = verdict({ samples, verdict: "relabel", labels });
    const { decisions } = saved.parse((await post(at("verdicts"), action)).json());
    expect(samples.map((sample) => decisions[sample]!.label)).toEqual(labels);
    expect(saved.parse((await post(at("undo"))).json()).stats.decided).toBe(0);
  });

  it("are undone in the part that they are of, whatever part was looked at since", async () => {
    const { sample } = (await queue("part=test")).items[0]!;
    await post(at("verdicts"), verdict({ part: "test", samples: [sample] }));
    expect(saved.parse((await post(at("undo"))).json())).toMatchObject({ part: "test", decisions: { [sample]: null } });
  });

  it("of another reviewer are seen by nobody else", async () => {
    const { sample } = (await queue()).items[0]!;
    await post(at("verdicts"), verdict({ samples: [sample], reviewer: "ann" }));
    expect((await queue()).items[0]!.sample).toBe(sample);
    expect((await queue("reviewer=ann")).items[0]!.sample).not.toBe(sample);
    await post(at("undo"), { reviewer: "ann" });
  });

  it("are written while evidence by a newer checkpoint is collected", async () => {
    const { sample } = (await queue()).items[0]!;
    const state = join(run, "checkpoint", "last", "state.json");
    const before = readFileSync(state, "utf8");
    writeFileSync(state, `${before}\n`);
    const given = await post(at("verdicts"), verdict({ samples: [sample] }));
    expect([given.statusCode, saved.parse(given.json()).decisions[sample]!.verdict]).toEqual([200, "right"]);
    expect((await post(at("undo"))).statusCode).toBe(200);
    writeFileSync(state, before);
  });

  it.each([
    [{ samples: [] }, "`samples`: received []; expected a whole number, or a comma-separated list"],
    [{ samples: [1e6] }, "the train part has no sample 1000000"],
    [
      { samples: [1], verdict: "wrong" },
      '`verdict`: received "wrong"; expected right, relabel, none, ambiguous or later',
    ],
    [
      { samples: [1], verdict: "relabel" },
      "the verdict cannot be recorded: label: expected a class name for relabel, and none for other verdicts",
    ],
    [
      { samples: [1], verdict: "relabel", labels: ["disc", "disc"] },
      "the verdict cannot be recorded: labels: expected one for each sample",
    ],
    [
      { samples: [1], verdict: "relabel", label: "dics" },
      'label: received "dics"; expected a class of the data; did you mean "disc"?',
    ],
    [{ samples: [1], seconds: "2" }, '`seconds`: received "2"; expected a number of at least 0'],
  ])("are refused for %j, and nothing is written", async (wrong, error) => {
    const before = readFileSync(reviewFile(run), "utf8");
    const sample = (await queue()).items[0]!.sample;
    const action = verdict(wrong.samples[0] === 1 ? { ...wrong, samples: [sample] } : wrong);
    expect((await post(at("verdicts"), action)).json()).toEqual({ error });
    expect(readFileSync(reviewFile(run), "utf8")).toBe(before);
  });

  it("of a random audit bound what is left", async () => {
    const begun = reviewStats.parse((await post(at("audit"), { part: "test", draws: 20 })).json());
    expect(begun.audit).toMatchObject({ drawn: 20, decided: 0, bound: null });
    const { items } = await queue("part=test&queue=audit");
    expect(items).toHaveLength(20);
    const samples = items.map(({ sample }) => sample);
    const done = saved.parse((await post(at("verdicts"), verdict({ part: "test", queue: "audit", samples }))).json());
    // (1 - b)^20 = 0.05
    expect(done.stats.audit!.bound).toBeCloseTo(1 - 0.05 ** (1 / 20), 3);
  });
});

it("counts in its queues what the reviewer has not decided", async () => {
  const counts = async (reviewer: string) => {
    const { queues, pairs } = overview.parse(await json(`overview?reviewer=${reviewer}`));
    return [queues[0]!.count, queues.at(-1)!.count, pairs.flat().reduce((sum, count) => sum + count, 0)];
  };
  const [suspects, all] = await counts("tom");
  const { items } = await queue("reviewer=tom&limit=2");
  await post(at("verdicts"), verdict({ reviewer: "tom", samples: items.map(({ sample }) => sample) }));
  const left = suspects! - items.filter(({ pWrong }) => pWrong! >= 0.5).length;
  expect(await counts("tom")).toEqual([left, all! - 2, left]);
  expect(await counts("ben")).toEqual([suspects, all, suspects]);
});
