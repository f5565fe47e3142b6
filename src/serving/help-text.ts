// The text of `GET /`.
import { type Predictor, sampleShape } from "../inference/index.js";
import { version } from "../version.js";

export function helpText({ classes, input, score, threshold }: Predictor): string {
  const ways =
    input.kind === "images"
      ? `an image as the body (image/*, application/octet-stream or curl's default type), a form with files, or {"images": ["base64 or data URL", ...]}`
      : `{"features": [[...], ...]}, each of ${sampleShape(input).join(" x ")} numbers`;
  const rule = threshold === null ? "never abstains" : `abstains where ${score} is below ${threshold}`;
  return `selfadapt ${version}: ${classes.length} classes; ${rule}

POST /predict   ${ways}
                returns [{"file", "label", "confidence", "abstained"}, ...]
GET  /health    {"status": "ready"}, or 503 and "draining" while the server stops
GET  /metrics   for Prometheus
`;
}
