// For attacks that search at any distance: only images inside the ball count.
import { ops, type Tensor } from "../../torch/index.js";
import { lengths, perImage } from "../steps/geometry.js";
import type { AttackBatch, Ball } from "../types.js";
import type { Consider } from "./still-correct.js";

interface Candidates {
  readonly batch: AttackBatch;
  /** Of the batch's clean images. */
  readonly cleanLogits: Tensor;
  readonly consider: Consider;
}

/** Considers the images inside the ball, and the clean images in place of those outside. */
export function considerInside(
  ball: Ball,
  images: Tensor,
  logits: Tensor,
  { batch, cleanLogits, consider }: Candidates,
): void {
  const clean = batch.images;
  const inside = lengths(images.sub(clean), ball.norm).le(ball.epsilon);
  consider(ops.where(perImage(inside, images), images, clean), ops.where(inside.unsqueeze(1), logits, cleanLogits));
}
