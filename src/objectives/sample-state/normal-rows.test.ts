import { expect, test } from "vitest";
import { distributed, manualSeed, ops, type Tensor } from "../../torch/index.js";
import { normalRows } from "./normal-rows.js";

test.each([
  [5, 3],
  [8192, 1],
  [20_001, 3],
  [16_389, 2],
])(
  "the blocks of %i rows of %i normal numbers are those of one draw, and so is what is drawn next",
  (samples, columns) => {
    for (const dtype of ["float32", "float64"] as const) {
      manualSeed(4);
      const [all, next] = [ops.randn([samples, columns], { dtype }), ops.rand([3])];
      for (const rank of [0, 1, 2]) {
        manualSeed(4);
        const block = distributed.blockBounds(samples, { rank, world: 3 });
        const own: Tensor = normalRows({ samples, columns, block, dtype });
        expect(
          own
            .sub(all.narrow(0, block.first, block.count))
            .any()
            .item(),
        ).toBeFalsy();
        expect(own.shape).toEqual([block.count, columns]);
        expect(ops.rand([3]).toArray()).toEqual(next.toArray());
      }
    }
  },
);
