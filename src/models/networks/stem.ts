// How residual networks begin.
import { z } from "zod";
import { nn } from "../../torch/index.js";
import { requireImageSize } from "../network.js";
import { convolution } from "./blocks.js";

const largestCifar = 64;
/** How much smaller the feature maps after four stages are than the images. */
const reduction = { cifar: 8, imagenet: 32 } as const;

export type Stem = keyof typeof reduction;

export const stemOption = () =>
  z
    .enum(["cifar", "imagenet"])
    .optional()
    .describe("first layers of a ResNet: a 3 x 3 convolution, or a 7 x 7 one with stride 2 and pooling")
    .meta({ defaultText: "by the image size" });

/** The stem for images of this size, unless one is given. @throws InputError where images are too small for it. */
export function chooseStem(network: string, imageSize: number, given: Stem | undefined): Stem {
  const stem = given ?? (imageSize > largestCifar ? "imagenet" : "cifar");
  requireImageSize(`${network} with the ${stem} stem`, imageSize, reduction[stem]);
  return stem;
}

export const firstConvolution = (stem: Stem, channels: number, width: number) =>
  stem === "cifar" ? convolution(channels, width, 3) : convolution(channels, width, 7, 2);

/** What follows the first activation. */
export const stemPool = (stem: Stem) =>
  stem === "cifar" ? new nn.Identity() : new nn.MaxPool2d(3, { stride: 2, padding: 1 });
