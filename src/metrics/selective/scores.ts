// Confidence scores, by which calibration, coverage and abstention are measured.
import { requirePositive } from "../../options/ranges.js";
import { columnsOf, type Logits } from "../arrays.js";
import { highestOf, logSumExp, sumExp } from "../softmax.js";

export const scoreNames = [
  "abstention",
  "selection",
  "softmax-response",
  "max-logit",
  "entropy",
  "energy",
  "mc-dropout",
] as const;

export type ScoreName = (typeof scoreNames)[number];

/** The scores that one forward pass gives; `mc-dropout` needs many. */
export type OutputScore = Exclude<ScoreName, "mc-dropout">;

/** A sample's score from its row of outputs: C classes, then any further columns. */
type RowScore = (row: Logits, classes: number, temperature: number) => number;

/** The scores that read the column after the classes. */
const beyondClasses: readonly OutputScore[] = ["abstention", "selection"];

const scoreOfRow: Readonly<Record<OutputScore, RowScore>> = {
  abstention: (row, classes, temperature) => classMass(row.subarray(0, classes + 1), temperature),
  selection: (row, classes) => sigmoid(row[classes]!),
  "softmax-response": onClasses((row, temperature) => 1 / sumExp(row, highestOf(row), temperature)),
  "max-logit": onClasses((row, temperature) => highestOf(row) / temperature),
  entropy: onClasses(minusEntropy),
  energy: onClasses(logSumExp),
};

/**
 * The confidence of each prediction by a score, higher is more confident: (samples, columns) -> (samples).
 *
 * With z = outputs / temperature, C classes, p = softmax of z's first C columns, and column C the one after them:
 *
 *     abstention        1 - softmax(z_0..z_C)_C               Huang et al. 2020, arXiv 2002.10319; Liu et al. 2019, 1907.00208
 *     selection         sigmoid(outputs_C), no temperature    Geifman and El-Yaniv 2019, arXiv 1901.09192
 *     softmax-response  max_j p_j                             Geifman and El-Yaniv 2017, arXiv 1705.08500
 *     max-logit         max_j z_j                             Hendrycks et al. 2022, arXiv 1911.11132
 *     entropy           sum_j p_j log p_j, in nats            minus the entropy, so at most 0
 *     energy            log sum_j exp z_j                     Liu et al. 2020, arXiv 2010.03759
 *
 * Columns that a score does not name are ignored.
 * @throws RangeError on outputs that do not divide into that many rows, on too few columns, and on a temperature that is
 * not positive.
 */
export function confidenceBy(
  score: OutputScore,
  outputs: Logits,
  samples: number,
  classes: number,
  temperature = 1,
): Float64Array {
  const columns = checkedColumns(score, outputs, samples, classes);
  requirePositive("temperature", temperature);
  const scoreOf = scoreOfRow[score];
  return Float64Array.from({ length: samples }, (_, i) =>
    scoreOf(outputs.subarray(i * columns, (i + 1) * columns), classes, temperature),
  );
}

/** The largest softmax probability of each sample, every column a class: (samples, classes) -> (samples). */
export function softmaxResponse(logits: Logits, samples: number): Float64Array {
  return confidenceBy("softmax-response", logits, samples, columnsOf(logits, samples));
}

function checkedColumns(score: OutputScore, outputs: Logits, samples: number, classes: number): number {
  const columns = columnsOf(outputs, samples);
  const needed = classes + (beyondClasses.includes(score) ? 1 : 0);
  if (Number.isInteger(classes) && classes >= 1 && columns >= needed) return columns;
  throw new RangeError(`the score ${score} of ${classes} classes: expected ${needed} columns or more, not ${columns}`);
}

function onClasses(score: (row: Logits, temperature: number) => number): RowScore {
  return (row, classes, temperature) => score(row.subarray(0, classes), temperature);
}

/** 1 - p_abstain as the sum of the classes' probabilities, so that samples of almost certain abstention keep their order. */
function classMass(row: Logits, temperature: number): number {
  const highest = highestOf(row);
  const classes = sumExp(row.subarray(0, -1), highest, temperature);
  return classes / (classes + Math.exp((row.at(-1)! - highest) / temperature));
}

function sigmoid(value: number): number {
  return value >= 0 ? 1 / (1 + Math.exp(-value)) : Math.exp(value) / (1 + Math.exp(value));
}

/** sum_j p_j log p_j; a probability that underflowed to 0 adds nothing. */
function minusEntropy(row: Logits, temperature: number): number {
  const highest = highestOf(row);
  const logTotal = Math.log(sumExp(row, highest, temperature));
  let sum = 0;
  for (const value of row) {
    const logProbability = (value - highest) / temperature - logTotal;
    const probability = Math.exp(logProbability);
    if (probability !== 0) sum += probability * logProbability;
  }
  return sum;
}
