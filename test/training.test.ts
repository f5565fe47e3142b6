// Runs from end to end by the library's `train`: stopped and gone on with, what they leave behind, what they refuse.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseNpy, shapesDataSet } from "../src/data/index.js";
import { InputError } from "../src/errors.js";
import { type Batch, crossEntropy } from "../src/objectives/index.js";
import { readNewestCheckpoint } from "../src/runs/checkpoint.js";
import { readHistory } from "../src/runs/files/history-files.js";
import { type RecipeInput, readMetrics, readRunRecipe, readSummary } from "../src/runs/index.js";
import { kernelsIn, liveTensors, type Tensor } from "../src/torch/index.js";
import { type TrainingEvent, train } from "../src/training/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { byMethod, outcomeOf, tinyRecipe, tinyShapes } from "./support/tiny-run.js";

const folder = temporaryFolder();
const dataSet = tinyShapes;

/** Trains for milliseconds: 15 steps. */
const perceptron: Partial<RecipeInput> = { ...tinyRecipe, model: "mlp", width: 1, augment: "none" };

/** Trains in sittings, each stopped by its signal at the given event: `step 3` is the third step of the sitting. */
async function trainInSittings(input: Partial<RecipeInput>, out: string, stops: readonly string[], data = dataSet) {
  for (const [sitting, stop] of [...stops, "never"].entries()) {
    const seen = { step: 0, epoch: 0 };
    const controller = new AbortController();
    const listener = ({ type }: TrainingEvent) => {
      if ((type === "step" || type === "epoch") && `${type} ${++seen[type]}` === stop) controller.abort();
    };
    const options = { out, resume: sitting > 0, dataSet: data, listeners: [listener], signal: controller.signal };
    const { summary } = await train(input, options);
    expect(summary === null, `sitting ${sitting}`).toBe(stop !== "never");
  }
}

async function notesOf(input: Partial<RecipeInput>, out: string, resume = true): Promise<string[]> {
  const notes: string[] = [];
  await train(input, {
    out,
    resume,
    dataSet,
    listeners: [(event) => event.type === "note" && notes.push(event.text)],
  });
  return notes;
}

/** Cross entropy as a class keeps it: a method on the prototype, and its state in a private field. */
class CountedCrossEntropy {
  #steps = 0;
  get steps() {
    return this.#steps;
  }
  loss(logits: Tensor, batch: Batch): Tensor {
    this.#steps++;
    return crossEntropy().loss(logits, batch);
  }
}

/** A perceptron's run stopped after 7 steps (and after 6, so that there is a checkpoint before the last), to be copied. */
async function stoppedRun(name: string): Promise<string> {
  const out = folder(name);
  for (const [resume, steps] of [
    [false, 6],
    [true, 1],
  ] as const) {
    const controller = new AbortController();
    let left: number = steps;
    const listeners = [({ type }: TrainingEvent) => void (type === "step" && --left === 0 && controller.abort())];
    await train(perceptron, { out, resume, dataSet, listeners, signal: controller.signal });
  }
  return out;
}

function copyOf(run: string, name: string): string {
  const copy = folder(name);
  cpSync(run, copy, { recursive: true });
  return copy;
}

