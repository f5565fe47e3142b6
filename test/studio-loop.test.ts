// From verdicts to a second training: exports, the run on corrected data, and what it came to.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRunRecipe } from "../src/runs/index.js";
import { beforeAfter, overview, queuePage, reviewStats } from "../src/studio/api.js";
import { collectEvidence } from "../src/studio/server/evidence/collect.js";
import { train } from "../src/training/index.js";
import { photos } from "./support/small-data.js";
import { openStudio } from "./support/studio.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe } from "./support/tiny-run.js";
import { until } from "./support/until.js";

const folder = temporaryFolder();
const { noise: _, ...quiet } = { ...tinyRecipe, epochs: 2, batchSize: 8 };

/** A finished run with four verdicts: two labels confirmed, one changed, one sample left out. */
async function reviewed(root: string, recipe: object) {
  await train({ ...quiet, ...recipe }, { out: join(root, "first") });
  const studio = await openStudio(root, { collect: collectEvidence });
  const at = (path: string) => `/api/runs/first/${path}`;
  await until(async () => (await studio.ask(at("overview"))).statusCode === 200);
  const { items } = queuePage.parse((await studio.ask(at("queue"))).json());
  const say = (i: number, verdict: string, label?: string) =>
    studio.post(at("verdicts"), {
      part: "train",
      samples: [items[i]!.sample],
      verdict,
      label,
      seconds: 1,
      queue: "suspects",
    });
  await say(0, "right");
  await say(1, "right");
  await say(2, "relabel", items[2]!.suggested!);
  await say(3, "none");
  return { ...studio, at, items };
}

test.each<[string, () => Promise<object>, string]>([
  ["arrays", async () => ({ data: "shapes:train=60,test=20,size=16,seed=3" }), "labels"],
  [
    "files",
    async () => ({ data: folder("photos", await photos(["cat", "dog"], { each: 20 })), testFraction: 0.25 }),
    "data",
  ],
])(
  "a run on the verdicts of %s has the corrected data, and is compared with the first",
  async (name, recipeOf, key) => {
    const root = folder(`runs-${name}`);
    const recipe = await recipeOf();
    const { at, ask, post } = await reviewed(root, recipe);
    const begun = await post(at("retrain"), { epochs: 3 });
    expect(begun.json()).toEqual({ id: "first-reviewed-1" });
    const second = join(root, "first-reviewed-1");
    await until(() => existsSync(join(second, "summary.json")) && !existsSync(join(second, "lock.json")));
    const made = readRunRecipe(second);
    const corrected = join(root, "first", "review", "corrected-1.csv");
    expect(made.recipe).toMatchObject({
      [key]: corrected,
      pinned: expect.stringContaining("pinned-1.csv"),
      epochs: 3,
      noise: "none",
    });
    expect(
      readFileSync(join(root, "first", "review", "pinned-1.csv"), "utf8")
        .trim()
        .split("\n"),
    ).toHaveLength(4);
    const samples = ({ resolved }: { resolved: { trainSize: number } }) => resolved.trainSize;
    expect(samples(made)).toBe(samples(readRunRecipe(join(root, "first"))) - 1);
    const compare = () => ask(at("before-after?with=first-reviewed-1"));
    await until(async () => (await compare()).statusCode === 200);
    const { rows } = beforeAfter.parse((await compare()).json());
    const figures = Object.fromEntries(rows.map(({ figure, before, after }) => [figure, [before, after]]));
    expect(figures["test accuracy"]).toEqual([expect.any(Number), expect.any(Number)]);
    expect(figures["verdicts that the network agrees with"]).toEqual([expect.any(Number), expect.any(Number)]);
    // What is decided is decided in the second run, too, and what was left out is in none of its parts.
    const open = async (path: string) => (await ask(`/api/runs/first-reviewed-1/${path}`)).json();
    const { decided, wrongFound, undoable } = reviewStats.parse(await open("stats"));
    expect([decided, wrongFound, undoable]).toEqual([3, 0, false]);
    const counts = async (run: string) =>
      overview.parse((await ask(`/api/runs/${run}/overview`)).json()).parts.map(({ samples }) => samples);
    const [trained, ...others] = await counts("first");
    expect(await counts("first-reviewed-1")).toEqual([trained! - 1, ...others]);
  },
  120_000,
);

test("the reviewed data is exported for other programs", async () => {
  const data = folder("export", await photos(["cat", "dog"], { each: 12 }));
  const { ask, at, items } = await reviewed(folder("runs-export"), { data });
  const lines = async (format: string) => (await ask(at(`export?format=${format}`))).body.trim().split("\n");
  expect(await lines("csv")).toHaveLength(25);
  expect(await lines("manifest")).toHaveLength(24);
  const metadata = await lines("metadata");
  expect(metadata[0]).toBe("file_name,label,split");
  expect(existsSync(join(data, metadata[1]!.split(",")[0]!))).toBe(true);
  expect((await ask(at("export?format=label-studio"))).json()).toHaveLength(24);
  const { labels } = (await ask(at("export?format=fiftyone"))).json() as { labels: object };
  expect(Object.keys(labels)).not.toContain(items[3]!.file!.replace(/\.\w+$/, ""));
  const { headers, statusCode } = await ask(at("export?format=csv"));
  expect([statusCode, headers["content-disposition"]]).toEqual([200, 'attachment; filename="first-csv.csv"']);
  expect((await ask(at("export?format=xml"))).statusCode).toBe(400);
}, 120_000);
