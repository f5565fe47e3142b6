import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { type DataSet, shapesDataSet } from "../data/index.js";
import { prepare } from "./prepare.js";
import { parseRecipe, type RecipeInput } from "./recipe.js";
import { withNetworkOfRun } from "./start-from-run.js";
import { train } from "./train.js";

const folder = temporaryFolder()("runs");
const [labelled, unlabelled] = [join(folder, "sat"), join(folder, "sat-ssl")];
const { noise: _, startEpoch: __, targetMomentum: ___, ...plain } = tinyRecipe;
const ssl = { ...plain, objective: "sat-ssl", epochs: 1, headWidth: 24, dimension: 12 } as const;
const large: DataSet = shapesDataSet({ train: 20, test: 0, size: 72, seed: 4 });

const startingFrom = (weights: string, others: Partial<RecipeInput> = {}) =>
  withNetworkOfRun(parseRecipe({ data: "photos", weights, ...others }));

beforeAll(async () => {
  await train({ ...plain, epochs: 1 }, { out: labelled, dataSet: tinyShapes });
  await train(ssl, { out: unlabelled, dataSet: tinyShapes });
});

describe("a recipe that starts from a run's weights", () => {
  it("has the run's network, image size and normalisation", async () => {
    const { normalisation } = await prepare(parseRecipe({ data: "-", ...plain }), tinyShapes);
    expect(startingFrom(labelled)).toEqual({
      ...parseRecipe({ data: "photos", weights: labelled }),
      model: "resnet18",
      width: 4,
      stem: "cifar",
      imageSize: 16,
      ...normalisation,
    });
  });

  it("has its heads too where both learn without labels", () => {
    const heads = { dimension: 12, headWidth: 24, projectorNorm: true };
    expect(startingFrom(unlabelled, { objective: "simsiam" })).toMatchObject({ width: 4, ...heads });
    expect(startingFrom(unlabelled)).not.toHaveProperty("headWidth");
  });

  it("has what was given of its own", () => {
    const own = { model: "resnet34", width: 8, stem: "imagenet", imageSize: 64 } as const;
    expect(startingFrom(labelled, own)).toMatchObject(own);
    expect(startingFrom(labelled, { mean: [0, 0, 0] })).not.toHaveProperty("std");
  });

  it("is as it was without a run", () => {
    const fromFile = parseRecipe({ data: "photos", weights: "resnet18.pth" });
    expect(withNetworkOfRun(fromFile)).toBe(fromFile);
  });

  it("trains images of another size by the same network, without a word about it", async () => {
    const { summary, prepared } = await train(
      { weights: unlabelled, epochs: 1, precision: "fp32" },
      { dataSet: large },
    );
    expect(prepared.recipe).toMatchObject({ objective: "sat", width: 4, stem: "cifar" });
    expect(summary).toMatchObject({ model: "resnet18", epochs: 1 });
  });
});
