// Predict the labels of image files: predict-images.ts RUN|MODEL.onnx IMAGE...
import { pipeline } from "selfadapt/inference";

const [model = "runs/photos-sat-1", ...images] = process.argv.slice(2);
const classify = await pipeline("image-classification", model);

for (const [i, { label, confidence, abstained }] of (await classify(images)).entries()) {
  console.log(`${images[i]}: ${abstained ? "abstained" : label}, confidence ${confidence.toFixed(3)}`);
}
await classify.close();
