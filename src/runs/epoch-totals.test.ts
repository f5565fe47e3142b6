import { expect, it } from "vitest";
import { randomFrom } from "../data/index.js";
import { countPredictions, emptyTotals, memorizedFraction } from "./epoch-totals.js";

const random = randomFrom(1, "meter test");
const draw = (n: number) => Int32Array.from({ length: n }, () => random.integer(3));
const [given, clean] = [draw(50), draw(50)];
const index = random.permutation(50).subarray(0, 20);
const answers = draw(20);

/** How many of the batch's samples fit. */
function count(fits: (answer: number, given: number, clean: number) => boolean): number {
  let fitting = 0;
  index.forEach((sample, i) => {
    if (fits(answers[i]!, given[sample]!, clean[sample]!)) fitting++;
  });
  return fitting;
}

it("counts what a plain loop counts", () => {
  const totals = emptyTotals();
  countPredictions(totals, answers, index, given, clean);
  expect(totals).toEqual({
    samples: 20,
    loss: 0,
    correct: count((answer, label) => answer === label),
    cleanCorrect: count((answer, _, truth) => answer === truth),
    wrong: count((_, label, truth) => label !== truth),
    memorized: count((answer, label, truth) => label !== truth && answer === label),
    seconds: 0,
  });
  expect(memorizedFraction(totals)).toBe(totals.memorized / totals.wrong);
});

it("adds batch to batch", () => {
  const [whole, parts] = [emptyTotals(), emptyTotals()];
  countPredictions(whole, answers, index, given, clean);
  countPredictions(parts, answers.subarray(0, 7), index.subarray(0, 7), given, clean);
  countPredictions(parts, answers.subarray(7), index.subarray(7), given, clean);
  expect(parts).toEqual(whole);
});

it("knows nothing of clean labels that nobody knows", () => {
  const totals = emptyTotals();
  countPredictions(totals, answers, index, given, null);
  expect(totals).toMatchObject({ cleanCorrect: 0, wrong: 0, memorized: 0 });
  expect(memorizedFraction(totals)).toBeNull();
});
