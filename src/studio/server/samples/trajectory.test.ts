import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { tinyRecipe } from "../../../../test/support/tiny-run.js";
import { readRunRecipe } from "../../../runs/index.js";
import { train } from "../../../training/index.js";
import { collectEvidence } from "../evidence/collect.js";
import { readIndex } from "../evidence/evidence-files.js";
import { loadEvidence } from "../evidence/loaded.js";
import { startEpochOf } from "../runs/start-epoch.js";
import { targetRuleOf, trajectoryOf } from "./trajectory.js";

const folder = temporaryFolder();

/** Memorizes before three quarters of training. */
const memorizing = { model: "mlp", augment: "none", batchSize: 20, lr: 0.02 } as const;

/** The start is given, or detected on 120 samples that are held out. */
it.each([
  [120, 4, 2, {}],
  [120, 4, 2, { targetMomentum: undefined }],
  [1200, 12, null, memorizing],
] as const)(
  "the targets of every sample follow from its history, whatever their start and momentum: %i samples",
  async (...given) => {
    const [samples, epochs, start, input] = given;
    const run = join(folder(`${samples}-${Object.keys(input)}`), "run");
    const data = `shapes:train=${samples},test=20,size=16,seed=3`;
    await train({ ...tinyRecipe, data, epochs, startEpoch: start ?? "auto", ...input }, { out: run });
    await collectEvidence(run, () => {});
    const evidence = loadEvidence(run, readIndex(run)!, 0);
    const part = evidence.part("train");
    const { recipe } = readRunRecipe(run);
    const startEpoch = startEpochOf(run, recipe);
    if (start !== null) expect(startEpoch).toBe(start);
    const rule = targetRuleOf(recipe, startEpoch);
    expect(rule).not.toBeNull();
    part.samples.forEach((sample, row) => {
      const way = trajectoryOf(evidence, sample, rule, part.target[row]!);
      expect(way.map(({ epoch }) => epoch).filter((epoch) => epoch >= startEpoch!)).toHaveLength(epochs - startEpoch!);
      expect(way.at(-1)!.target).toBeCloseTo(part.target[row]!, 5);
      for (const { epoch, target } of way) if (epoch < startEpoch!) expect(target).toBe(1);
    });
    const [first] = part.samples;
    // A pinned one.
    expect(trajectoryOf(evidence, first!, rule, 1).every(({ target }) => target === 1)).toBe(true);
    expect(trajectoryOf(evidence, first!, rule, 0).every(({ target }) => target === null)).toBe(true);
  },
);
