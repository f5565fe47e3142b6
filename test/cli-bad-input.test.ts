// Bad input gets one clear line and exit status 2, and leaves nothing behind.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { selfadapt, selfadaptEach, type Traced } from "./support/command.js";
import { cifarBatch, embeddings, photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const quick = ["--epochs", "1", "--width", "8", "--out", "run"];
const validated = ["cross-validate", "emb", "--out", "p.npy"];
let home: string;

beforeAll(async () => {
  const pictures = await photos(["cat", "dog", "owl"]);
  const under = (name: string, files: Record<string, Uint8Array | string>) =>
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content]));
  home = folder("home", {
    ...under("emb", embeddings()),
    ...under("photos", { ...pictures, "dog/zero.png": "", "owl/broken.png": "no picture" }),
    ...under("lonely", { ...(await photos(["cat", "dog"])), "owl/0.png": pictures["owl/0.png"] as Uint8Array }),
    ...under("colors", pictures),
    ...under("one-class", await photos(["cat"])),
    ...under("cut", { "data_batch_1.bin": cifarBatch([0, 1, 2, 3]).subarray(0, 3073 * 4 - 100) }),
    ...under("labels-off", { "data_batch_1.bin": cifarBatch([0, 1, 12, 3]) }),
    "unknown/letter.txt": "dear reader",
    "nowhere.csv": "file,label\nphotos/cat/0.png,cat\nphotos/cat/99.png,cat\nphotos/dog/0.png,dog\n",
    "labels-off.csv": `label\n${Array.from({ length: 30 }, (_, i) => (i === 7 ? 5 : i % 3)).join("\n")}\n`,
    "unknown.csv": "uuid,label\na,0\n",
    "not.yaml": "data: [emb\nlr: 1",
    "list.yaml": "- data\n- emb\n",
    "typo.yaml": "data: emb\nepoch: 3\n",
    "a-file": "in the way",
    "own/recipe.yaml": "# tuned by hand\ndata: emb\nepochs: 1\n",
    "no-runs/runs": "in the way",
    "text.mat": "dear reader",
  });
  for (const name of ["empty", "folder.npy"]) mkdirSync(join(home, name));
  expect(selfadapt(["train", "emb", "--width", "8", "--epochs", "1", "--out", "done"], { cwd: home }).status).toBe(0);
  const words = ["train", "colors", "--model", "mlp", "--width", "1", "--epochs", "1", "--batch-size", "6"];
  expect(selfadapt([...words, "--out", "pictures"], { cwd: home }).status).toBe(0);
  const unlabeled = [
    "pretrain",
    "colors",
    "--objective",
    "byol",
    "--width",
    "1",
    "--epochs",
    "1",
    "--out",
    "unlabeled",
  ];
  expect(selfadapt([...unlabeled, "--batch-size", "6", "--image-size", "16"], { cwd: home }).status).toBe(0);
  cpSync(join(home, "done"), join(home, "headless"), { recursive: true });
  rmSync(join(home, "headless", "checkpoint"), { recursive: true });
  cpSync(join(home, "done"), join(home, "damaged"), { recursive: true });
  writeFileSync(join(home, "damaged", "summary.json"), "{");
}, 60_000);

/** One line that says all of `saying`, status 2, and the folder as it was. */
function expectRefusal({ status, stdout, stderr, changed }: Traced, saying: readonly string[]): void {
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  for (const words of saying) expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/\.js:\d|\bat \w+ \(/);
  expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
}

type Case = [what: string, words: string[], saying: string[]];

function refused(cases: readonly Case[]): void {
  let outcomes: Traced[] = [];
  beforeAll(() => {
    const commands = cases.map(([, words]) => words);
    outcomes = selfadaptEach(commands, { cwd: home });
  }, 60_000);
  test.each(cases.map(([what], i) => [what, i] as const))("%s is refused", (_, i) => {
    expectRefusal(outcomes[i] as Traced, (cases[i] as Case)[2]);
  });
}

