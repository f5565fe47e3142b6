// How many labels are wrong, where noise confuses certain classes: a network's doubts tell its errors from it.
import { softmaxRows } from "../../../metrics/index.js";

/** A noise rate, and how much likelier it makes the labels than no noise, in nats. */
export interface ConfusionNoise {
  readonly rate: number;
  readonly gain: number;
  /** Whether the gain is more than chance has it (see `leastGainOf`). */
  readonly shows: boolean;
}

/** Fewer samples for each pair of classes say nothing about so many rates. */
const samplesPerPair = 5;
/** Probabilities that take a second or two of processor time: of more samples that many, evenly spread. */
const mostValues = 100_000;
/** Rounds of expectation maximization; a rate changes by less than a point in more. */
const mostRounds = 300;
/** Imagined right labels that are added to each class, so that few samples do not make a rate. */
const priorRight = 1;
/** The precision of the classes' biases, a normal prior about 0. */
const biasPrecision = 2;
/** Probabilities count as exp(-12) of the largest one at least. */
const widest = 12;

/**
 * Labels y_i are thought of as drawn from the true classes k by a matrix of noise T, (true, given), whose rows sum to 1:
 *
 *     P(y_i) = sum_k c_ik T_k,y_i        c_i = softmax(a log p_i + b)
 *
 * T, the power a and the classes' biases b maximize the likelihood, by expectation maximization. A network that errs has some doubt:
 * where a label is the true class, its probability is lower than that of the prediction, but higher than for other images of the
 * predicted class. A wrong label comes as often where its probability is at its lowest; only T explains that. The rate is the mean of
 * P(label i is wrong) = 1 - c_iy T_yy / P(y_i); the gain is over a and b alone, with T = 1.
 *
 * probabilities (n, classes) for samples not trained on, labels (n). Null for fewer than five samples for each of C (C - 1) / 2 pairs of
 * classes, and for more than 34 classes.
 * @see Dawid and Skene 1979, Maximum likelihood estimation of observer error-rates, for matrices of this kind
 */
export function confusionNoise(
  probabilities: Float32Array,
  labels: Int32Array,
  classes: number,
): ConfusionNoise | null {
  const count = Math.min(labels.length, Math.floor(mostValues / classes));
  if (count < (samplesPerPair * classes * (classes - 1)) / 2) return null;
  const data = evenly(probabilities, labels, classes, count);
  const noisy = maximize(data, startOf(classes, 0.1));
  const gain = noisy.likelihood - maximize(data, startOf(classes, 0)).likelihood;
  return { rate: noisy.wrong / data.labels.length, gain, shows: gain >= leastGainOf(classes) };
}

/**
 * What chance exceeds in 5% of data sets without noise: half of chi-squared, with a degree for every second of the C (C - 1) rates, as
 * half of them lie at their bound of 0. By the normal approximation.
 */
function leastGainOf(classes: number): number {
  const degrees = (classes * (classes - 1)) / 2;
  return (degrees + 1.645 * Math.sqrt(2 * degrees)) / 2;
}

interface Data {
  /** log p, (n, classes). */
  readonly logs: Float64Array;
  readonly labels: Int32Array;
  readonly classes: number;
}

function evenly(probabilities: Float32Array, labels: Int32Array, classes: number, n: number): Data {
  const at = Int32Array.from({ length: n }, (_, row) => Math.floor((row * labels.length) / n));
  const logs = new Float64Array(n * classes);
  at.forEach((i, row) => {
    const own = probabilities.subarray(i * classes, (i + 1) * classes);
    const largest = Math.log(Math.max(...own));
    logs.set(
      Float64Array.from(own, (p) => Math.max(Math.log(p), largest - widest)),
      row * classes,
    );
  });
  return { logs, labels: at.map((i) => labels[i]!), classes };
}

/** The parameters, and what they make of the data. */
interface Fit {
  power: number;
  readonly bias: Float64Array;
  /** T, (true, given). */
  noise: Float64Array;
  likelihood: number;
  /** The sum of P(wrong). */
  wrong: number;
}

