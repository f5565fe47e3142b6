// P(wrong) corrected by the verdicts so far: how often the given label was wrong at such a probability.

/** A verdict on a sample whose P(wrong) was known before. */
export interface CheckedProbability {
  readonly pWrong: number;
  readonly wrong: boolean;
}

/** Verdicts a band of similar P(wrong), at least; and bands, at most. */
const BAND = 20;
const BANDS = 20;
/** How many verdicts the estimate before any verdict counts as. */
const PRIOR = 5;
/** Logits of the probabilities are between those of these. */
const [LEAST, MOST] = [1e-6, 0.9975];

/** A band's logit of P(wrong), before and after the verdicts. */
interface Knot {
  readonly before: number;
  readonly after: number;
}

interface Band {
  readonly before: number;
  readonly after: number;
  readonly weight: number;
}

const logit = (p: number) => Math.log(p / (1 - p));
const logitOf = (pWrong: number) => logit(Math.min(MOST, Math.max(LEAST, pWrong)));

/**
 * A function from P(wrong) to P(wrong) in the light of verdicts; without verdicts it changes nothing.
 *
 * The verdicts are sorted by P(wrong) and cut into bands of 20 or more, at most 20 bands. A band of mean m with w wrong of n has the posterior mean of a
 * Beta(5 m, 5 (1 - m)) prior, (5 m + w) / (5 + n); bands out of order are pooled (isotonic regression by pool adjacent
 * violators), so that a higher P(wrong) stays higher. Between the bands' means the logit is interpolated; beyond the first and
 * the last their shift s fades with the distance d in logits, s exp(-d / max(1, |s|)): verdicts on labels that are almost certainly
 * wrong say little about the others.
 */
export function recalibration(checked: readonly CheckedProbability[]): (pWrong: number) => number {
  if (checked.length === 0) return (pWrong) => pWrong;
  const knots = pooled(bandsOf(checked)).map(({ before, after }) => ({ before: logitOf(before), after: logit(after) }));
  return (pWrong) => 1 / (1 + Math.exp(-interpolated(knots, logitOf(pWrong))));
}

function bandsOf(checked: readonly CheckedProbability[]): Band[] {
  const sorted = checked.toSorted((a, b) => a.pWrong - b.pWrong);
  const count = Math.min(BANDS, Math.max(1, Math.floor(sorted.length / BAND)));
  const startOf = (band: number) => Math.floor((band * sorted.length) / count);
  return Array.from({ length: count }, (_, i) => {
    const members = sorted.slice(startOf(i), startOf(i + 1));
    const n = members.length;
    const before = members.reduce((sum, { pWrong }) => sum + pWrong, 0) / n;
    const wrong = members.reduce((sum, member) => sum + Number(member.wrong), 0);
    const mean = Math.min(MOST, Math.max(LEAST, before));
    return { before, after: (PRIOR * mean + wrong) / (PRIOR + n), weight: PRIOR + n };
  });
}

/** The bands with their rates made ascending: neighbors out of order get their common mean. */
function pooled(bands: readonly Band[]): Band[] {
  const pools: { rate: number; weight: number; members: Band[] }[] = [];
  for (const band of bands) {
    let pool = { rate: band.after, weight: band.weight, members: [band] };
    for (let last = pools.at(-1); last !== undefined && last.rate > pool.rate; last = pools.at(-1)) {
      const weight = last.weight + pool.weight;
      const rate = (last.rate * last.weight + pool.rate * pool.weight) / weight;
      pool = { rate, weight, members: [...last.members, ...pool.members] };
      pools.pop();
    }
    pools.push(pool);
  }
  return pools.flatMap(({ rate, members }) => members.map((band) => ({ ...band, after: rate })));
}

function interpolated(knots: readonly Knot[], x: number): number {
  const next = knots.findIndex(({ before }) => x <= before);
  const nearest = next === 0 ? knots[0]! : knots.at(-1)!;
  if (next <= 0) return x + faded(nearest.after - nearest.before, Math.abs(x - nearest.before));
  const [low, high] = [knots[next - 1]!, knots[next]!];
  const along = (x - low.before) / (high.before - low.before);
  return low.after + along * (high.after - low.after);
}

/** No steeper than the distance, so that a higher P(wrong) stays higher. */
const faded = (shift: number, distance: number) => shift * Math.exp(-distance / Math.max(1, Math.abs(shift)));