describe("a run that was stopped and gone on with ends exactly as the uninterrupted one", () => {
  const everywhere = ["step 2", "step 3", "step 1", "epoch 1", "step 5"];
  const large = shapesDataSet({ train: 40, test: 10, size: 32, seed: 3 });

  const ofFewClasses = dataSet.train.labels.map((label) => (label < 7 ? 0 : label));
  const imbalanced = { ...dataSet, train: { ...dataSet.train, labels: ofFewClasses } };

  it.each<[string, Partial<RecipeInput>, string[], typeof dataSet]>([
    ["crops, mirror images and momentum", {}, everywhere, dataSet],
    [
      "turns, crops alone and a padding and normalization of one's own",
      {
        augment: "crop",
        rotation: 15,
        cropPadding: 3,
        mean: [0.5, 0.5, 0.5],
        std: [0.5, 0.5, 0.5],
        epochs: 2,
      },
      ["step 2", "step 3", "epoch 1"],
      dataSet,
    ],
    ["a test part set apart", { testFraction: 0.2 }, ["step 2", "epoch 1"], { ...dataSet, test: null }],
    ["weights of classes", { classWeights: "balanced" }, everywhere, imbalanced],
    ["balanced sampling", { sampling: "balanced", objective: "ce" }, everywhere, imbalanced],
    ["cross entropy and AdamW", { objective: "ce", optimizer: "adamw", warmupEpochs: 1.5 }, everywhere, dataSet],
    [
      "parts of batches, Adam, clipping",
      { accumulate: 3, optimizer: "adam", clipGradNorm: 0.5 },
      ["step 4", "step 6"],
      dataSet,
    ],
    [
      "a validation part and bf16",
      { valFraction: 0.2, precision: "bf16", evalEvery: 2 },
      ["step 3", "epoch 1"],
      dataSet,
    ],
    ["float64, LARS, the symmetric form", { precision: "fp64", optimizer: "lars", form: "sce" }, ["step 7"], dataSet],
    ["averaged weights", { emaDecay: 0.9, valFraction: 0.2 }, ["step 2", "step 3", "epoch 1"], dataSet],
    [
      "a start to be found",
      { startEpoch: "auto", epochs: 4, model: "mlp", width: 1, augment: "none", batchSize: 200 },
      ["step 2", "epoch 1", "step 6"],
      shapesDataSet({ train: 1000, test: 10, size: 16, seed: 3 }),
    ],
    ["the dynamics", { trackDynamics: true }, ["step 3"], dataSet],
    ["dropout", { model: "vgg16-bn", width: 2, epochs: 2, batchSize: 10 }, ["step 1", "step 4"], large],
  ])("with %s", async (name, input, stops, data) => {
    const recipe = byMethod({ ...tinyRecipe, ...input });
    const whole = folder(`${name} whole`);
    await train(recipe, { out: whole, dataSet: data });
    const broken = folder(`${name} broken`);
    await trainInSittings(recipe, broken, stops, data);
    expect(outcomeOf(broken)).toEqual(outcomeOf(whole));
  });

  it("with early stopping, also where it was over already", async () => {
    const recipe: Partial<RecipeInput> = { ...perceptron, lr: 1e-9, epochs: 9, valFraction: 0.2, patience: 2 };
    const whole = folder("early whole");
    const notes = await notesOf(recipe, whole, false);
    expect(notes).toContain(
      "stopped after epoch 2: no better validation accuracy for 2 epochs or more; the best was epoch 0",
    );
    expect(readSummary(whole).epochs).toBe(3);
    const broken = folder("early broken");
    await trainInSittings(recipe, broken, ["step 6", "step 1"]);
    expect(outcomeOf(broken)).toEqual(outcomeOf(whole));
    const before = outcomeOf(whole);
    expect(await notesOf(recipe, whole)).toEqual(notes);
    expect(outcomeOf(whole)).toEqual(before);
  });

  it("and another seed ends elsewhere", async () => {
    const [one, other] = [folder("seed 5"), folder("seed 6")];
    await train(perceptron, { out: one, dataSet });
    await train({ ...perceptron, seed: 6 }, { out: other, dataSet });
    expect(outcomeOf(other).model).not.toEqual(outcomeOf(one).model);
  });
});

