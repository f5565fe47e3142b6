// Scopes: what they release, what they leave, and what they refuse.
import { describe, expect, test } from "vitest";
import { keep, liveBytes, liveTensors, ops, scope, type Tensor, tensor } from "./index.js";

describe("a scope", () => {
  test("releases what was made inside it and returns what the body does", () => {
    const before = liveTensors();
    let inner: Tensor | undefined;
    const result = scope(() => {
      inner = tensor([1, 2]);
      return inner.add(inner);
    });
    expect(inner?.released).toBe(true);
    expect(result.toArray()).toEqual([2, 4]);
    expect(liveTensors()).toBe(before + 1);
    result.release();
    expect(liveTensors()).toBe(before);
  });

  test("leaves tensors inside arrays, maps, sets and plain objects that are returned", () => {
    const make = () => tensor([1]);
    const results = scope(() => ({ list: [make(), [make()]], map: new Map([["a", make()]]), set: new Set([make()]) }));
    const all = [...results.list.flat(), ...results.map.values(), ...results.set];
    expect(all.map((x) => x.released)).toEqual([false, false, false, false]);
    for (const x of all) x.release();
  });

  test("leaves tensors inside a result that contains itself", () => {
    const knot: { self?: unknown; x?: Tensor } = {};
    scope(() => Object.assign(knot, { self: knot, x: tensor([1]) }));
    expect(knot.x?.released).toBe(false);
    knot.x?.release();
  });

  test("does not touch tensors from outside", () => {
    using x = tensor([1]);
    scope(() => x);
    scope(() => x.add(1));
    expect(x.released).toBe(false);
  });

  test("hands what it returns to the scope around it", () => {
    let passed: Tensor | undefined;
    scope(() => {
      passed = scope(() => tensor([1]));
      expect(passed.released).toBe(false);
    });
    expect(passed?.released).toBe(true);
  });

  test("releases everything when the body throws, and the error goes on", () => {
    const before = liveTensors();
    const boom = new Error("boom");
    expect(() =>
      scope(() => {
        scope(() => tensor([1]));
        tensor([2]);
        throw boom;
      }),
    ).toThrow(boom);
    expect(liveTensors()).toBe(before);
    scope(() => tensor([1]).release());
    expect(liveTensors()).toBe(before);
  });

  test("refuses an async body, releasing what it made", async () => {
    const before = liveTensors();
    expect(() => scope(async () => tensor([1]))).toThrow("scope takes a function that is not async");
    expect(liveTensors()).toBe(before);
  });
});

describe("keep", () => {
  test("takes tensors out of every scope around", () => {
    let kept: Tensor[] = [];
    scope(() => {
      scope(() => {
        kept = keep([tensor([1]), tensor([2])]);
      });
    });
    expect(kept.map((x) => x.released)).toEqual([false, false]);
    for (const x of kept) x.release();
  });
});

describe("using", () => {
  test("releases at the end of the block", () => {
    const before = liveTensors();
    {
      using x = tensor([1, 2]);
      using y = x.add(1);
      expect(y.toArray()).toEqual([2, 3]);
    }
    expect(liveTensors()).toBe(before);
  });
});

describe("the counters", () => {
  test("stay level over 3,000 scoped steps of forward and backward", () => {
    const weight = ops.randn([64, 32]);
    weight.requiresGrad = true;
    const step = () =>
      scope(() => {
        const loss = ops.randn([16, 32]).matmul(weight.t()).relu().square().mean();
        loss.backward();
        weight.grad?.zero_();
        return loss.item();
      });
    for (let i = 0; i < 10; i++) step();
    const [tensors, bytes] = [liveTensors(), liveBytes()];
    for (let i = 0; i < 3000; i++) step();
    expect(liveTensors()).toBe(tensors);
    expect(liveBytes()).toBe(bytes);
    weight.grad = null;
    weight.release();
  });

  test("see the memory of a tensor come and go", () => {
    const before = liveBytes();
    const x = ops.zeros([1 << 20]);
    expect(liveBytes() - before).toBeGreaterThanOrEqual(4 << 20);
    x.release();
    expect(liveBytes()).toBe(before);
  });

  test("more memory than the machine has is refused", () => {
    expect(() => ops.empty([2 ** 45])).toThrow(/^empty: out of memory: \d+ MB requested, \d+ MB available$/);
  });
});
