// The sums of a step over its parts: gradients, losses and weights. They are kept apart for the terms of a loss whose samples have
// different weights, because each is divided by the weights of the full batch, which are known at the end.
import type { Mean, Step } from "../../objectives/index.js";
import { keep, noGrad, ops, scope, type Tensor } from "../../torch/index.js";
import type { Backward } from "../session/session.js";

export interface TermSums {
  /** Means of the parts, each counted by its weight / the samples of the step. */
  readonly loss: number;
  /** The sum of the samples' weights: their number, for most methods. */
  readonly weight: number;
}

export interface StepSums {
  /** Adds a part of the step: its loss and the gradient of that. Belongs in a scope. */
  add(step: Step, samples: number): void;
  /**
   * Makes gradients and loss means by the sum of weights. Without samples that cannot be decoded, it is less than the samples
   * of the step also where every sample counts alike.
   * @param reduce sums `.grad` and the numbers over the ranks
   */
  mean(reduce: (own: TermSums) => Promise<TermSums>): Promise<number>;
}

export interface StepSumsOptions {
  readonly parameters: readonly Tensor[];
  readonly backward: Backward;
  /** The terms of the loss that have weights of their own. */
  readonly terms: number;
  /** The samples of the full batch. */
  readonly total: number;
  /** Whether the batch is in one part: its mean is that of the step. */
  readonly isWhole: boolean;
}

export function stepSums({ parameters, backward, terms, total, isWhole }: StepSumsOptions): StepSums {
  const sums = Array.from({ length: isWhole ? 1 : terms }, () => ({ loss: 0, weight: 0 }));
  const gradients = gradientsOfTerms(parameters, sums.length);

  function addTerm({ loss, weight }: Mean, term: number, samples: number): void {
    const sum = sums[term] as { loss: number; weight: number };
    const own = (isWhole ? undefined : weight?.item()) ?? samples;
    const counted = loss.mul(own / total);
    gradients.select(term);
    backward(counted, { retainGraph: term < sums.length - 1 });
    sum.loss += counted.item();
    sum.weight = Math.fround(sum.weight + own);
  }

  return {
    add(step, samples) {
      const means = sums.length === 1 ? [step] : (step.terms ?? []);
      for (const [term, mean] of means.entries()) addTerm(mean, term, samples);
    },
    async mean(reduce) {
      let loss = 0;
      for (const [term, own] of [...sums.entries()].reverse()) {
        gradients.select(term);
        const sum = await reduce(own);
        loss += sum.weight === total ? sum.loss : rescaled(parameters, sum, total / sum.weight);
      }
      gradients.addOthers();
      return loss;
    },
  };
}

function rescaled(parameters: readonly Tensor[], { loss }: TermSums, scale: number): number {
  const gradients = () => parameters.flatMap(({ grad }) => grad ?? []);
  scope(() => noGrad(() => ops.foreachMul_(gradients(), scale)));
  return loss * scale;
}

/** Gradients of each term of a loss: those of the selected one are in `.grad`, the others are held. */
function gradientsOfTerms(parameters: readonly Tensor[], terms: number) {
  const held: (Tensor | null)[][] = Array.from({ length: terms }, () => parameters.map(() => null));
  let selected = 0;
  return {
    select(term: number): void {
      if (term === selected) return;
      held[selected] = parameters.map(({ grad }) => keep(grad));
      parameters.forEach((parameter, i) => {
        const gradient = held[term]?.[i] ?? null;
        parameter.grad = gradient;
        gradient?.release();
      });
      selected = term;
    },
    /** Adds the gradients of the others to the first ones, which are selected. */
    addOthers(): void {
      for (const others of held.slice(1)) {
        parameters.forEach((parameter, i) => {
          add(parameter, others[i] ?? null);
        });
      }
    },
  };
}

function add(parameter: Tensor, gradient: Tensor | null): void {
  if (gradient === null) return;
  scope(() =>
    noGrad(() => {
      if (parameter.grad === null) parameter.grad = gradient;
      else parameter.grad.add_(gradient);
    }),
  );
  gradient.release();
}