describe("a run folder", async () => {
  const run = folder("contract");
  await train({ ...perceptron, valFraction: 0.2, noise: "symmetric:0.5" }, { out: run, dataSet });

  it("holds what the contract names, and nothing half-written", () => {
    expect(readdirSync(run).sort()).toEqual([
      "checkpoint",
      "metrics.jsonl",
      "noisy_idx_labels.npy",
      "recipe.yaml",
      "record",
      "steps.jsonl",
      "summary.json",
      "targets.npy",
    ]);
    expect(readdirSync(join(run, "checkpoint")).sort()).toEqual(["best", "last", "previous"]);
    for (const name of ["best", "last"]) {
      expect(readdirSync(join(run, "checkpoint", name)).sort()).toEqual([
        "model.safetensors",
        "optimizer.safetensors",
        "state.json",
        "targets.safetensors",
      ]);
    }
  });

  it("has a recipe with everything resolved, from which the same run follows", async () => {
    const recipe = parse(readFileSync(join(run, "recipe.yaml"), "utf8"));
    expect(recipe).toMatchObject({
      model: "mlp",
      batchSize: 12,
      lr: 0.1,
      targetMomentum: 0.7,
      seed: 5,
      precision: "fp32",
      kernels: "auto",
    });
    expect(recipe.resolved).toMatchObject({
      format: "shapes",
      sampleShape: [3, 16, 16],
      trainSize: 48,
      kernels: kernelsIn("float32")[0] ?? "stock",
      classes: dataSet.classes,
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      versions: { selfadapt: expect.any(String), libtorch: expect.any(String), node: process.versions.node },
    });
    const again = folder("contract again");
    await train(readRunRecipe(run).recipe, { out: again, dataSet });
    expect(outcomeOf(again)).toEqual(outcomeOf(run));
  });

  it("has a line of metrics an epoch", () => {
    const lines = readFileSync(join(run, "metrics.jsonl"), "utf8").trimEnd().split("\n");
    expect(lines.map((line) => JSON.parse(line).epoch)).toEqual([0, 1, 2]);
    const keys = ["epoch", "lr", "trainLoss", "trainAccuracy", "testAccuracy", "seconds", "imagesPerSecond"];
    for (const line of lines) for (const key of keys) expect(JSON.parse(line)[key], key).toEqual(expect.any(Number));
  });

  it("has a summary with every figure of the contract", () => {
    const summary = readSummary(run);
    expect(summary).toMatchObject({
      objective: "sat",
      model: "mlp",
      epochs: 3,
      trainSize: 48,
      classes: 10,
      precision: "fp32",
      kernels: kernelsIn("float32")[0] ?? "stock",
      device: "cpu",
      seed: 5,
    });
    const figures = [
      "parameters",
      "testAccuracy",
      "testAccuracyAtBest",
      "testLoss",
      "seconds",
      "imagesPerSecond",
      "labelNoise",
      "noisyTrainAccuracy",
      "cleanTrainAccuracy",
      "recoveredLabels",
    ] as const;
    for (const figure of figures) expect(summary[figure], figure).toEqual(expect.any(Number));
    expect(summary.testAccuracy).toBe(readMetrics(run).at(-1)?.testAccuracy);
  });

  it("has a row of targets for every record, the held-out ones resting at their labels", () => {
    const targets = parseNpy(new Uint8Array(readFileSync(join(run, "targets.npy"))), "targets.npy");
    expect(targets.shape).toEqual([60, 10]);
    const rows = Array.from({ length: 60 }, (_, i) => Array.from(targets.data.slice(10 * i, 10 * i + 10), Number));
    expect(rows.filter((row) => row.every((value) => value === 0 || value === 1))).toHaveLength(12);
    for (const row of rows) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 5);
  });

  it("has a record of every epoch: of each sample trained on what was made of its label, and of no other", () => {
    expect(readdirSync(join(run, "record"))).toEqual(["0000.npy", "0001.npy", "0002.npy"]);
    for (const [epoch, record] of [...readHistory(run)].entries()) {
      expect(record.length).toBe(60 * 3);
      const rows = Array.from(
        { length: 60 },
        (_, i) => [...record.slice(3 * i, 3 * i + 3)] as [number, number, number],
      );
      const visited = rows.filter(([probability]) => !Number.isNaN(probability));
      expect(visited).toHaveLength(48);
      const right = visited.filter(([, margin]) => margin > 0).length;
      expect(right / 48).toBe(readMetrics(run)[epoch]?.trainAccuracy);
      for (const [probability, margin, answer] of visited) {
        expect(probability).toBeGreaterThan(0);
        expect(probability > 0.5 ? margin > 0 : true).toBe(true);
        expect(Number.isInteger(answer) && answer >= 0 && answer < 10).toBe(true);
      }
    }
  });

  it("has the noise as (index, label) pairs, as many as labels are wrong", () => {
    const noise = parseNpy(new Uint8Array(readFileSync(join(run, "noisy_idx_labels.npy"))), "noise");
    const pairs = Array.from(noise.data as BigInt64Array, Number);
    expect(noise.shape).toEqual([pairs.length / 2, 2]);
    expect(pairs.length / 2).toBeGreaterThan(15);
    for (let i = 0; i < pairs.length; i += 2) expect(pairs[i + 1]).not.toBe(dataSet.train.labels[pairs[i] as number]);
  });

  it("of data without a test set has nulls and no test figures, and without noise no clean ones", async () => {
    const out = folder("no test");
    await train(byMethod({ ...perceptron, noise: "none", objective: "ce" }), {
      out,
      dataSet: { ...dataSet, test: null },
    });
    expect(readSummary(out)).toMatchObject({ testAccuracy: null, testLoss: null, testAccuracyAtBest: null });
    expect(Object.keys(readMetrics(out)[0]!)).not.toContain("testAccuracy");
    expect(readSummary(out)).not.toHaveProperty("cleanTrainAccuracy");
    expect(existsSync(join(out, "noisy_idx_labels.npy"))).toBe(false);
  });
});

