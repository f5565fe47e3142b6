// A recipe that starts from the weights of a run need not say what network they are of: that run says it.
import { usualStem } from "../models/index.js";
import { learnsWithoutLabels, type Recipe } from "./recipe.js";
import { holdsRun, type RunRecipe, readRunRecipe } from "./run-folder.js";

/**
 * What a recipe leaves open of its network, settled as in the run whose weights it starts from: model, width, stem, the images'
 * size and normalisation, and the heads where both learn without labels. The recipe as it is where it starts from no run.
 */
export function withNetworkOfRun(recipe: Recipe): Recipe {
  const { weights, mean, std } = recipe;
  if (weights === undefined || !holdsRun(weights)) return recipe;
  const own = readRunRecipe(weights);
  const normalisation = mean === undefined && std === undefined ? own.facts.normalisation : {};
  const heads = learnsWithoutLabels(recipe.objective) ? headsOf(own) : {};
  const given = Object.entries(recipe).filter(([, value]) => value !== undefined);
  return { ...networkOf(own), ...heads, ...normalisation, ...Object.fromEntries(given) } as Recipe;
}

function networkOf({ recipe, facts }: RunRecipe) {
  const { model = "", width, stem, imageSize } = recipe;
  const [, height, across] = facts.sampleShape;
  if (height === undefined) return { model, width };
  const square = height === across ? height : undefined;
  return {
    model,
    width,
    ...(model.startsWith("resnet") && { stem: stem ?? usualStem(height) }),
    imageSize: imageSize ?? square,
  };
}

const headsOf = ({ recipe: { dimension, headWidth, projectorNorm } }: RunRecipe) => ({
  dimension,
  headWidth,
  projectorNorm,
});
