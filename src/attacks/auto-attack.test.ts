import { describe, expect, it } from "vitest";
import { attacked, samples } from "../../test/support/attacked.js";
import { liveTensors, type Tensor, tensor } from "../torch/index.js";
import { apgd } from "./apgd.js";
import { type AutoAttackOptions, type AutoAttackState, autoAttack, autoAttackMembers } from "./auto-attack.js";
import { fabT } from "./fab.js";
import { square } from "./square.js";
import type { Attack } from "./types.js";

const ball = { norm: "inf", epsilon: 0.02 } as const;
const { network, batch: all } = attacked("float64", [2, 9]);

function evaluation(more: Partial<AutoAttackOptions> = {}): AutoAttackOptions {
  return {
    model: (images) => network.forward(images),
    ball,
    samples,
    batchSize: 5,
    batch(index) {
      const at = tensor([...index], { dtype: "int64" });
      return { images: all.images.indexSelect(0, at), labels: all.labels.indexSelect(0, at), index };
    },
    attacks: [apgd({ ball, steps: 4 }), fabT({ ball, iterations: 5 }), square({ ball, queries: 40 })],
    ...more,
  };
}

function run(options: AutoAttackOptions) {
  const states: AutoAttackState[] = [];
  const steps = autoAttack(options);
  for (;;) {
    const step = steps.next();
    if (step.done) return { states, result: step.value };
    states.push(step.value);
  }
}

const timeless = ({ seconds: _, ...rest }: AutoAttackState) => rest;

describe("AutoAttack", () => {
  it("is APGD on cross entropy, targeted APGD, targeted FAB and Square", () => {
    const names = (classes: number) => autoAttackMembers(ball, classes).map(({ name }) => name);
    expect(names(10)).toEqual(["apgd-ce", "apgd-t", "fab-t", "square"]);
    expect(names(3)).toEqual(["apgd-ce", "fab-t", "square"]);
  });

  it("tries each attack on what those before it left standing, and counts what each brought down", () => {
    const tried: number[][] = [[], []];
    const spy = (at: number, name: string, falls: readonly number[]): Attack => ({
      name,
      perturb(_, { images, index }) {
        tried[at]?.push(...index);
        const shift = [...index].map((sample) => (falls.includes(sample) ? 1 : 0));
        return images.add(tensor(shift, { shape: [index.length, 1, 1, 1], dtype: images.dtype }));
      },
    });
    const right = tensor([1, 0, 0, 0]);
    const model = (images: Tensor) => {
      const fallen = images.flatten({ startDim: 1 }).mean(1).gt(1).to("float32").unsqueeze(1);
      return right.add(fallen.mul(tensor([0, 2, 0, 0])));
    };
    const shown: [string, number[]][] = [];
    const { result } = run({
      ...evaluation(),
      model,
      batch: (index) => {
        const wrong = [...index].map((sample) => (sample === 4 ? 3 : 0));
        const images = all.images.indexSelect(0, tensor([...index], { dtype: "int64" })).clamp({ max: 0.9 });
        return { images, labels: tensor(wrong, { dtype: "int64" }), index };
      },
      attacks: [spy(0, "first", [0, 7]), spy(1, "second", [7, 8, 11])],
      onMisled: (images, index, { name }) => {
        expect(images.shape[0]).toBe(index.length);
        shown.push([name, [...index]]);
      },
    });
    const others = [...Array(samples).keys()].filter((sample) => sample !== 4);
    expect(tried[0]).toEqual(others);
    expect(tried[1]).toEqual(others.filter((sample) => sample !== 0 && sample !== 7));
    expect(shown).toEqual([
      ["first", [0]],
      ["first", [7]],
      ["second", [8, 11]],
    ]);
    expect(result).toMatchObject({
      naturalAccuracy: 11 / 12,
      robustAccuracy: 7 / 12,
      attacks: [
        { name: "first", misled: 2, robustAccuracy: 9 / 12 },
        { name: "second", misled: 2, robustAccuracy: 7 / 12 },
      ],
    });
  });

  it("goes on from any state it gave, read back from JSON, as if it had not stopped", () => {
    const whole = run(evaluation());
    const last = whole.states.at(-1) as AutoAttackState;
    expect(whole.result.robustAccuracy).toBeLessThan(whole.result.naturalAccuracy);
    expect(whole.result.naturalAccuracy).toBe(10 / 12);
    for (const state of whole.states) {
      const rest = run(evaluation({ state: JSON.parse(JSON.stringify(state)) }));
      expect(timeless(rest.states.at(-1) ?? state)).toEqual(timeless(last));
      expect(rest.result.attacks.map(({ misled }) => misled)).toEqual(whole.result.attacks.map(({ misled }) => misled));
    }
  });

  it("gives the same accuracies whatever the batches", () => {
    const misled = (batchSize: number) => run(evaluation({ batchSize })).states.at(-1)?.fellTo;
    expect(misled(1)).toEqual(misled(12));
  });

  it("leaves no tensor behind", () => {
    const before = liveTensors();
    run(evaluation());
    expect(liveTensors()).toBe(before);
  });

  it("refuses a state of other samples, and numbers out of range", () => {
    const state = { fellTo: [null], stage: 0, next: 0, seconds: [] };
    expect(() => run(evaluation({ state }))).toThrow("the state is of 1 samples; expected one of 12");
    const beyond = { fellTo: new Array(samples).fill(null), stage: 5, next: 0, seconds: [] };
    expect(() => run(evaluation({ state: beyond }))).toThrow("the state is of attack 5; expected one of 3 at most");
    expect(() => run(evaluation({ batchSize: 0 }))).toThrow("batchSize is 0; expected a whole number of at least 1");
  });
});
