// Dynamic batching: samples of simultaneous requests share a batch.

export interface BatcherOptions<Sample, Answer> {
  /** Answers all samples of a batch, in their order. */
  readonly predict: (samples: Sample[]) => Promise<Answer[]>;
  readonly maxBatch: number;
  /** How long the first sample of a batch waits for others. */
  readonly maxWaitMs: number;
}

/** Resolves to the sample's result; rejects with the signal's reason if aborted before the sample's batch starts. */
export type Submit<Sample, Answer> = (sample: Sample, signal: AbortSignal) => Promise<Answer>;

interface Waiting<Sample, Answer> {
  readonly sample: Sample;
  readonly signal: AbortSignal;
  /** When it has waited long enough. */
  readonly due: number;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Gathers samples until there are `maxBatch` or the first has waited `maxWaitMs`; one batch is computed at a time. */
export function createBatcher<Sample, Answer>(options: BatcherOptions<Sample, Answer>): Submit<Sample, Answer> {
  const { predict, maxBatch, maxWaitMs } = options;
  const waiting: Waiting<Sample, Answer>[] = [];
  let computing = false;
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    const [first] = waiting;
    if (computing || first === undefined) return;
    if (waiting.length >= maxBatch) void compute();
    else timer ??= setTimeout(compute, Math.max(0, first.due - performance.now()));
  }

  async function compute(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    computing = true;
    const batch = takeWanted();
    if (batch.length > 0) await answer(batch);
    computing = false;
    schedule();
  }

  /** Where a batch fails each sample is tried alone, so that one is not the failure of others. */
  async function answer(batch: readonly Waiting<Sample, Answer>[]): Promise<void> {
    try {
      const answers = await predict(batch.map(({ sample }) => sample));
      batch.forEach(({ resolve }, i) => void resolve(answers[i] as Answer));
    } catch (error) {
      const [first, ...others] = batch;
      if (others.length === 0) first?.reject(error);
      else for (const one of batch) await answer([one]);
    }
  }

  /** The next samples that somebody still waits for. */
  function takeWanted() {
    const batch: Waiting<Sample, Answer>[] = [];
    while (waiting.length > 0 && batch.length < maxBatch) {
      const next = waiting.shift() as Waiting<Sample, Answer>;
      if (next.signal.aborted) next.reject(next.signal.reason);
      else batch.push(next);
    }
    return batch;
  }

  return (sample, signal) =>
    new Promise((resolve, reject) => {
      waiting.push({ sample, signal, due: performance.now() + maxWaitMs, resolve, reject });
      schedule();
    });
}
