// Abstain from uncertain predictions: train with an abstention output, then choose a threshold on held-out samples.
import { calibrateRun, evaluateRun, shapesDataSet, train } from "selfadapt";

const dataSet = shapesDataSet({ train: 500, test: 200, size: 16, seed: 0 });
const heldOut = shapesDataSet({ train: 500, test: 0, size: 16, seed: 1 });
const recipe = { objective: "sat-selective", pretrainEpochs: 2, epochs: 4, batchSize: 50, width: 8 } as const;
await train(recipe, { dataSet, out: "runs/selective-shapes" });

const { calibration } = await calibrateRun("runs/selective-shapes", { dataSet: heldOut, coverage: 0.8 });
console.log(`predict at confidence ${calibration.threshold.toFixed(3)} and above, by ${calibration.score}`);

const { operatingPoint } = await evaluateRun("runs/selective-shapes", { dataSet });
console.log(`test set: coverage ${operatingPoint?.coverage}, error ${operatingPoint?.risk}`);
