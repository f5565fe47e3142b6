import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { forwardOf } from "../../test/support/given-forward.js";
import { mean, randomLogits, softmax } from "../../test/support/plain-softmax.js";
import { manualSeed, ops, type Tensor, tensor } from "../torch/index.js";
import { selfAdaptive, withMixedImages } from "./index.js";
import { type MixingOptions, mixImages } from "./mixing.js";

const labels = [0, 3, 2, 1, 3, 0, 1, 2];
const n = labels.length;
const images = ops.rand([n, 3, 6, 5], { dtype: "float64" });
const own = randomLogits(3, n, 4);
const other = randomLogits(4, n, 4);

describe("mixed images", () => {
  it("of CutMix have a rectangle of another image, by the area of which they are weighted", () => {
    manualSeed(2);
    let cut = 0;
    for (let visit = 0; visit < 40; visit++) {
      const { images: mixed, order, weight } = mixImages(images, { cutmixAlpha: 1 });
      const same = mixed.eq(images);
      const others = mixed.eq(images.indexSelect(0, order));
      expect(same.logicalOr(others).all().item<boolean>()).toBe(true);
      const rows = order.toArray() as number[];
      const moved = rows.flatMap((row, i) => (row === i ? [] : [i]));
      for (const i of moved) expect(same.to("float64").select(0, i).mean().item()).toBeCloseTo(weight, 12);
      if (weight < 1) cut++;
    }
    expect(cut).toBeGreaterThan(20);
  });

  it("of mixup are weighted means; of both, one or the other", () => {
    manualSeed(2);
    const kinds = new Set<string>();
    for (let visit = 0; visit < 20; visit++) {
      const { images: mixed, order, weight } = mixImages(images, { mixupAlpha: 1, cutmixAlpha: 1 });
      const means = images.mul(weight).add(images.indexSelect(0, order).mul(1 - weight));
      const isMean = mixed.sub(means).abs().max().item() < 1e-12;
      kinds.add(isMean ? "mixup" : "cutmix");
    }
    expect([...kinds].sort()).toEqual(["cutmix", "mixup"]);
  });

  it("of CutMix are refused for other samples", () => {
    expect(() => mixImages(ops.rand([4, 7]), { cutmixAlpha: 1 })).toThrow(
      "CutMix is for images; received samples of shape 7",
    );
  });
});

/** One step of self-adaptive training on mixed images, by a network that gives `own` for the images and `other` for mixed ones. */
function stepBy(options: MixingOptions & { form?: "ce" | "sce" }, epoch: number) {
  const sat = selfAdaptive({ labels, classes: 4, momentum: 0.7, startEpoch: 1, dtype: "float64", ...options });
  const mixing = withMixedImages(sat, { startEpoch: () => 1, ...options });
  const seen: Tensor[] = [];
  const forward = forwardOf((given) => {
    seen.push(given);
    return tensor(seen.length === 1 ? own : other, { dtype: "float64" });
  });
  const index = Array.from(labels.keys());
  const { loss, logits } = mixing.step(forward, { images, labels, index, epoch });
  return { loss: loss.item(), logits, seen, targets: sat.targets.toArray() as number[][] };
}

const oneHot = labels.map((label) => [0, 1, 2, 3].map((k) => Number(k === label)));

describe("self-adaptive training on mixed images", () => {
  it.each(["ce", "sce"] as const)(
    "has the loss of a plain loop, and targets that follow the images themselves (%s)",
    (form) => {
      manualSeed(9);
      const { loss, logits, seen, targets } = stepBy({ mixupAlpha: 1, form }, 1);
      manualSeed(9);
      const { images: mixed, order, weight } = mixImages(images, { mixupAlpha: 1 });
      expectAllClose(seen[0] as Tensor, images);
      expectAllClose(seen[1] as Tensor, mixed);
      expectAllClose(logits as Tensor, own);
      const t = own.map((row, i) => softmax(row).map((p, k) => 0.7 * (oneHot[i]?.[k] as number) + 0.3 * p));
      expectAllClose(tensor(targets, { dtype: "float64" }), t, { rtol: 1e-12 });
      const [to, share] = [order.toArray() as number[], weight];
      const mix = (i: number, of: (row: number[]) => number) =>
        share * of(t[i] as number[]) + (1 - share) * of(t[to[i] as number] as number[]);
      const weights = t.map((_, i) => mix(i, (row) => Math.max(...row)));
      const losses = other.map((row, i) => {
        const p = softmax(row);
        const terms = p.map((probability, k) => {
          const target = mix(i, (each) => each[k] as number);
          return -target * Math.log(probability) - (form === "sce" ? 0.3 * probability * Math.log(target) : 0);
        });
        return (weights[i] as number) * terms.reduce((sum, term) => sum + term, 0);
      });
      expect(loss).toBeCloseTo(mean(losses) / mean(weights), 10);
    },
  );

  it("is mixup's cross entropy before targets start to move, and leaves them", () => {
    manualSeed(9);
    const { loss, targets } = stepBy({ mixupAlpha: 1, form: "sce" }, 0);
    manualSeed(9);
    const { order, weight } = mixImages(images, { mixupAlpha: 1 });
    const to = order.toArray() as number[];
    const losses = other.map((row, i) => {
      const logP = softmax(row).map(Math.log);
      const at = (j: number) => logP[labels[j] as number] as number;
      return -weight * at(i) - (1 - weight) * at(to[i] as number);
    });
    expect(loss).toBeCloseTo(mean(losses), 10);
    expect(targets).toEqual(oneHot);
  });
});
