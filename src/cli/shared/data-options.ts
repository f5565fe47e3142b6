// Where the data of a command is, and how it is read.
import { z } from "zod";
import { layoutOptions, path } from "../../options/index.js";

export const dataOptions = {
  data: path().optional().describe("evaluation data; its test part if it has one"),
  format: z.string().optional().describe("format of the data").meta({ argument: "name", defaultText: "detected" }),
  labels: path("file").optional().describe("labels for data that has none (.npy or .csv)"),
  ...layoutOptions,
};
