// @ts-check
// `node bench/label-issues.mjs RUN [--pred-probs probs.npy]`: how well `issues` finds the wrong labels of a run whose true labels are
// known, compared with the run's final targets alone and with self-confidence from given probabilities (`selfadapt cross-validate`).

import { Command } from "commander";
import { log, table } from "../dist/cli/shared/output.js";
import { readProbabilities } from "../dist/data/index.js";
import { InputError } from "../dist/errors.js";
import { inspectRun } from "../dist/evaluation/index.js";
import { percent } from "../dist/format.js";
import { findIssues, findIssuesByProbabilities } from "../dist/issues/index.js";
import { areaUnderRoc, averagePrecision, selfConfidence } from "../dist/metrics/index.js";
import { setThreads } from "../dist/torch/index.js";

/** @typedef {import("../dist/issues/evidence.js").RunInspection} RunInspection */
/** @typedef {import("../dist/issues/index.js").Findings} Findings */
/** A way to find wrong labels: a score of every sample, and optionally an estimated fraction and suggested labels.
 * @typedef {{ name: string, scores: ArrayLike<number>, findings: Findings | null }} Contestant */

const program = new Command("node bench/label-issues.mjs")
  .argument("<run>", "run whose data has labels known to be wrong")
  .option("--data <path>", "where the run's data is now")
  .option("--pred-probs <file>", "out-of-sample probabilities, (samples, classes), as .npy")
  .option("--threads <n>", "threads of the CPU", "1")
  .option("--json", "one line of JSON instead of a table", false)
  .parse();
const run = program.args[0] ?? "";
const options = program.opts();

try {
  setThreads(Number(options.threads));
  const inspection = await inspectRun(run, { data: options.data });
  const { evaluated, trueErrorRate, rows } = figures(inspection, await contestants(inspection));
  if (options.json) console.log(JSON.stringify({ run, evaluated, trueErrorRate, scores: rows }));
  else console.log([`${evaluated} labels, ${percent(trueErrorRate)} of them wrong`, ...lines(rows)].join("\n"));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  log(`error: ${error.message}`);
  process.exitCode = 2;
}

/** @param {RunInspection} inspection @returns {Promise<Contestant[]>} */
async function contestants(inspection) {
  const { classes, train, targets } = inspection;
  const findings = await findIssues(inspection, { types: [] });
  const own = { name: "issues", scores: scoresOf(findings, train.labels.length), findings };
  const drifted = targets && {
    name: "1 - target",
    scores: selfConfidence(targets, train.labels).map((value) => 1 - value),
    findings: null,
  };
  if (options.predProbs === undefined) return drifted ? [own, drifted] : [own];
  const { probabilities } = await readProbabilities(options.predProbs);
  const others = findIssuesByProbabilities({ probabilities, labels: train.labels, classes });
  const given = { name: "self-confidence", scores: scoresOf(others, train.labels.length), findings: others };
  return drifted ? [own, drifted, given] : [own, given];
}

/** By position; NaN where not evaluated. @param {Findings} findings @param {number} samples */
function scoresOf({ issues }, samples) {
  const scores = new Float64Array(samples).fill(Number.NaN);
  for (const { index, score } of issues) scores[index] = score;
  return scores;
}

/** All of the samples that the run evaluates. @param {RunInspection} inspection @param {Contestant[]} all */
function figures({ classes, train, cleanLabels }, all) {
  if (cleanLabels === null) throw new InputError(`${run}: its labels were not changed; expected a run with --noise`);
  const evaluated = [...train.labels.keys()].filter((i) => !Number.isNaN(all[0]?.scores[i]));
  const wrong = evaluated.map((i) => train.labels[i] !== cleanLabels[i]);
  const mistaken = new Set(evaluated.filter((_, k) => wrong[k]));
  const rows = all.map(({ name, scores, findings }) => {
    const own = evaluated.map((i) => /** @type {number} */ (scores[i]));
    const mended = findings?.issues.filter(
      ({ index, suggested }) => mistaken.has(index) && suggested === classes[cleanLabels[index] ?? -1],
    );
    return {
      name,
      areaUnderRoc: areaUnderRoc(own, wrong),
      averagePrecision: averagePrecision(own, wrong),
      labelErrorRate: findings?.noiseRate.estimate ?? null,
      suggestedRight: mended === undefined ? null : mended.length / mistaken.size,
    };
  });
  return { evaluated: evaluated.length, trueErrorRate: mistaken.size / evaluated.length, rows };
}

/** @param {ReturnType<typeof figures>["rows"]} rows */
function lines(rows) {
  const share = (/** @type {number | null} */ value) => (value === null ? "-" : percent(value));
  return table(
    ["score", "area under ROC", "average precision", "estimated wrong", "suggested label right"],
    rows.map((row) => [
      row.name,
      row.areaUnderRoc.toFixed(4),
      row.averagePrecision.toFixed(4),
      share(row.labelErrorRate),
      share(row.suggestedRight),
    ]),
  );
}
