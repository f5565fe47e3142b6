// @ts-check
// Steps with plain cross entropy and with self-adaptive targets, taken by the same model in turns.

import { crossEntropy, selfAdaptive } from "../../dist/objectives/index.js";
import { choosePrecision } from "../../dist/torch/index.js";
import { secondsOf } from "./data.mjs";
import { config, serve } from "./serve.mjs";
import { createTraining, objectiveSeconds } from "./training.mjs";

const { workload, warmup } = config;
const precision = choosePrecision("auto", "cpu") === "bfloat16" ? "bfloat16" : "float32";
const training = createTraining(workload, precision);
const ce = crossEntropy();
const sat = selfAdaptive({ labels: training.labels, classes: workload.classes, startEpoch: 0 });

/** A step with each, and each alone; the order changes from pair to pair, so that neither always comes second. */
function pair(/** @type {number} */ number) {
  const first = number % 2 === 0 ? ce : sat;
  const seconds = new Map(
    [first, first === ce ? sat : ce].map((objective) => [objective, secondsOf(() => training.step(objective))]),
  );
  const alone = new Map([ce, sat].map((objective) => [objective, objectiveSeconds(objective, workload)]));
  return { ce: seconds.get(ce), sat: seconds.get(sat), ceAlone: alone.get(ce), satAlone: alone.get(sat) };
}

for (let i = 0; i < warmup; i++) pair(i);
await serve({ precision }, pair);
