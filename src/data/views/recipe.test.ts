import { describe, expect, it } from "vitest";
import { blurRadius, type ViewSteps, viewPresets, viewRecipe, viewRecipeSchema } from "./recipe.js";

describe("the recipes for views", () => {
  it.each(viewPresets)("satisfy their own schema: %s", (preset) => {
    for (const size of [32, 96, 224])
      expect(viewRecipeSchema.parse(viewRecipe(preset, size))).toEqual(viewRecipe(preset, size));
  });

  it("draw SimCLR's views alike, and BYOL's two by different blurs and solarization", () => {
    expect(viewRecipe("simclr", 96).views.length).toBe(1);
    const [first, second] = viewRecipe("byol", 96).views as [ViewSteps, ViewSteps];
    expect([first.blur.probability, second.blur.probability]).toEqual([1, 0.1]);
    expect([first.solarize, second.solarize]).toEqual([0, 0.2]);
    expect({ ...second, blur: first.blur, solarize: 0 }).toEqual(first);
  });

  it("crop and flip without touching colors, and crop a fifth of the image at least as MoCo v2 does", () => {
    const [view] = viewRecipe("resized-crop", 96).views as [ViewSteps];
    expect([view.jitter.probability, view.grayscale, view.blur.probability, view.solarize]).toEqual([0, 0, 0, 0]);
    expect([view.crop.scale, view.flip]).toEqual([[0.08, 1], 0.5]);
    const [moco, simclr] = [viewRecipe("moco", 96).views[0], viewRecipe("simclr", 96).views[0]];
    expect(moco).toEqual({ ...simclr, crop: { ...simclr?.crop, scale: [0.2, 1] } });
  });

  it("do not blur images of 32 x 32", () => {
    for (const preset of viewPresets.filter((name) => name !== "resized-crop")) {
      for (const { blur } of viewRecipe(preset, 32).views) expect(blur.probability).toBe(0);
      expect(viewRecipe(preset, 64).views[0]?.blur.probability).toBeGreaterThan(0);
    }
  });

  it("blur over a tenth of the view, and never as far as the view is wide", () => {
    expect([224, 96, 64, 32, 2, 1].map(blurRadius)).toEqual([11, 4, 3, 1, 1, 0]);
  });

  it.each([
    [{ flip: 1.2 }, "flip"],
    [{ crop: { scale: [0.5, 0.1], ratio: [1, 1] } }, "scale"],
    [{ crop: { scale: [0, 1], ratio: [1, 1] } }, "scale"],
    [{ blur: { probability: 1, sigma: [0, 1] } }, "sigma"],
    [{ solarise: 1 }, "solarise"],
  ])("refuse %j", (changed, named) => {
    const [view] = viewRecipe("simclr", 32).views;
    const result = viewRecipeSchema.safeParse({ size: 32, views: [{ ...view, ...changed }] });
    expect(result.success).toBe(false);
    expect(JSON.stringify(result.error?.issues)).toContain(named);
  });
});
