// A small form of every named network.
import type { ModelOptions } from "../../src/models/index.js";

const tokens = { patchSize: 2, dimension: 8, depth: 2, heads: 2 } as const;
const layers = { depths: [1, 1, 2, 1], dims: [4, 6, 8, 10] } as const;

const forms: Readonly<Record<string, Partial<ModelOptions>>> = {
  vit: tokens,
  "vit-s-16": tokens,
  "vit-b-16": tokens,
  "vit-s-14-dinov2": tokens,
  "vit-s-14-dinov2-reg": tokens,
  "vit-b-16-clip": tokens,
  convnext: layers,
  "convnext-tiny": layers,
  "mobilenet-v3-small": { widthMultiplier: 0.25 },
  "mobilenet-v3-large": { widthMultiplier: 0.25 },
  "efficientnet-b0": { widthMultiplier: 0.25, depthMultiplier: 0.5 },
};

/** The options of a network's small form: of width 4, or as few and narrow layers where there is no width. */
export const smallOptions = (name: string): Partial<ModelOptions> => forms[name] ?? { width: 4 };

/** Whether a network is a trunk of plain convolutions, which own kernels compute. */
export const hasTrunk = (name: string) => forms[name] === undefined && name !== "mlp";
