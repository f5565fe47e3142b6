// The nearest point of a hyperplane inside [0, 1]^d, for boundary attacks.
import { ops, scope, type Tensor } from "../../torch/index.js";
import type { Ball } from "../types.js";

/** The hyperplanes <normal, x> = offset, one a row. */
export interface Hyperplanes {
  /** (n, d). */
  readonly normal: Tensor;
  /** (n). */
  readonly offset: Tensor;
}

/**
 * The shortest vector from each point onto its hyperplane inside [0, 1]^d, (n, d) from points (n, d) inside of it:
 *
 * argmin |v|_p such that <normal, x + v> = offset, 0 <= x + v <= 1
 *
 * Every coordinate moves against the normal at its speed (1 for the infinity norm, |normal_i| for the 2 norm) until it reaches
 * the box, so that the time is where a piecewise linear function takes a given value. Where the hyperplane misses the box, the
 * vector ends in the corner nearest to it; where the normal is zero, it is zero.
 * @see Croce and Hein 2020, appendix A (arXiv 1907.02044)
 */
export function projectOntoHyperplane(norm: Ball["norm"], points: Tensor, { normal, offset }: Hyperplanes): Tensor {
  return scope(() => {
    const signed = normal.mul(points).sum(1).sub(offset);
    const side = ops.where(signed.ge(0), 1, -1).to(points.dtype).unsqueeze(1);
    const direction = normal.mul(side).sign();
    const slope = normal.abs();
    const speed = norm === "inf" ? slope.sign() : slope;
    const room = ops.where(direction.gt(0), points, points.neg().add(1)).mul(slope.sign());
    const time = timeToCover(signed.abs().unsqueeze(1), { room, speed, slope });
    const moved = time.mul(speed);
    return ops.where(moved.lt(room), moved, room).mul(direction).neg();
  });
}

interface Coordinates {
  readonly room: Tensor;
  readonly speed: Tensor;
  readonly slope: Tensor;
}

/** The time t, (n, 1), at which sum_i slope_i min(speed_i t, room_i) covers the distance, beyond the last stop where it never reaches it. */
function timeToCover(distance: Tensor, { room, speed, slope }: Coordinates): Tensor {
  const stops = ops.where(slope.gt(0), room.div(speed), 0);
  const [stop, order] = stops.sort({ dim: 1 });
  const still = slope.mul(speed).gather(1, order).flip([1]).cumsum(1).flip([1]);
  const spent = slope.mul(room).gather(1, order);
  const spentBefore = spent.cumsum(1).sub(spent);
  const covered = stop.mul(still).add(spentBefore);

  const segment = covered
    .lt(distance)
    .to("int64")
    .sum(1, { keepdim: true })
    .clampMax(stop.shape[1]! - 1);
  return distance.sub(spentBefore.gather(1, segment)).div(still.gather(1, segment));
}