/** `rate` of each class's labels are wrong, evenly; without noise T stays the identity. */
function startOf(classes: number, rate: number): Fit {
  const noise = Float64Array.from({ length: classes ** 2 }, (_, k) =>
    k % (classes + 1) === 0 ? 1 - rate + rate / classes : rate / classes,
  );
  return { power: 1, bias: new Float64Array(classes), noise, likelihood: Number.NEGATIVE_INFINITY, wrong: 0 };
}

function maximize(data: Data, fit: Fit): Fit {
  for (let round = 0; round < mostRounds; round++) {
    const before = fit.likelihood;
    improve(data, fit);
    if (Math.abs(fit.likelihood - before) < 1e-4) break;
  }
  return fit;
}

/** Sums over the samples: what the parameters are improved by. */
interface Sums {
  /** Expected labels, (true, given). */
  readonly counts: Float64Array;
  /** First and negative second derivatives of the likelihood, by the biases and by the power. */
  readonly biases: { readonly slopes: Float64Array; readonly curves: Float64Array };
  readonly power: { slope: number; curve: number };
  likelihood: number;
  wrong: number;
}

/** One round: the true classes of the labels by the fit at hand, then the parameters by these; the power and the biases by a Newton step. */
function improve({ logs, labels, classes }: Data, fit: Fit): void {
  const { power, bias, noise } = fit;
  const clean = softmaxRows(
    Float32Array.from(logs, (log, k) => power * log + bias[k % classes]!),
    classes,
  );
  const sums: Sums = {
    counts: new Float64Array(classes ** 2),
    biases: { slopes: new Float64Array(classes), curves: new Float64Array(classes) },
    power: { slope: 0, curve: 0 },
    likelihood: 0,
    wrong: 0,
  };
  labels.forEach((label, i) => {
    const row = <T extends Float32Array | Float64Array>(values: T) => values.subarray(i * classes, (i + 1) * classes);
    addSample(sums, row(clean), row(logs), label, noise);
  });
  [fit.likelihood, fit.wrong] = [sums.likelihood, sums.wrong];
  fit.power = Math.min(6, Math.max(0.05, power + within(sums.power.slope / Math.max(sums.power.curve, 1e-9), 0.2)));
  bias.forEach((value, k) => {
    const { slopes, curves } = sums.biases;
    bias[k] = value + within((slopes[k]! - biasPrecision * value) / (curves[k]! + biasPrecision), 0.3);
  });
  fit.noise = rowsOfNoise(sums.counts, classes);
}

/** Adds a sample: c_i and log p_i of its classes, its label. */
function addSample(
  sums: Sums,
  clean: Float32Array | Float64Array,
  logs: Float32Array | Float64Array,
  label: number,
  noise: Float64Array,
): void {
  const classes = clean.length;
  let [total, mean, square] = [0, 0, 0];
  for (let k = 0; k < classes; k++) total += clean[k]! * noise[k * classes + label]!;
  for (let k = 0; k < classes; k++) {
    const [c, log] = [clean[k]!, logs[k]!];
    const truth = (c * noise[k * classes + label]!) / total;
    sums.counts[k * classes + label]! += truth;
    sums.power.slope += (truth - c) * log;
    sums.biases.slopes[k]! += truth - c;
    sums.biases.curves[k]! += c * (1 - c);
    mean += c * log;
    square += c * log ** 2;
  }
  sums.power.curve += square - mean ** 2;
  sums.likelihood += Math.log(total);
  sums.wrong += 1 - (clean[label]! * noise[label * classes + label]!) / total;
}

const within = (value: number, most: number) => Math.min(most, Math.max(-most, value));

function rowsOfNoise(counts: Float64Array, classes: number): Float64Array {
  const sums = new Float64Array(classes).fill(priorRight);
  counts.forEach((count, k) => {
    sums[Math.floor(k / classes)]! += count;
  });
  return counts.map(
    (count, k) => (count + (k % (classes + 1) === 0 ? priorRight : 0)) / sums[Math.floor(k / classes)]!,
  );
}
