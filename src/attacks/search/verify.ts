// Verifies that attacked images lie inside the ball and the range of pixels, independently of the attack.
import { noGrad, scope, type Tensor } from "../../torch/index.js";
import type { Attack, Ball } from "../types.js";

/** How much rounding may add to a distance. */
const TOLERANCE = 1e-6;

/** |x' - x| of each image, (n), in float64. */
export function distances(images: Tensor, clean: Tensor, norm: Ball["norm"]): Float64Array {
  return scope(() =>
    noGrad(() => {
      const moved = images.to("float64").sub(clean.to("float64")).flatten({ startDim: 1 });
      const measured = norm === "inf" ? moved.abs().amax({ dim: 1 }) : moved.linalgVectorNorm({ dim: 1 });
      return measured.data() as Float64Array;
    }),
  );
}

/** @throws Error for an attack that returns images of another shape, outside the ball by over 1e-6, or outside [0, 1]. */
export function requireInside(
  { name }: Pick<Attack, "name">,
  images: Tensor,
  clean: Tensor,
  { norm, epsilon }: Ball,
): void {
  if (images.shape.join() !== clean.shape.join()) {
    throw new Error(
      `the attack ${name} returned images of shape (${images.shape.join(", ")}); expected (${clean.shape.join(", ")})`,
    );
  }
  // Written so that a distance that is not a number is refused too.
  const far = distances(images, clean, norm).find((distance) => !(distance <= epsilon + TOLERANCE));
  if (far !== undefined) {
    throw new Error(
      `the attack ${name} left its ball: an image is ${far} away, in the ${norm} norm; at most ${epsilon}`,
    );
  }
  const [lowest, highest] = scope(() => [images.amin().item(), images.amax().item()] as const);
  if (lowest < 0 || highest > 1) {
    throw new Error(`the attack ${name} left the range of pixels: received ${lowest} to ${highest}; expected 0 to 1`);
  }
}
