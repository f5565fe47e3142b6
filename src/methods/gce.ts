// `gce`: generalized cross entropy.
import { z } from "zod";
import { generalizedCrossEntropy } from "../objectives/index.js";
import { defineMethod } from "./method.js";

export const gce = defineMethod({
  name: "gce",
  title: "generalized cross entropy",
  family: "supervised",
  options: { gceQ: z.number().gt(0).max(1).default(0.7).describe("from 0, cross entropy, to 1, absolute error") },
  create: (_, { gceQ }) => generalizedCrossEntropy({ q: gceQ }),
});
