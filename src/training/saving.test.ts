// When a run saves, and which weights it keeps.
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { outcomeOf, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import type { RecipeInput } from "../runs/recipe/schema.js";
import type { TrainingEvent } from "./events.js";
import { train } from "./train.js";

const folder = temporaryFolder();
const perceptron = { ...tinyRecipe, model: "mlp", width: 2 } as const;

async function keptBy(name: string, input: Partial<RecipeInput>): Promise<string[]> {
  const out = join(folder(name), "run");
  await train({ ...perceptron, epochs: 7, ...input }, { out, dataSet: tinyShapes });
  return readdirSync(join(out, "checkpoint")).filter((place) => place.startsWith("epoch-"));
}

describe("kept weights", () => {
  it.each<[Partial<RecipeInput>, number[]]>([
    [{}, []],
    [{ keepLast: 2 }, [5, 6]],
    [{ keepEvery: 3 }, [2, 5]],
    [{ keepLast: 2, keepEvery: 3 }, [2, 5, 6]],
    [{ keepLast: 1, keepFrom: 4 }, [4, 5, 6]],
    [{ keepLast: 20 }, [0, 1, 2, 3, 4, 5, 6]],
  ])("are, with %j, those of epochs %j", async (input, epochs) => {
    expect(await keptBy(JSON.stringify(input), input)).toEqual(epochs.map((epoch) => `epoch-${epoch}`));
  });
});

describe("a run that is told to save", () => {
  it("saves in the middle of an epoch and goes on as before; a copy of that moment ends the same", async () => {
    const [out, copy, plain] = ["out", "copy", "plain"].map((name) => join(folder(name), "run")) as [
      string,
      string,
      string,
    ];
    let steps = 0;
    const listener = (event: TrainingEvent) => {
      if (event.type === "step") steps++;
      if (event.type === "saved" && event.step > 0) cpSync(out, copy, { recursive: true });
    };
    await train(perceptron, { out, dataSet: tinyShapes, listeners: [listener], saveNow: () => steps === 7 });
    await train(perceptron, { out: plain, dataSet: tinyShapes });
    expect(outcomeOf(out)).toEqual(outcomeOf(plain));
    await train({}, { out: copy, dataSet: tinyShapes, resume: true });
    expect(outcomeOf(copy)).toEqual(outcomeOf(plain));
  });
});

describe("a run on mixed images", () => {
  it("is resumed exactly", async () => {
    const mixed = { ...tinyRecipe, width: 2, mixupAlpha: 0.4, cutmixAlpha: 1 } as const;
    const [whole, stopped] = ["whole", "stopped"].map((name) => join(folder(`mixed ${name}`), "run")) as [
      string,
      string,
    ];
    await train(mixed, { out: whole, dataSet: tinyShapes });
    const stop = new AbortController();
    const listener = (event: TrainingEvent) =>
      void (event.type === "step" && event.epoch === 1 && event.step === 2 && stop.abort());
    await train(mixed, { out: stopped, dataSet: tinyShapes, listeners: [listener], signal: stop.signal });
    await train({}, { out: stopped, dataSet: tinyShapes, resume: true });
    expect(outcomeOf(stopped)).toEqual(outcomeOf(whole));
  });
});