describe("with averaged weights", () => {
  it("a run is evaluated, by evaluate too, and the trained weights are kept as well", async () => {
    const out = folder("averaged");
    const { summary } = await train({ ...perceptron, emaDecay: 0.5, lr: 0.3 }, { out, dataSet });
    const last = readNewestCheckpoint(out);
    expect([...(last?.tensors.ema.keys() ?? [])]).toEqual([...(last?.tensors.model.keys() ?? [])]);
    expect(last?.tensors.ema).not.toEqual(last?.tensors.model);
    const plain = await train({ ...perceptron, lr: 0.3 }, { dataSet });
    expect(summary?.testLoss).not.toBe(plain.summary?.testLoss);
    const lines = readMetrics(out);
    expect(lines.at(-1)?.testLoss).toBe(summary?.testLoss);
    expect(lines.map(({ trainLoss }) => trainLoss).length).toBe(3);
  });
});

describe("with the dynamics followed", () => {
  it("each epoch has the four accuracies, a tenth of the samples held out, and agrees with its summary", async () => {
    const out = folder("dynamics");
    const { summary } = await train({ ...perceptron, trackDynamics: true }, { out, dataSet });
    expect(readRunRecipe(out).recipe.valFraction).toBe(0.1);
    const lines = readMetrics(out);
    for (const line of lines) {
      const four = [
        line.noisyTrainAccuracy,
        line.cleanTrainAccuracy,
        line.validationAccuracy,
        line.cleanValidationAccuracy,
      ];
      for (const accuracy of four) expect(accuracy).toEqual(expect.any(Number));
    }
    expect(lines.at(-1)).toMatchObject({
      noisyTrainAccuracy: summary?.noisyTrainAccuracy,
      cleanTrainAccuracy: summary?.cleanTrainAccuracy,
    });
    const clean = folder("dynamics clean");
    await train({ ...perceptron, noise: "none", trackDynamics: true }, { out: clean, dataSet });
    expect(readMetrics(clean)[0]).toHaveProperty("noisyTrainAccuracy");
    expect(readMetrics(clean)[0]).not.toHaveProperty("cleanValidationAccuracy");
  });
});

