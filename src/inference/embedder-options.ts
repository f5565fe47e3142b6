// The options of `openEmbedder`.
import { z } from "zod";
import { checkpointOrInitial, device, threads } from "../options/index.js";

export const embedderOptions = z.object({
  checkpoint: checkpointOrInitial(),
  device: device().optional(),
  threads: threads(),
});

export type EmbedderOptions = z.input<typeof embedderOptions>;