describe("data", () => {
  refused([
    ["no process", ["train", "emb", "--nproc", "0", ...quick], ["--nproc", "from 1 to 1024"]],
    ["a launched command that is not shared", ["launch", "--", "predict", "done"], ['"predict"', "train, pretrain"]],
    ["several machines without the first", ["launch", "--nnodes", "2", "--", "train", "emb"], ["--master-addr"]],
    [
      "a machine beyond the last",
      ["launch", "--nnodes", "2", "--node-rank", "2", "--master-addr", "a", "--", "train", "emb"],
      ["--node-rank", "below --nnodes 2"],
    ],
    ["a missing folder", ["train", "gone", ...quick], ["gone"]],
    ["an empty folder", ["train", "empty", ...quick], ["empty"]],
    ["a folder of no known format", ["train", "unknown", ...quick], ["unknown", "cifar-10"]],
    ["a format nobody knows", ["train", "emb", "--format", "cifr-10", ...quick], ['"cifr-10"', '"cifar-10"']],
    ["a truncated binary file", ["train", "cut", ...quick], ["data_batch_1.bin", "12192", "3073"]],
    ["a MAT file that is none", ["train", "text.mat", ...quick], ["text.mat", "MAT file of level 5"]],
    ["a label out of range", ["train", "labels-off", ...quick], ["data_batch_1.bin", "12", "0 to 9"]],
    ["a broken image with --strict", ["train", "photos", "--strict", ...quick], ["zero.png"]],
    ["a manifest row pointing nowhere", ["train", "nowhere.csv", ...quick], ["nowhere.csv", "photos/cat/99.png"]],
    ["a single class", ["train", "one-class", ...quick], ["cat", "two classes"]],
    ["a table that names no file of the data", ["train", "photos", "--labels", "nowhere.csv", ...quick], ["99.png"]],
    ["a table of unknown columns", ["train", "emb", "--labels", "unknown.csv", ...quick], ["uuid", "--file-column"]],
    ["a labels file out of range", ["train", "emb", "--labels", "labels-off.csv", ...quick], ["labels-off.csv", "5"]],
    ["a noise rate over 1", ["train", "emb", "--noise", "symmetric:1.5", ...quick], ["1.5", "0 to 1"]],
    ["a noise nobody knows", ["train", "emb", "--noise", "symetric:0.4", ...quick], ["symetric:0.4", "symmetric"]],
    ["a missing noise file", ["train", "emb", "--noise", "file:gone.npy", ...quick], ["gone.npy"]],
  ]);
});

describe("options", () => {
  refused([
    ["an unknown command", ["trian", "emb"], ["trian", "train"]],
    ["an unknown option", ["train", "emb", "--widht", "8"], ["--widht", "--width"]],
    ["an option without its value", ["train", "emb", "--width"], ["--width"]],
    ["an unknown model", ["train", "emb", "--model", "resnet81", "--out", "run"], ["resnet81", "resnet18"]],
    ["a network for other samples", ["train", "emb", "--model", "resnet18", ...quick], ["resnet18", "samples of 4"]],
    [
      "an unknown objective without labels",
      ["pretrain", "colors", "--objective", "byl"],
      ['"byl"', '"byol"', "of sat-ssl"],
    ],
    ["an unknown objective", ["train", "emb", "--objective", "sta", ...quick], ["--objective", '"sta"', '"sat"']],
    ["an unknown key to set", ["train", "emb", "--set", "batchsize=4"], ["batchsize", "batchSize"]],
    ["a setting without a value", ["train", "emb", "--set", "lr"], ["--set", '"lr"', "key=value"]],
    ["a setting that is not valid YAML", ["train", "emb", "--set", "milestones=[1"], ["--set", "milestones=[1"]],
    ["words for a number", ["train", "emb", "--epochs", "abc"], ["--epochs", '"abc"', "number"]],
    ["not a number", ["train", "emb", "--lr", "NaN"], ["--lr", "NaN"]],
    ["half an epoch", ["train", "emb", "--epochs", "1.5"], ["--epochs", "1.5", "whole number"]],
    ["a negative rate", ["train", "emb", "--lr", "-0.1"], ["--lr", "-0.1"]],
    ["no threads at all", ["train", "emb", "--threads", "0"], ["--threads", '"0"']],
    ["a share over 1", ["train", "emb", "--target-momentum", "2"], ["--target-momentum", "2", "1"]],
    ["a batch larger than the data", ["train", "emb", "--batch-size", "64", ...quick], ["64", "30"]],
    ["patience with nothing to watch", ["train", "emb", "--patience", "2", ...quick], ["--patience", "--val-fraction"]],
    ["a mean without a deviation", ["train", "photos", "--mean", "0.5,0.5,0.5", ...quick], ["--mean", "--std"]],
    ["a mean of nothing", ["train", "photos", "--mean", "0.5,,0.5", ...quick], ["--mean", '""', "number"]],
    ["a deviation of 0", ["train", "photos", "--std", "1,0,1", ...quick], ["--std", "0"]],
    [
      "turns without augmentation",
      ["train", "photos", "--augment", "none", "--rotation", "9", ...quick],
      ["--rotation 9"],
    ],
    ["turns beyond a half", ["train", "photos", "--rotation", "270", ...quick], ["--rotation", "270", "180"]],
    ["a padding as wide as the images", ["train", "photos", "--crop-padding", "16", ...quick], ["16", "crop-padding"]],
    ["a test part of everything", ["train", "photos", "--test-fraction", "1", ...quick], ["--test-fraction", "1"]],
    ["a CUDA device that is absent", ["train", "emb", "--device", "cuda:99", ...quick], ["cuda:99"]],
    [
      "kernels in a precision that they have not",
      ["train", "emb", "--kernels", "amx", "--precision", "fp32", ...quick],
      ["amx", "--kernels auto"],
    ],
    ["kernels nobody knows", ["train", "emb", "--kernels", "fast", ...quick], ["--kernels", '"fast"', "stock"]],
    ["a device nobody knows", ["train", "emb", "--device", "gpu", ...quick], ["gpu", "cuda"]],
    ["doctor of an absent device", ["doctor", "--device", "cuda:99"], ["cuda:99"]],
    ["two folders of data", ["train", "emb", "photos"], ["too many arguments"]],
    ["no data", ["train", "--epochs", "1"], ["train ./photos"]],
    ["an empty name of data", ["train", "", ...quick], ["train ./photos"]],
    ["an empty name of a run", ["train", "emb", "--out", ""], ["--out"]],
    ["data by an argument and by a flag", ["train", "emb", "--data", "photos"], ['"emb"', "--data photos"]],
    ["other data to validate", ["cross-validate", "emb", "--data", "photos", "--out", "p.npy"], ["--data photos"]],
    ["other data to profile", ["profile", "emb", "--data", "photos"], ["--data photos"]],
    ["two runs to start from", ["train", "emb", "--init", "done", "--weights", "a-file"], ["--init done", "--weights"]],
    ["a file for two results", [...validated, "--labels-out", "./p.npy"], ["--out", "--labels-out", "same file"]],
    ["a file for two lists", ["issues", "done", "--csv", "list", "--jsonl", "list"], ["--csv", "--jsonl", "same file"]],
    [
      "a folder for a result",
      ["cross-validate", "emb", "--out", "folder.npy"],
      ["--out", "folder.npy", "not a folder"],
    ],
    ["a file for a study", ["reproduce", "label-noise", "--out", "a-file"], ["--out a-file", "a folder"]],
  ]);
});

