// `forward`: forward correction by the noise transition matrix.
import { InputError } from "../errors.js";
import { forwardCorrection } from "../objectives/index.js";
import { option } from "../options/index.js";
import { defineMethod } from "./method.js";
import { filePath, startEpoch } from "./options.js";

export const forward = defineMethod({
  name: "forward",
  title: "forward correction",
  family: "supervised",
  options: {
    transition: filePath("file")
      .optional()
      .describe("transition matrix of the noise, .npy or .csv")
      .meta({ defaultText: "estimated" }),
    startEpoch: startEpoch().describe(
      "epoch, from 0, in which an estimated matrix corrects; auto detects memorization",
    ),
  },
  start: ({ transition, startEpoch: epoch }) =>
    transition === undefined ? { epoch, event: "the noise is estimated" } : null,
  async create(
    { labels, classes, sampleState: state, startEpoch: start, device, dtype },
    { transition, startEpoch: given },
  ) {
    const { readNoiseMatrix } = await import("../data/index.js");
    const matrix = transition === undefined ? undefined : await readNoiseMatrix(transition, classes);
    if (matrix === undefined && given === 0) {
      throw new InputError(
        `${option("objective", "forward")} estimates its transition matrix before ${option("startEpoch")}; received 0; expected 1 or more, or ${option("transition", "FILE")}`,
      );
    }
    const size = { samples: labels.length, classes: classes.length };
    return forwardCorrection({ ...size, transition: matrix?.flat(), startEpoch: start, state, device, dtype });
  },
});
