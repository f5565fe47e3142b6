import { describe, expect, it } from "vitest";
import { attacked, samples } from "../../test/support/attacked.js";
import { liveTensors, ops, type Tensor, tensor } from "../torch/index.js";
import { apgd } from "./apgd/apgd.js";
import { type AutoAttackOptions, type AutoAttackResult, autoAttack, autoAttackEnsemble } from "./auto-attack.js";
import { fabT } from "./fab/fab.js";
import type { SearchState } from "./search/search.js";
import { square } from "./square/square.js";
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
    attacks: [apgd({ ball, steps: 4 }), fabT({ ball, steps: 5 }), square({ ball, steps: 40 })],
    ...more,
  };
}

async function run(options: AutoAttackOptions) {
  const states: SearchState[] = [];
  const onBatch: AutoAttackOptions["onBatch"] = (state, examples) => {
    states.push(structuredClone(state));
    options.onBatch?.(state, examples);
  };
  const result = (await autoAttack({ ...options, onBatch })) as AutoAttackResult;
  return { states, result };
}

const timeless = ({ seconds: _, ...rest }: SearchState) => rest;

describe("AutoAttack", () => {
  it("is APGD on cross entropy, targeted APGD, targeted FAB and Square", () => {
    const names = (classes: number) => autoAttackEnsemble(ball, classes).map(({ name }) => name);
    expect(names(10)).toEqual(["apgd-ce", "apgd-t", "fab-t", "square"]);
    expect(names(3)).toEqual(["apgd-ce", "fab-t", "square"]);
  });

  it("tries each attack on the samples still classified correctly, and counts the adversarial examples of each", async () => {
    const tried: number[][] = [[], []];
    const spy = (at: number, name: string, fools: readonly number[]): Attack => ({
      name,
      perturb(_, { images, index }) {
        tried[at]?.push(...index);
        const shift = [...index].map((sample) => (fools.includes(sample) ? 1 : 0));
        return images.add(tensor(shift, { shape: [index.length, 1, 1, 1], dtype: images.dtype }).mul(0.02));
      },
    });
    const right = tensor([1, 0, 0, 0]);
    const model = (images: Tensor) => {
      const brighter = images.flatten({ startDim: 1 }).mean(1).gt(0.51).to("float32").unsqueeze(1);
      return right.add(brighter.mul(tensor([0, 2, 0, 0])));
    };
    const fooled: [number, number[]][] = [];
    const { result } = await run({
      ...evaluation(),
      model,
      batch: (index) => {
        const wrong = [...index].map((sample) => (sample === 4 ? 3 : 0));
        const images = ops.full([index.length, 3, 4, 4], 0.5, { dtype: "float64" });
        return { images, labels: tensor(wrong, { dtype: "int64" }), index };
      },
      attacks: [spy(0, "first", [0, 7]), spy(1, "second", [7, 8, 11])],
      onBatch: ({ attack, index }, { positions, clean, attacked }) => {
        expect([clean.length, attacked.length]).toEqual([positions.length, positions.length]);
        expect(attacked.map((image, i) => image[0]! - clean[i]![0]!)).toEqual(
          positions.map(() => expect.closeTo(0.02)),
        );
        if (positions.length > 0) fooled.push([attack, positions.map((position) => index[position] as number)]);
      },
    });
    const others = [...Array(samples).keys()].filter((sample) => sample !== 4);
    expect(tried[0]).toEqual(others);
    expect(tried[1]).toEqual(others.filter((sample) => sample !== 0 && sample !== 7));
    expect(fooled).toEqual([
      [0, [0]],
      [0, [7]],
      [1, [8, 11]],
    ]);
    expect(result).toMatchObject({
      naturalAccuracy: 11 / 12,
      robustAccuracy: 7 / 12,
      attacks: [
        { name: "first", tried: 11, fooled: 2, robustAccuracy: 9 / 12 },
        { name: "second", tried: 9, fooled: 2, robustAccuracy: 7 / 12 },
      ],
    });
  });

  it("resumes from any state, read back from JSON, as if it had not stopped", async () => {
    const full = await run(evaluation());
    const last = full.states.at(-1) as SearchState;
    expect(full.result.robustAccuracy).toBeLessThan(full.result.naturalAccuracy);
    expect(full.result.naturalAccuracy).toBe(10 / 12);
    for (const state of full.states) {
      const kept = JSON.parse(JSON.stringify(state)) as SearchState;
      const rest = await run(evaluation({ state: kept }));
      expect(kept).toEqual(state);
      expect(timeless(rest.states.at(-1) ?? state)).toEqual(timeless(last));
      expect(rest.result.attacks.map(({ fooled }) => fooled)).toEqual(full.result.attacks.map(({ fooled }) => fooled));
    }
  });

  it("is stopped by its signal before the next batch", async () => {
    const stop = new AbortController();
    let batches = 0;
    const onBatch = () => void (++batches === 2 && stop.abort());
    expect(await autoAttack(evaluation({ signal: stop.signal, onBatch }))).toBeNull();
    expect(batches).toBe(2);
  });

  it("gives the same accuracies whatever the batches", async () => {
    const fooledBy = async (batchSize: number) => (await run(evaluation({ batchSize }))).states.at(-1)?.fooledBy;
    expect(await fooledBy(1)).toEqual(await fooledBy(12));
  });

  it("leaves no tensor behind", async () => {
    const before = liveTensors();
    await run(evaluation());
    expect(liveTensors()).toBe(before);
  });

  it("refuses a state of other samples, and numbers out of range", async () => {
    const last = (await run(evaluation())).states.at(-1) as SearchState;
    const other = run(evaluation({ state: { ...last, index: [0] } }));
    await expect(other).rejects.toThrow("the state is of 1 samples; expected one of 12");
    const beyond = run(evaluation({ state: { ...last, attack: 4 } }));
    await expect(beyond).rejects.toThrow("the state is of attack 5; expected one of 3 at most");
    const none = run(evaluation({ batchSize: 0 }));
    await expect(none).rejects.toThrow("`batchSize`: received 0; expected a whole number of at least 1");
  });
});