describe("recipes and weights", () => {
  refused([
    ["a recipe that is missing", ["train", "gone.yaml"], ["gone.yaml"]],
    ["a recipe that is not valid YAML", ["train", "not.yaml"], ["not.yaml"]],
    ["a recipe that is a list", ["train", "list.yaml"], ["list.yaml", "key: value"]],
    ["a recipe with an unknown key", ["train", "typo.yaml"], ['"epoch"', '"epochs"']],
    ["weights that are missing", ["train", "emb", "--weights", "gone.pth", ...quick], ["gone.pth"]],
    ["weights that are none", ["train", "emb", "--weights", "a-file", ...quick], ["a-file"]],
    ["weights of another network", ["train", "photos", "--weights", "done", ...quick], ["done"]],
  ]);
});

describe("run folders", () => {
  refused([
    ["a run folder that holds a run", ["train", "emb", "--out", "done"], ["done", "--resume"]],
    ["a run folder that is a file", ["train", "emb", "--out", "a-file"], ["a-file"]],
    ["a run folder that holds other things", ["train", "emb", "--out", "photos"], ["photos", "--out"]],
    ["resuming without a run", ["train", "--resume"], ["--resume", "--out"]],
    ["resuming what is no run", ["train", "--resume", "--out", "photos"], ["photos"]],
    ["resuming with other data", ["train", "lonely", "--resume", "--out", "done"], ["--resume", "done"]],
    ["resuming with other options", ["train", "--resume", "--out", "done", "--lr", "0.3"], ["--lr", "0.3"]],
    ["resuming as a dry run", ["train", "--resume", "--out", "done", "--dry-run"], ["--dry-run"]],
    ["resuming by another method", ["train", "--resume", "--out", "done", "--objective", "ce"], ["has objective sat"]],
    ["resuming a finished run that has no checkpoint", ["train", "--resume", "--out", "headless"], ["no checkpoint"]],
    ["extending it", ["train", "--resume", "--out", "headless", "--epochs", "2"], ["headless", "no checkpoint"]],
    ["a run folder with a recipe of the user's", ["train", "own/recipe.yaml", "--out", "own"], ["own", "no run"]],
    ["a summary that is damaged", ["report", "damaged"], ["damaged/summary.json"]],
    ["evaluating what is no run", ["evaluate", "photos"], ["photos", "recipe.yaml"]],
    ["evaluating without a checkpoint", ["evaluate", "headless"], ["headless", "checkpoint"]],
    ["evaluating a best that was not kept", ["evaluate", "done", "--checkpoint", "best"], ["--val-fraction"]],
    ["a checkpoint nobody knows", ["evaluate", "done", "--checkpoint", "lats"], ["lats", "last"]],
    ["evaluating on data of another shape", ["evaluate", "done", "--data", "photos"], ["photos", "3 x 16 x 16"]],
    ["evaluating without a run", ["evaluate"], ["run"]],
  ]);
});