describe("a damaged checkpoint", async () => {
  const whole = folder("undamaged");
  await train(perceptron, { out: whole, dataSet });
  const stopped = await stoppedRun("stopped");
  const last = (run: string, file: string) => join(run, "checkpoint", "last", file);

  const flip = (path: string, at: number) => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(path, bytes);
  };
  const damages: [string, string, (run: string) => void][] = [
    ["a flipped bit in the weights", "model.safetensors", (run) => flip(last(run, "model.safetensors"), 5000)],
    ["a state cut short", "state.json", (run) => writeFileSync(last(run, "state.json"), '{"version": 1, "progr')],
    [
      "a digit changed in the state",
      "state.json",
      (run) => {
        const text = readFileSync(last(run, "state.json"), "utf8");
        writeFileSync(last(run, "state.json"), text.replace('"step": 2', '"step": 1'));
      },
    ],
    ["targets gone", "targets.safetensors", (run) => cpSync(last(run, "state.json"), last(run, "targets.safetensors"))],
  ];

  it.each(damages)("with %s is named, and the one before used", async (name, file, damage) => {
    const run = copyOf(stopped, name);
    damage(run);
    const [note, ...others] = await notesOf(perceptron, run);
    expect(others).toEqual([]);
    expect(note).toContain(`checkpoint ${join(run, "checkpoint", "last")} is damaged: ${file} `);
    expect(note).toContain("resuming from the one before it");
    expect(outcomeOf(run)).toEqual(outcomeOf(whole));
  });

  it("without a whole one before is refused, and the run left as it was", async () => {
    const run = copyOf(stopped, "both damaged");
    flip(last(run, "optimizer.safetensors"), 3000);
    flip(join(run, "checkpoint", "previous", "model.safetensors"), 3000);
    const resumed = train({}, { out: run, resume: true, dataSet });
    await expect(resumed).rejects.toThrow(InputError);
    await expect(resumed).rejects.toThrow(
      /optimizer.safetensors does not match .*; there is no intact older checkpoint/,
    );
    expect(existsSync(join(run, "summary.json"))).toBe(false);
  });

  it("that was only cut off while it was being put in place goes on from the one before", async () => {
    const run = copyOf(stopped, "between renames");
    cpSync(join(run, "checkpoint", "last"), join(run, "checkpoint", "last.writing"), { recursive: true });
    rmSync(join(run, "checkpoint", "last"), { recursive: true });
    expect(await notesOf(perceptron, run)).toEqual([]);
    expect(outcomeOf(run)).toEqual(outcomeOf(whole));
    expect(readdirSync(join(run, "checkpoint")).sort()).toEqual(["last", "previous"]);
  });

  it("before the first one was written, the run begins anew", async () => {
    const run = copyOf(stopped, "no checkpoint");
    rmSync(join(run, "checkpoint"), { recursive: true });
    rmSync(join(run, "noisy_idx_labels.npy"));
    await notesOf(perceptron, run);
    expect(outcomeOf(run)).toEqual(outcomeOf(whole));
    expect(existsSync(join(run, "noisy_idx_labels.npy"))).toBe(true);
  });

  it("metrics past the resumed point are cut off, and a last line cut short does no harm", async () => {
    const run = copyOf(stopped, "cut metrics");
    const path = join(run, "metrics.jsonl");
    const [line] = readMetrics(run);
    writeFileSync(path, `${readFileSync(path, "utf8")}${JSON.stringify({ ...line, epoch: 1 })}\n{"epoch": 2, "l`);
    await notesOf(perceptron, run);
    expect(outcomeOf(run)).toEqual(outcomeOf(whole));
  });
});

