import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { fixture, goldenNetwork } from "../../test/support/golden.js";
import { noGrad, ops, scope, setThreads, type Tensor, tensor } from "../torch/index.js";
import { countParameters, createModel, loadWeights, type ModelOptions, type Network } from "./index.js";

// Networks this small are slower on several threads, in particular next to other tests.
beforeAll(() => setThreads(1));

const networks: [string, string, Partial<ModelOptions>][] = [
  ["resnet18-bw8", "resnet18", { width: 8 }],
  ["resnet34-bw4", "resnet34", { width: 4 }],
  ["wrn16-1", "wrn-16-1", {}],
];

async function load(weights: string, model: string, options: Partial<ModelOptions>): Promise<Network> {
  const network = createModel(model, { classes: 10, ...options });
  await loadWeights(network, fixture(`weights/${weights}.safetensors`));
  return network;
}

const evaluate = (network: Network, x: Tensor) => noGrad(() => network.eval().forward(x));

describe.each(networks)("the authors' %s", (weights, model, options) => {
  const golden = goldenNetwork(weights);

  test("gives their logits in float64 to eight digits", async () => {
    const network = (await load(weights, model, options)).to("float64");
    expectAllClose(evaluate(network, golden.x.to("float64")), golden.evalLogits, { rtol: 1e-8, atol: 1e-8 });
  });

  test.each(["contiguous", "channels_last"] as const)("gives their logits in float32, %s", async (memoryFormat) => {
    const network = (await load(weights, model, options)).to(memoryFormat);
    const logits = evaluate(network, golden.x.contiguous({ memoryFormat }));
    expectAllClose(logits, golden.evalLogits, { rtol: 1e-4, atol: 1e-4 });
  });

  test("gives their training loss and the norm of every gradient in float64", async () => {
    const network = (await load(weights, model, options)).to("float64").train();
    const labels = tensor([...golden.y], { dtype: "int64" });
    const loss = scope(() => {
      const value = ops.crossEntropyLoss(network.forward(golden.x.to("float64")), labels);
      value.backward();
      return value;
    });
    expectAllClose(loss, golden.trainLoss, { rtol: 1e-8 });
    const norms = [...network.namedParameters()].map(([name, { grad }]) => [name, grad?.norm().item()] as const);
    expect(norms.map(([name]) => name)).toEqual(Object.keys(golden.gradNorm));
    for (const [name, norm] of norms) expectAllClose(norm as number, golden.gradNorm[name] as number, { rtol: 1e-8 });
  });
});

test("the published networks have the authors' numbers of parameters", () => {
  const sizes = JSON.parse(readFileSync(fixture("golden/model-sizes.json"), "utf8")) as Record<string, number>;
  const count = (name: string, options: Partial<ModelOptions> = {}) => {
    const network = createModel(name, { classes: 10, ...options });
    const parameters = countParameters(network);
    for (const value of network.stateDict().values()) value.release();
    return parameters;
  };
  expect({
    resnet18: count("resnet18"),
    resnet34: count("resnet34"),
    resnet34_c100: count("resnet34", { classes: 100 }),
    resnet18_bw8: count("resnet18", { width: 8 }),
    wrn34_10: count("wrn-34-10"),
    wrn28_10: count("wrn-28-10"),
    vgg16_bn_11: count("vgg16-bn", { extraOutputs: 1 }),
  }).toEqual(sizes);
  expect(count("resnet50", { classes: 1000, imageSize: 224 })).toBe(25_557_032);
  expect(count("resnet18", { classes: 1000, imageSize: 224 })).toBe(11_689_512);
});
