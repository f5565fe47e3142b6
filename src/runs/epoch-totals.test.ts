import { expect, it } from "vitest";
import { randomFrom } from "../data/index.js";
import { countAnswers, emptyTotals, memorisedShare } from "./epoch-totals.js";

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
  countAnswers(totals, answers, index, given, clean);
  expect(totals).toEqual({
    samples: 20,
    loss: 0,
    correct: count((answer, label) => answer === label),
    cleanCorrect: count((answer, _, truth) => answer === truth),
    wrong: count((_, label, truth) => label !== truth),
    memorised: count((answer, label, truth) => label !== truth && answer === label),
    seconds: 0,
  });
  expect(memorisedShare(totals)).toBe(totals.memorised / totals.wrong);
});

it("adds batch to batch", () => {
  const [whole, parts] = [emptyTotals(), emptyTotals()];
  countAnswers(whole, answers, index, given, clean);
  countAnswers(parts, answers.subarray(0, 7), index.subarray(0, 7), given, clean);
  countAnswers(parts, answers.subarray(7), index.subarray(7), given, clean);
  expect(parts).toEqual(whole);
});

it("knows nothing of clean labels that nobody knows", () => {
  const totals = emptyTotals();
  countAnswers(totals, answers, index, given, null);
  expect(totals).toMatchObject({ cleanCorrect: 0, wrong: 0, memorised: 0 });
  expect(memorisedShare(totals)).toBeNull();
});
