// Tables with columns of any names: every command that reads data takes the same options for them.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { inspectData } from "../src/data/inspect.js";
import { attackRun, calibrateRun, evaluateRun, probeRun, train } from "../src/index.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe } from "./support/tiny-run.js";

const folder = temporaryFolder();
const columns = { fileColumn: "second", labelColumn: "animal", splitColumn: "use" };
let run: string;
let data: string;

/** Two columns name files and two hold classes; which ones count is said by the options alone. */
beforeAll(async () => {
  const files = await photos(["cat", "dog"], { each: 6 });
  const names = Object.keys(files);
  const rows = names.map((name, i) => {
    const label = name.startsWith("cat") ? "cat" : "dog";
    const use = i % 3 === 0 ? "test" : "train";
    return [names[(i + 1) % names.length], name, label, i % 2 === 0 ? "tall" : "short", use].join();
  });
  const root = folder("table", { ...files, "table.csv": `first,second,animal,shape,use\n${rows.join("\n")}\n` });
  data = join(root, "table.csv");
  run = folder("run");
  await train(
    { ...tinyRecipe, noise: "none", augment: "none", epochs: 1, batchSize: 4, imageSize: 16, data, ...columns },
    { out: run },
  );
});

const commands: Readonly<Record<string, (options: object) => Promise<unknown>>> = {
  evaluate: async (options) => (await evaluateRun(run, { data, ...options })).part,
  calibrate: async (options) => (await calibrateRun(run, { data, coverage: 0.5, ...options })).part,
  attack: async (options) =>
    (await attackRun(run, { data, steps: 1, ...options })).result?.data.replace(/.*, its (.*) part$/, "$1"),
  probe: async (options) => (await probeRun(run, { data, methods: ["knn"], ...options })).protocol.part,
  inspect: async (options) => ((await inspectData(data, options)).data.test?.labels.length === 4 ? "test" : "other"),
};

describe("columns that the user names", () => {
  it.each(Object.keys(commands))("are read by %s", async (name) => {
    expect(await commands[name]?.(columns)).toBe("test");
  });

  it.each(Object.keys(commands))("and that the table does not have are refused by %s", async (name) => {
    await expect(commands[name]?.({ ...columns, labelColumn: "breed" })).rejects.toThrow(
      /`labelColumn: breed`|"breed"/,
    );
  });
});