test("the default run folder names what is in its way", () => {
  const [outcome] = selfadaptEach([["train", "../emb", "--width", "8", "--epochs", "1"]], {
    cwd: join(home, "no-runs"),
  });
  expectRefusal(outcome as Traced, ["cannot write runs", "a file of that name is in the way"]);
});

describe("runs that were trained without labels", () => {
  const reason = ["unlabeled was trained without labels, by byol", "train --init unlabeled"];
  refused([
    ["evaluating one", ["evaluate", "unlabeled"], reason],
    ["calibrating one", ["calibrate", "unlabeled", "--risk", "0.1"], reason],
    ["predicting by one", ["predict", "unlabeled", "colors"], reason],
    ["exporting one", ["export", "unlabeled", "--onnx", "model.onnx"], reason],
    ["ranking the labels by one", ["issues", "unlabeled"], reason],
    ["attacking one", ["attack", "unlabeled"], reason],
  ]);
});

describe("attacks", () => {
  const attack = ["attack", "pictures"];
  refused([
    ["an attack on what is no run", ["attack", "photos"], ["photos", "recipe.yaml"]],
    ["an attack on a best that was not kept", [...attack, "--checkpoint", "best"], ["--val-fraction"]],
    ["an attack on what are no images", ["attack", "done"], ["samples of 4", "images"]],
    ["an attack nobody knows", [...attack, "--attack", "autoatack"], ['"autoatack"', '"autoattack"']],
    ["an attack in a negative radius", [...attack, "--epsilon", "-1/255"], ["--epsilon", "-1/255", "8/255"]],
    ["an attack in a radius that is no number", [...attack, "--epsilon", "8/0"], ["--epsilon", "8/0"]],
    ["a norm nobody knows", [...attack, "--norm", "3"], ["--norm", '"3"', "2 or inf"]],
    ["a setting that an attack has not", [...attack, "--attack", "fgsm", "--steps", "5"], ["steps", "5", "fgsm"]],
    ["a loss nobody climbs", [...attack, "--loss", "mse"], ["--loss", '"mse"', "margin"]],
    ["an attack on a checkpoint nobody knows", [...attack, "--checkpoint", "lats"], ["lats", "last"]],
    ["epochs the wrong way round", [...attack, "--checkpoints", "9-3"], ["--checkpoints", "9-3"]],
    ["epochs that were not kept", [...attack, "--checkpoints", "0-3"], ["--checkpoints", "0-3", "--keep-from"]],
    ["two curves at once", [...attack, "--checkpoints", "0-3", "--epsilons", "0,1"], ["--checkpoints", "--epsilons"]],
    ["going on with no attack", [...attack, "--resume"], ["--resume", "stopped"]],
    ["going on with no series", [...attack, "--resume", "--epsilons", "0,1"], ["--resume", "series"]],
    ["results among other things", [...attack, "--out", "photos"], ["--out", "photos"]],
    ["a report of what is no run", ["report", "photos"], ["photos", "recipe.yaml"]],
  ]);
});

describe("the disk", () => {
  const preload = fileURLToPath(new URL("support/failing-disk.mjs", import.meta.url));
  const failing = (code: string) => ({ NODE_OPTIONS: `--import=${preload}`, WRITE_ERROR: code });

  test.each([
    ["a full disk", "ENOSPC", "the disk is full"],
    ["a folder without permission to write", "EACCES", "permission"],
    ["a disk that is read-only", "EROFS", "read-only"],
  ])("%s is named, and nothing half-written is left", (_, code, reason) => {
    const [outcome] = selfadaptEach([["train", "emb", ...quick]], { cwd: home, env: failing(code) });
    expectRefusal(outcome as Traced, ["cannot write", reason]);
  });

  test("a disk that fills up in the middle of a run leaves a run that goes on when there is space", () => {
    const cwd = folder("filling", embeddings());
    const words = ["train", ".", "--width", "8", "--epochs", "3", "--out", "run"];
    const { status, stderr } = selfadapt(words, { cwd, env: { ...failing("ENOSPC"), WRITES_BEFORE: "9" } });
    expect(stderr.split("\n").at(-2)).toMatch(/^error: cannot write .*the disk is full/);
    expect(status).toBe(2);
    expect(readdirSync(cwd, { recursive: true }).filter((name) => String(name).endsWith(".writing"))).toEqual([]);
    expect(selfadapt(["train", "--resume", "--out", "run"], { cwd }).status).toBe(0);
  });
});