it("a run that goes on by other kernels than it was started with says so", async () => {
  const run = await stoppedRun("other kernels");
  expect(await notesOf(perceptron, copyOf(run, "the same kernels"))).toEqual([]);
  const path = join(run, "recipe.yaml");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^ {2}kernels: (winograd|stock)$/m, "  kernels: amx"));
  const [note] = await notesOf(perceptron, run);
  expect(note).toMatch(
    /threads, amx kernels, this machine has libtorch .* (winograd|stock) kernels: the last digits may differ$/,
  );
});

describe("training that diverges", () => {
  const exploding: Partial<RecipeInput> = {
    ...perceptron,
    schedule: "step",
    milestones: [2],
    stepFactor: 1e30,
    epochs: 4,
  };

  it("stops at once, naming epoch and step, and keeps the last good checkpoint", async () => {
    const out = folder("diverged");
    await expect(train(exploding, { out, dataSet })).rejects.toThrow(
      /^the loss is (NaN|Infinity) at epoch 2, step 1: /,
    );
    expect(readNewestCheckpoint(out)?.progress).toMatchObject({ epoch: 2, step: 0 });
    expect(readMetrics(out).map(({ epoch }) => epoch)).toEqual([0, 1]);
    await expect(train({}, { out, resume: true, dataSet })).rejects.toThrow("at epoch 2, step 1");
  });

  it("does not save weights that broke in an epoch's last step, whose loss was still finite", async () => {
    const out = folder("broken weights");
    const single = { ...exploding, batchSize: 60 };
    await expect(train(single, { out, dataSet })).rejects.toThrow("the weights are not finite at epoch 2, step 0: ");
    expect(readNewestCheckpoint(out)?.progress).toMatchObject({ epoch: 2, step: 0 });
    expect(readNewestCheckpoint(out)?.damage).toBeNull();
  });
});

describe("what cannot be trained is refused in one line, and nothing is left", async () => {
  const stopped = await stoppedRun("to be resumed");

  async function refusal(input: Partial<RecipeInput>, options: Parameters<typeof train>[1]): Promise<string> {
    const error = await train(input, options).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }

  it("resuming with other data, classes or labels", async () => {
    const other = shapesDataSet({ train: 60, test: 20, size: 16, seed: 4 });
    const resume = (data: typeof dataSet) => refusal({}, { out: stopped, resume: true, dataSet: data });
    expect(await resume(other)).toMatch(
      /^`resume`: the data's fingerprint: received \w{16}; the run in .* was started with \w{16}$/,
    );
    const renamed = { ...dataSet, classes: dataSet.classes.map((name) => name.toUpperCase()) };
    expect(await resume(renamed)).toContain(`\`resume\`: the classes: received ${renamed.classes[0]}, `);
    expect(readdirSync(stopped)).not.toContain("summary.json");

    const out = folder("labels that change");
    const labels = join(folder("labels"), "labels.csv");
    const write = (shift: number) =>
      writeFileSync(labels, `label\n${Array.from(dataSet.train.labels, (label) => (label + shift) % 10).join("\n")}\n`);
    write(0);
    await train({ ...perceptron, labels }, { out, dataSet });
    write(1);
    expect(await refusal({}, { out, resume: true, dataSet })).toContain("`resume`: the training labels' fingerprint: ");
  });

  it("a run folder that is taken, not empty, or no folder", async () => {
    expect(await refusal(perceptron, { out: stopped, dataSet })).toBe(
      `${stopped} holds a run already; resume it with \`resume\`, or choose another \`out\``,
    );
    const photos = folder("photos", { "cat.jpg": "" });
    expect(await refusal(perceptron, { out: photos, dataSet })).toContain("is not empty and holds no run");
    expect(readdirSync(photos)).toEqual(["cat.jpg"]);
    const below = join(photos, "cat.jpg", "run");
    expect(await refusal(perceptron, { out: below, dataSet })).toBe(
      `cannot write ${below}: a part of the path is a file, not a folder; choose another path`,
    );
    expect(await refusal(perceptron, { out: join(photos, "cat.jpg"), dataSet })).toContain(
      "a part of the path is a file",
    );
  });

  it("resuming without a run, or one whose recipe is damaged", async () => {
    expect(await refusal({}, { resume: true })).toBe("`resume` needs `out: RUN`: the run to resume");
    const empty = folder("empty");
    expect(await refusal({}, { out: empty, resume: true })).toContain("is not a run folder");
    const damaged = copyOf(stopped, "damaged recipe");
    writeFileSync(join(damaged, "recipe.yaml"), "data: [");
    expect(await refusal({}, { out: damaged, resume: true })).toContain("recipe.yaml was not written by train: ");
    writeFileSync(join(damaged, "recipe.yaml"), "data: photos\n");
    expect(await refusal({}, { out: damaged, resume: true })).toContain("was not written by train: resolved: ");
  });

  it("models, weights and options that do not exist, before the folder is made", async () => {
    const out = join(folder("refused"), "run");
    expect(await refusal({ ...perceptron, model: "resnet81" }, { out, dataSet })).toContain('did you mean "resnet18"?');
    expect(await refusal({ ...perceptron, weights: "/nowhere.pth" }, { out, dataSet })).toContain("/nowhere.pth");
    expect(await refusal({ ...perceptron, batchSize: 61 }, { out, dataSet })).toContain("`batchSize: 61` is larger");
    expect(await refusal({ ...perceptron, noise: "symmetric:2" }, { out, dataSet })).toContain("out of range");
    expect(existsSync(out)).toBe(false);
  });
});

