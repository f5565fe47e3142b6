import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { type DataSet, type HeldSamples, randomFrom } from "../data/index.js";
import type { MethodName as Method } from "../methods/index.js";
import { readCalibration } from "../runs/files/calibration.js";
import { readSummary } from "../runs/run-folder.js";
import { liveTensors } from "../torch/index.js";
import type { TrainingEvent } from "../training/events.js";
import { train } from "../training/train.js";
import { type CalibrateRunOptions, calibrateRun } from "./calibrate-run.js";
import { evaluateRun } from "./evaluate-run.js";
import { NoGuaranteeError } from "./threshold.js";

const folder = temporaryFolder();
const perceptron = {
  model: "mlp",
  width: 4,
  epochs: 6,
  batchSize: 16,
  lr: 0.02,
  precision: "fp32",
  device: "cpu",
  seed: 5,
} as const;

/** Three classes around the corners of a triangle, which overlap. */
function clouds(count: number, seed: number): HeldSamples {
  const random = randomFrom(seed, "clouds");
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const noise = () => random.uniform() + random.uniform() - 1;
  const values = Float32Array.from(
    { length: 3 * count },
    (_, i) => Number(i % 3 === labels[Math.floor(i / 3)]) + noise(),
  );
  return { values, shape: [3], labels };
}

const dataOf = (train: HeldSamples, test: HeldSamples | null): DataSet<HeldSamples> => {
  return { format: "arrays", classes: ["ant", "bee", "cow"], train, test, notes: [] };
};
const data = dataOf(clouds(300, 1), clouds(40, 2));
const heldOut = dataOf(clouds(150, 3), null);

async function trained(name: string, objective: Method, dataSet = data): Promise<string> {
  const out = folder(name);
  await train({ ...perceptron, objective }, { out, dataSet });
  return out;
}

let [plain, abstaining, selecting] = ["", "", ""];
beforeAll(async () => {
  plain = await trained("plain", "ce");
  abstaining = await trained("abstaining", "sat-selective");
  selecting = await trained("selecting", "selectivenet");
});

const calibrate = (run: string, options: CalibrateRunOptions) => calibrateRun(run, { dataSet: heldOut, ...options });

describe("a calibration for a coverage", () => {
  it.each([0.5, 0.9, 1])("of %f answers that share of the samples, and evaluate says so", async (coverage) => {
    const { calibration, operatingPoint } = await calibrate(abstaining, { coverage });
    expect(calibration).toMatchObject({
      score: "abstention",
      temperature: 1,
      target: { coverage },
      achieved: { coverage, riskBound: null, samples: 150 },
      checkpoint: "last",
      passes: null,
      data: "(in memory), all of it",
    });
    expect(readCalibration(abstaining)).toEqual(calibration);
    const evaluated = await evaluateRun(abstaining, { dataSet: heldOut });
    expect(evaluated.operatingPoint).toEqual({ score: "abstention", ...operatingPoint });
    expect(evaluated.operatingPoint?.risk).toBe(
      evaluated.errorAtCoverage[String(100 * coverage)] ?? calibration.achieved.risk,
    );
    expect(evaluated.notes.join()).toContain("calibrated on these samples");
  });

  it("answers every sample that ties with the last one wanted", async () => {
    const values = Float32Array.from(
      heldOut.train.values,
      (_, i) => heldOut.train.values[i - (i % 6) + (i % 3)] as number,
    );
    const twice = dataOf({ ...heldOut.train, values }, null);
    const { calibration } = await calibrate(plain, { coverage: 71 / 150, dataSet: twice });
    expect(calibration.achieved.coverage).toBe(72 / 150);
  });

  it("is by the score that is asked for, MC dropout with its passes", async () => {
    for (const [run, score] of [
      [selecting, "selection"],
      [plain, "softmax-response"],
    ] as const) {
      expect((await calibrate(run, { coverage: 0.8 })).calibration.score).toBe(score);
    }
    const options = { coverage: 0.8, score: "mc-dropout", passes: 3, seed: 2 };
    const { calibration, operatingPoint, notes } = await calibrate(plain, options);
    expect(calibration).toMatchObject({ score: "mc-dropout", passes: 3 });
    expect(notes).toContain("this replaces the run's previous calibration");
    const evaluated = await evaluateRun(plain, { dataSet: heldOut, seed: 2 });
    expect(evaluated.operatingPoint).toEqual({ score: "mc-dropout", ...operatingPoint });
  });

  it("leaves no tensor behind", async () => {
    const before = liveTensors();
    await calibrate(plain, { coverage: 0.8 });
    expect(liveTensors()).toBe(before);
  });
});

