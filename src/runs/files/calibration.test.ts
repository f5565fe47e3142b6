import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { type Calibration, parseCalibration, readCalibration, writeCalibration } from "./calibration.js";

const folder = temporaryFolder();

const byCoverage: Calibration = {
  score: "softmax-response",
  temperature: 1.5,
  threshold: 0.7,
  target: { coverage: 0.9 },
  achieved: { coverage: 0.904, risk: 0.02, riskBound: null, samples: 500 },
  data: "./held-out",
  fingerprint: "0123456789abcdef",
  checkpoint: "last",
  passes: null,
  version: "0.1.0",
};
const byRisk: Calibration = {
  ...byCoverage,
  target: { risk: 0.01, confidence: 0.999 },
  achieved: { ...byCoverage.achieved, riskBound: 0.0097 },
};

describe("a run's calibration", () => {
  it("is null before there is one", () => {
    expect(readCalibration(folder("none"))).toBeNull();
  });

  it.each([byCoverage, byRisk])("is read as it was written, and no temporary file remains", (calibration) => {
    const run = folder("written");
    writeCalibration(run, byRisk);
    writeCalibration(run, calibration);
    expect(readCalibration(run)).toEqual(calibration);
    expect(readdirSync(run)).toEqual(["calibration.json"]);
  });

  it.each<[string, object, RegExp]>([
    ["an unknown score", { score: "luck" }, /score: .*"abstention"\|/],
    ["a temperature of 0", { temperature: 0 }, /temperature: /],
    ["a threshold that is no number", { threshold: "high" }, /threshold: /],
    ["a key that it has not", { extra: 1 }, /extra/],
    ["both targets", { target: { coverage: 0.9, risk: 0.01, confidence: 0.9 } }, /target: /],
  ])("with %s is refused, naming the file and the place", (_, changed, message) => {
    const run = folder("wrong");
    const path = join(run, "calibration.json");
    writeFileSync(path, JSON.stringify({ ...byCoverage, ...changed }));
    expect(() => readCalibration(run)).toThrow(message);
    expect(() => readCalibration(run)).toThrow(`${path} was not written by calibrate: `);
  });

  it("that is no JSON is refused", () => {
    expect(() => parseCalibration("{", "model.onnx")).toThrow(
      "model.onnx was not written by calibrate: it is not JSON",
    );
  });
});
