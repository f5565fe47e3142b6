import { expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { manualSeed, ops } from "../torch/index.js";
import { createModel } from "./create.js";
import { selfSupervisedNetwork } from "./heads.js";

const backbone = () => createModel("resnet18", { classes: 10, width: 4, imageSize: 16 });

test("a projector that ends in batch norm centers every column of a batch's projections, without trained parameters", () => {
  manualSeed(0);
  const network = selfSupervisedNetwork(backbone(), { normed: true, dimension: 8, hidden: 8, predictor: false });
  const projections = network.forward(ops.randn([64, 3, 16, 16]));
  expectAllClose(projections.mean([0]), new Array(8).fill(0), { rtol: 0, atol: 1e-5 });
  expectAllClose(projections.square().mean([0]), new Array(8).fill(1), { rtol: 1e-2, atol: 0 });
  const still = [...network.namedParameters()].filter(([, { requiresGrad }]) => !requiresGrad).map(([name]) => name);
  expect(still).toEqual(["network.linear.weight", "network.linear.bias", "projector.4.weight", "projector.4.bias"]);
});

test("without it the projections of random images lie in nearly one direction, and predictions come before them", () => {
  manualSeed(0);
  const network = selfSupervisedNetwork(backbone(), { dimension: 8, hidden: 8 });
  const outputs = network.forward(ops.randn([64, 3, 16, 16]));
  expect(outputs.shape).toEqual([64, 16]);
  const projections = outputs.narrow(1, 8, 8);
  const center = projections.mean([0]).square().sum().item();
  expect(center).toBeGreaterThan(0.3 * projections.square().sum([1]).mean().item());
});
