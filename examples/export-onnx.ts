// Export a run to ONNX and predict with it: onnxruntime computes, libtorch is not loaded.
import { exportRun, shapesDataSet, train } from "selfadapt";
import { openPredictor } from "selfadapt/inference";

const dataSet = shapesDataSet({ train: 200, test: 10, size: 16, seed: 0 });
await train({ objective: "ce", epochs: 3, batchSize: 20, width: 4 }, { dataSet, out: "runs/shapes-ce" });
exportRun("runs/shapes-ce", { onnx: "shapes.onnx" });

const predictor = await openPredictor("shapes.onnx");
const predictions = await predictor.predict(dataSet.test!.values, 10);
for (const { label, confidence } of predictions) console.log(`${label} ${confidence.toFixed(3)}`);
await predictor.close();