describe("tensors", () => {
  it("are all given back by a run, whether it ends, is stopped, breaks or cannot begin", async () => {
    const runs: [Partial<RecipeInput>, (event: TrainingEvent) => void][] = [
      [{ optimizer: "adam" }, () => {}],
      [
        {},
        ({ type }) => {
          if (type === "step") throw new Error("a listener's own");
        },
      ],
      [{ lr: 1e38 }, () => {}],
      [{ weights: "/nowhere.pth" }, () => {}],
      [{ model: "resnet18", width: 4, epochs: 1 }, () => {}],
    ];
    const out = folder("tensors");
    await stoppedRun("tensors");
    for (const [input, listener] of runs) {
      const before = liveTensors();
      await train({ ...perceptron, ...input }, { dataSet, listeners: [listener] }).catch(() => {});
      expect(liveTensors(), JSON.stringify(input)).toBeLessThanOrEqual(before);
    }
    const before = liveTensors();
    await train({}, { out, resume: true, dataSet });
    expect(liveTensors()).toBeLessThanOrEqual(before);
  });
});

describe("an objective of a class", () => {
  it("is called as its class wrote it", async () => {
    const objective = new CountedCrossEntropy();
    const recipe = { model: "mlp", width: 1, epochs: 3, batchSize: 12, augment: "none" } as const;
    const [own, built] = [folder("class"), folder("built-in")];
    await train(recipe, { out: own, dataSet, objective });
    await train({ ...recipe, objective: "ce" }, { out: built, dataSet });
    expect(objective.steps).toBe(15);
    const losses = (out: string) => readMetrics(out).map(({ trainLoss }) => trainLoss);
    expect(losses(own)).toEqual(losses(built));
  });
});

describe("a run whose results cannot be written", () => {
  it("has failed, and says why", async () => {
    const out = folder("unwritable");
    const events: TrainingEvent[] = [];
    const listener = (event: TrainingEvent) => {
      events.push(event);
      if (event.type === "epoch") mkdirSync(join(out, "targets.npy", "in the way"), { recursive: true });
    };
    await expect(train(perceptron, { out, dataSet, listeners: [listener] })).rejects.toThrow("targets.npy");
    expect(events.at(-1)).toMatchObject({ type: "failed", message: expect.stringContaining("targets.npy") });
    expect(existsSync(join(out, "summary.json"))).toBe(false);
  });
});
