// `convert` from the command line.
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createModel, saveWeights } from "../src/models/index.js";
import { selfadapt } from "./support/command.js";
import { fixture } from "./support/golden.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();

describe("convert", () => {
  test("writes safetensors, and prints what is in them", async () => {
    const home = folder("home");
    await saveWeights(createModel("resnet18", { classes: 3, width: 4, imageSize: 224 }), join(home, "w.pth"));
    const words = ["convert", "w.pth", "--model", "resnet18", "--width", "4", "--out", "ours.safetensors"];
    const plain = selfadapt(words, { cwd: home });
    expect({ status: plain.status, stderr: plain.stderr }).toEqual({ status: 0, stderr: "" });
    expect(plain.stdout).toMatch(/resnet18, 122 tensors, images of 224 pixels\nclassifier +3 classes/);
    const { stdout } = selfadapt([...words, "--json"], { cwd: home });
    expect(JSON.parse(stdout)).toMatchObject({ model: "resnet18", classes: 3, tensors: 122, ignored: [] });
  });

  test("refuses another network in one line, and writes nothing", () => {
    const home = folder("refused");
    copyFileSync(fixture("backbones/vit.pth"), join(home, "vit.pth"));
    const { status, stderr } = selfadapt(["convert", "vit.pth", "--model", "resnet18", "--out", "o.safetensors"], {
      cwd: home,
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: vit\.pth: none of its 32 tensors has a name of this model; [^\n]+\n$/);
    expect(readdirSync(home)).toEqual(["vit.pth"]);
  });
});
