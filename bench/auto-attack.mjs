// @ts-check
// `node bench/auto-attack.mjs --model resnet18 --width 8 --weights W.pth --batch test_batch.bin --epsilon 8/255 --reference DIR`:
// runs every component of AutoAttack alone on the same network and images, ours and the published ones (a clone of fra31/auto-attack).
// `--theirs FILE` reads the lines that bench/sides/pytorch/auto_attack.py printed earlier, instead of running it.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { autoAttack, autoAttackEnsemble, STILL_CORRECT } from "../dist/attacks/index.js";
import { table } from "../dist/cli/shared/output.js";
import { percent } from "../dist/format.js";
import { createModel, loadWeights } from "../dist/models/index.js";
import { fromBytes, setThreads, tensor } from "../dist/torch/index.js";
import { findPython } from "./python.mjs";

const options = new Command("node bench/auto-attack.mjs")
  .requiredOption("--model <name>", "mlp or resnet18, for 32 x 32 images and 10 classes")
  .requiredOption("--width <n>", "its width")
  .requiredOption("--weights <file>", "its weights, with our names, as PyTorch saves them")
  .requiredOption("--batch <file>", "images in CIFAR-10's binary form")
  .requiredOption("--epsilon <number>", "the radius, such as 0.5 or 8/255")
  .option("--norm <p>", "inf or 2", "inf")
  .option("--scale <factor>", "factor on the logits; large ones mask gradients", "1")
  .option("--points <n>", "number of images, from the first", "200")
  .option("--threads <n>", "threads of the CPU", "1")
  .option("--reference <folder>", "a clone of fra31/auto-attack")
  .option("--theirs <file>", "output of an earlier run of the other side")
  .parse()
  .opts();
const points = Number(options.points);
const [numerator, denominator = 1] = String(options.epsilon).split("/").map(Number);
const epsilon = /** @type {number} */ (numerator) / denominator;
setThreads(Number(options.threads));

/** The result of a component: which points are robust (1 or 0), and the seconds of processor time. @typedef {{ member: string, robust: number[], seconds: number }} Line */

/** @returns {Promise<Line[]>} */
async function ours() {
  const network = createModel(options.model, { classes: 10, width: Number(options.width), imageSize: 32 });
  await loadWeights(network, options.weights, { strict: true });
  network.eval();
  const rows = readFileSync(options.batch).subarray(0, points * 3073);
  const whole = fromBytes(rows, "uint8", [points, 3073]);
  const images = whole.narrow(1, 1, 3072).reshape([points, 3, 32, 32]).to("float32").div(255);
  const labels = whole.select(1, 0).to("int64");
  const ball = { norm: /** @type {"inf" | "2"} */ (options.norm), epsilon };
  /** @type {Line[]} */
  const lines = [];
  for (const attack of autoAttackEnsemble(ball, 10)) {
    const began = process.cpuUsage();
    /** @type {number[]} */
    let robust = [];
    await autoAttack({
      model: (x) => network.forward(x.sub(0.5).div(0.25)).mul(Number(options.scale)),
      ball,
      samples: points,
      batch: (index) => {
        const at = tensor(index).to("int64");
        return { images: images.indexSelect(0, at), labels: labels.indexSelect(0, at), index };
      },
      attacks: [attack],
      onBatch: ({ fooledBy }) => {
        robust = fooledBy.map((by) => Number(by === STILL_CORRECT));
      },
    });
    const { user, system } = process.cpuUsage(began);
    const line = { member: attack.name, robust, seconds: (user + system) / 1e6 };
    console.error(JSON.stringify({ ...line, robust: count(robust) }));
    lines.push(line);
  }
  return lines;
}

/** @returns {Line[]} */
function theirs() {
  const lines = options.theirs === undefined ? runReference() : readFileSync(options.theirs, "utf8");
  return lines
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function runReference() {
  const python = findPython("torch");
  if (python === null) throw new Error("the other side needs a Python with PyTorch");
  const names = ["reference", "model", "width", "weights", "scale", "batch", "points", "norm", "threads"];
  const given = names.flatMap((name) => [`--${name}`, String(options[name])]);
  const script = fileURLToPath(new URL("sides/pytorch/auto_attack.py", import.meta.url));
  return execFileSync(python.program, [script, ...given, "--epsilon", String(epsilon)], { encoding: "utf8" });
}

/** @param {number[]} robust */
const count = (robust) => robust.reduce((sum, value) => sum + value, 0);

/** The points that are robust against every component. @param {Line[]} lines @returns {Line} */
const all = (lines) => ({
  member: "all four",
  robust: Array.from({ length: points }, (_, i) => Number(lines.every(({ robust }) => robust[i] === 1))),
  seconds: lines.reduce((sum, { seconds }) => sum + seconds, 0),
});

const sides = [await ours(), theirs()].map((lines) => [...lines, all(lines)]);
const [mine = [], other = []] = sides;
const rows = mine.map(({ member, robust, seconds }, i) => {
  const its = /** @type {Line} */ (other[i]);
  const apart = robust.filter((value, point) => value !== its.robust[point]).length;
  const accuracies = [robust, its.robust].map((side) => percent(count(side) / points));
  return [member, ...accuracies, String(apart), seconds.toFixed(0), its.seconds.toFixed(0)];
});
console.log(table(["member", "ours", "theirs", "points that differ", "our seconds", "their seconds"], rows).join("\n"));
