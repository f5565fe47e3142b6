// The authors' own TRADES, with cross entropy and with self-adaptive targets: six steps of a small network in float64.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { AuthorsNetwork } from "../../test/support/authors-network.js";
import { fixture } from "../../test/support/golden.js";
import { fromBytes, fromStored, optim, readSafetensors, scope, type Tensor, tensor } from "../torch/index.js";
import { networkForward, selfAdaptive, trades } from "./index.js";

interface StoredNumbers {
  readonly shape: number[];
  /** Base64, little-endian. */
  readonly float64: string;
}

interface Run {
  readonly steps: {
    readonly epoch: number;
    readonly index: number[];
    readonly loss: number;
    readonly logits: number[][];
  }[];
  readonly targets_after?: number[][];
}

interface Golden {
  readonly step_size: number;
  readonly epsilon: number;
  readonly perturb_steps: number;
  readonly beta: number;
  readonly lr: number;
  readonly momentum: number;
  readonly start_epoch: number;
  readonly x: StoredNumbers;
  readonly y: number[];
  /** The normal draws that every search begins with. */
  readonly noise: StoredNumbers;
  readonly trades: Run;
  readonly trades_sat: Run;
}

const file = (name: string) => fixture(`golden/adversarial/${name}`);
const golden = JSON.parse(readFileSync(file("trades.json"), "utf8")) as Golden;
const read = ({ shape, float64 }: StoredNumbers) => fromBytes(Buffer.from(float64, "base64"), "float64", shape);
const exactly = { rtol: 1e-8, atol: 1e-8 };

function authorsNetwork(): AuthorsNetwork {
  const model = new AuthorsNetwork().to("float64");
  const path = file("model.safetensors");
  model.loadStateDict(fromStored(readSafetensors(new Uint8Array(readFileSync(path)), path).tensors));
  return model;
}

it.each(["trades", "trades_sat"] as const)(
  "takes the authors' steps of %s: losses, logits and targets to 1e-8",
  (name) => {
    const { y, lr, momentum, start_epoch: startEpoch } = golden;
    const { steps, targets_after: expected } = golden[name];
    const [images, noise] = [read(golden.x), read(golden.noise)];
    const model = authorsNetwork();
    const targets = { labels: y, classes: 10, momentum, startEpoch, dtype: "float64" } as const;
    const objective = trades({
      epsilon: golden.epsilon,
      attackSteps: golden.perturb_steps,
      attackStepSize: golden.step_size,
      tradesBeta: golden.beta,
      start: (pixels) => pixels.add(noise, { alpha: 0.001 }),
      ...(name === "trades_sat" && { natural: selfAdaptive(targets) }),
    });
    const optimizer = optim.sgd(model.parameters(), { lr });

    for (const { epoch, index, loss, logits } of steps) {
      scope(() => {
        const batch = { epoch, index, labels: index.map((sample) => y[sample] as number) };
        const shown = images.indexSelect(0, tensor(index, { dtype: "int64" }));
        const { loss: ours, logits: outputs } = objective.step(networkForward(model), { ...batch, images: shown });
        optimizer.zeroGrad();
        ours.backward();
        optimizer.step();
        expectAllClose(ours, loss, exactly);
        expectAllClose(outputs as Tensor, logits, exactly);
      });
    }
    expect(objective.targets === undefined).toBe(expected === undefined);
    if (objective.targets && expected) expectAllClose(objective.targets, expected, exactly);
  },
);
