import { describe, expect, it } from "vitest";
import { attacked } from "../../../test/support/attacked.js";
import { liveTensors, ops, type Tensor } from "../../torch/index.js";
import { attackWarnings, resultWarnings } from "./warnings.js";

const { network, batch } = attacked("float32");
const plain = (images: Tensor) => network.forward(images);

describe("the warnings about attacks", () => {
  it("are none for a plain network", () => {
    expect(attackWarnings(plain, batch)).toEqual([]);
  });

  it("report training mode", () => {
    expect(attackWarnings(plain, batch, { training: true })).toEqual([expect.stringContaining("training mode")]);
  });

  it("report outputs that differ between two passes", () => {
    const random = (images: Tensor) => plain(images).add(ops.randnLike(plain(images)).mul(0.01));
    expect(attackWarnings(random, batch)).toEqual([expect.stringContaining("differ between two passes")]);
  });

  it("report probabilities instead of logits", () => {
    const lines = attackWarnings((images) => plain(images).softmax(1), batch);
    expect(lines).toEqual([expect.stringContaining("look like probabilities")]);
  });

  it("report how many images have no gradient", () => {
    const labels = plain(batch.images).argmax({ dim: 1 });
    const saturated = (images: Tensor) => plain(images).mul(1e6);
    expect(attackWarnings(saturated, { ...batch, labels })).toEqual([
      expect.stringContaining("zero for 12 of 12 images (100.0%)"),
    ]);
    const cut = (images: Tensor) => plain(ops.cat([images.narrow(0, 0, 3).detach(), images.narrow(0, 3, 9)]));
    expect(attackWarnings(cut, batch)).toEqual([expect.stringContaining("zero for 3 of 12 images (25.0%)")]);
  });

  it("report classes too few for the targeted DLR loss", () => {
    const labels = batch.labels.mul(0);
    const lines = attackWarnings((images) => plain(images).narrow(1, 0, 3), { ...batch, labels });
    expect(lines).toEqual([expect.stringContaining("with 3 classes there is no targeted DLR loss")]);
  });

  it("report a black-box attack that goes further than white-box attacks by more than 0.2 points", () => {
    const [whiteBox, blackBox] = [{ name: "pgd" }, { name: "square", access: "logits" as const }];
    const warned = (...accuracies: number[]) =>
      resultWarnings(
        accuracies.map((robustAccuracy) => ({ robustAccuracy })),
        [whiteBox, whiteBox, blackBox].slice(0, accuracies.length),
      );
    expect(warned(0.5, 0.45, 0.448)).toEqual([]);
    expect(warned(0.5, 0.45, 0.44)).toEqual([
      expect.stringContaining("square lowered the robust accuracy by 1.00 points"),
    ]);
    expect(warned(0.5, 0.45)).toEqual([]);
    expect(resultWarnings([{ robustAccuracy: 0.1 }], [blackBox])).toEqual([]);
  });

  it("leave no tensor behind", () => {
    const before = liveTensors();
    attackWarnings(plain, batch);
    expect(liveTensors()).toBe(before);
  });
});
