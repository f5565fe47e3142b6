// Predict the labels of image files: predict-images.ts RUN|MODEL.onnx IMAGE...
import { listInputs, openPredictor, predictFiles } from "selfadapt/inference";

const [model = "runs/photos-sat-1", ...images] = process.argv.slice(2);
const predictor = await openPredictor(model);
for await (const predictions of predictFiles(predictor, await listInputs(images, process.stdin))) {
  for (const prediction of predictions) console.log(JSON.stringify(prediction));
}
await predictor.close();