describe("a calibration of the temperature", () => {
  it("lowers the cross entropy of the samples, and evaluate uses it", async () => {
    const { crossEntropy, calibration } = await calibrate(plain, { coverage: 0.9, temperature: true });
    expect(calibration.temperature).not.toBe(1);
    expect(crossEntropy?.after).toBeLessThan(crossEntropy?.before as number);
    const scaled = await evaluateRun(plain, { dataSet: heldOut });
    expect(scaled).toMatchObject({ temperature: calibration.temperature, testLoss: crossEntropy?.after });
    await calibrate(plain, { coverage: 0.9 });
    const unscaled = await evaluateRun(plain, { dataSet: heldOut });
    expect(unscaled.testLoss).toBeCloseTo(crossEntropy?.before as number, 12);
    expect(unscaled.testAccuracy).toBe(scaled.testAccuracy);
  });

  it("says that a guarantee by the same samples is not strict, unless the ranking by the score stays the same", async () => {
    const wanted = { risk: 0.5, confidence: 0.6, temperature: true };
    expect((await calibrate(plain, wanted)).notes.join()).toContain("strict only without `temperature`");
    expect((await calibrate(plain, { ...wanted, score: "max-logit" })).notes.join()).not.toContain("strict");
  });
});

describe("a calibration for a risk", () => {
  it("has the guaranteed bound, no lower than the observed error", async () => {
    const { calibration } = await calibrate(abstaining, { risk: 0.3, confidence: 0.9 });
    expect(calibration.target).toEqual({ risk: 0.3, confidence: 0.9 });
    const { risk, riskBound } = calibration.achieved;
    expect(riskBound).toBeLessThanOrEqual(0.3);
    expect(riskBound).toBeGreaterThan(risk);
  });

  it("that cannot be guaranteed writes nothing", async () => {
    const { calibration } = await calibrate(abstaining, { coverage: 0.7 });
    await expect(calibrate(abstaining, { risk: 0.001 })).rejects.toThrow(NoGuaranteeError);
    expect(readCalibration(abstaining)).toEqual(calibration);
  });
});

describe("what is calibrated on", () => {
  it("is warned about where the run was trained on it", async () => {
    const seen = await trained("seen", "ce", heldOut);
    const { notes } = await calibrate(seen, { coverage: 0.9 });
    expect(notes.join()).toContain("warning: the run was trained on these samples");
    expect((await calibrate(seen, { coverage: 0.9, dataSet: data })).notes.join()).not.toContain("warning");
    const evaluated = await evaluateRun(seen, { dataSet: heldOut });
    expect(evaluated.notes).toContain("the run was trained on these samples");
  });

  it("is the test part where there is one", async () => {
    const { part, calibration } = await calibrate(plain, { coverage: 0.9, dataSet: data });
    expect({ part, samples: calibration.achieved.samples }).toEqual({ part: "test", samples: 40 });
  });

  it("must be given for a run that held nothing out", async () => {
    await expect(calibrateRun(plain, { coverage: 0.9 })).rejects.toThrow("held nothing out (no `valFraction`)");
  });
});

describe("a run that is not finished", () => {
  it("loses its calibration when training goes on, and keeps it when there is nothing left to train", async () => {
    const out = folder("stopped");
    const controller = new AbortController();
    const stop = ({ type }: TrainingEvent) => type === "epoch" && controller.abort();
    await train(
      { ...perceptron, objective: "ce" },
      { out, dataSet: data, listeners: [stop], signal: controller.signal },
    );
    expect((await calibrate(out, { coverage: 0.9 })).notes.join()).toContain("the run is not finished");
    const notes: string[] = [];
    const hear = (event: TrainingEvent) => {
      if (event.type === "note") notes.push(event.text);
    };
    const resume = { out, resume: true, dataSet: data, listeners: [hear] };
    await train({}, resume);
    expect(notes.join()).toContain("calibration.json was deleted");
    expect(existsSync(join(out, "calibration.json"))).toBe(false);
    const { calibration, notes: quiet } = await calibrate(out, { coverage: 0.9 });
    expect(quiet).toEqual([]);
    await train({}, resume);
    expect(readCalibration(out)).toEqual(calibration);
    expect(readSummary(out)).toEqual(expect.objectContaining({ epochs: 6 }));
  });
});

describe("an evaluation", () => {
  it("without a calibration has no operating point, the method's score and a temperature of 1", async () => {
    const out = folder("uncalibrated");
    cpSync(abstaining, out, { recursive: true });
    rmSync(join(out, "calibration.json"), { force: true });
    const evaluated = await evaluateRun(out, { dataSet: heldOut });
    expect(evaluated).toMatchObject({ score: "abstention", temperature: 1, operatingPoint: null, scores: null });
    const { intervals, testAccuracy } = evaluated;
    expect(intervals.testAccuracy?.[0]).toBeLessThan(testAccuracy);
    expect(intervals.testAccuracy?.[1]).toBeGreaterThan(testAccuracy);
    expect(await evaluateRun(out, { dataSet: heldOut })).toEqual(evaluated);
    const other = await evaluateRun(out, { dataSet: heldOut, seed: 1 });
    expect(other).toMatchObject({ testAccuracy, aurc: evaluated.aurc });
    expect(other.intervals).not.toEqual(intervals);
  });

  it("by every score has the summary's figures, and the same passes make the same MC dropout", async () => {
    const out = folder("every score");
    await train({ ...perceptron, objective: "sat-selective", mcPasses: 3 }, { out, dataSet: data });
    const { scores, ...own } = await evaluateRun(out, { dataSet: data, score: "all", passes: 3 });
    const summary = readSummary(out);
    expect(Object.keys(scores ?? {})).toEqual(Object.keys(summary.scores ?? {}));
    expect(scores).toMatchObject(summary.scores ?? {});
    expect(own).toMatchObject({ score: "abstention", ...scores?.abstention });
    const energy = await evaluateRun(out, { dataSet: data, score: "energy" });
    expect(energy).toMatchObject({ score: "energy", scores: null, ...scores?.energy });
    expect(energy.ece).toBe(own.ece);
  });

  it("of a run by an older version, whose summary has no scores, is as of any", async () => {
    const out = folder("older");
    cpSync(plain, out, { recursive: true });
    rmSync(join(out, "calibration.json"), { force: true });
    const { scores, ...older } = JSON.parse(readFileSync(join(out, "summary.json"), "utf8")) as Record<string, unknown>;
    expect(scores).toBeDefined();
    writeFileSync(join(out, "summary.json"), JSON.stringify(older));
    expect(await evaluateRun(out, { dataSet: data })).toMatchObject({ testAccuracy: older.testAccuracy });
    expect((await calibrate(out, { coverage: 0.8 })).calibration.achieved.coverage).toBe(0.8);
  });

  it("refuses scores that the run does not have, and passes that nothing takes", async () => {
    const refused = (options: object) => expect(evaluateRun(plain, { dataSet: heldOut, ...options })).rejects;
    await refused({ score: "selection" }).toThrow('`score`: received "selection"; a run by ce has softmax-response');
    await refused({ score: "energie" }).toThrow('did you mean "energy"?');
    await refused({ passes: 3 }).toThrow("it goes with `score: mc-dropout`");
    await refused({ passes: 0, score: "mc-dropout" }).toThrow("`passes`: received 0");
    await refused({ passes: 0, score: "all" }).toThrow("`passes`: received 0");
  });
});
