import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fixture } from "../../../test/support/golden.js";
import { smallOptions } from "../../../test/support/small-networks.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { readSafetensors, readWeightsFile, setThreads, toStored } from "../../torch/index.js";
import { writeSafetensors } from "../../torch/serialization/index.js";
import { convertWeights, createModel, loadWeights, saveWeights } from "../index.js";

const folder = temporaryFolder();
beforeAll(() => setThreads(1));

/** A small file of torchvision's ResNet-18 names, for five classes. */
async function torchvisionFile(home: string) {
  const model = createModel("resnet18", { classes: 5, width: 4, imageSize: 224 });
  const renamed = [...toStored(model.stateDict())].map(
    ([name, tensor]) => [name.replace("linear.", "fc.").replace(".shortcut.", ".downsample."), tensor] as const,
  );
  const file = join(home, "theirs.safetensors");
  writeFileSync(file, writeSafetensors(new Map([...renamed, ["queue", renamed[0]![1]]])));
  return { file, model };
}

describe("converted weights", () => {
  test("have our names, the classifier of any classes, and load without a rest", async () => {
    const home = folder("converted");
    const { file, model } = await torchvisionFile(home);
    const out = join(home, "ours.safetensors");
    const result = await convertWeights(file, { model: "resnet18", out, width: 4 });
    const state = toStored(model.stateDict());
    expect(result).toEqual({
      file: out,
      model: "resnet18",
      imageSize: 224,
      classes: 5,
      tensors: state.size,
      ignored: ["queue"],
    });
    expect(await readWeightsFile(out)).toEqual(state);
    const { metadata } = readSafetensors(new Uint8Array(readFileSync(out)), out);
    expect(metadata).toEqual({ "selfadapt.model": "resnet18", "selfadapt.imageSize": "224" });
    const other = createModel("resnet18", { classes: 5, width: 4, imageSize: 224 });
    expect(await loadWeights(other, out)).toMatchObject({ loaded: state.size, ignored: [], replaced: [] });
  });

  test("keep the image size of position embeddings, and have no classifier where there was none", async () => {
    const home = folder("positions");
    const vit = createModel("vit-s-16", { classes: 2, imageSize: 64, depth: 1 });
    const body = [...toStored(vit.stateDict())].filter(([name]) => !name.startsWith("head."));
    // As deep as the preset, of the same block.
    const blocks = Array.from({ length: 11 }, (_, i) =>
      body
        .filter(([name]) => name.startsWith("blocks.0."))
        .map(([name, t]) => [name.replace("blocks.0", `blocks.${i + 1}`), t] as const),
    ).flat();
    writeFileSync(join(home, "w.safetensors"), writeSafetensors(new Map([...body, ...blocks])));
    const out = join(home, "ours.safetensors");
    const result = await convertWeights(join(home, "w.safetensors"), { model: "vit-s-16", out });
    expect(result).toMatchObject({ imageSize: 64, classes: null });
    const converted = await readWeightsFile(out);
    expect([converted.get("pos_embed")?.shape, converted.has("head.weight")]).toEqual([[1, 17, 384], false]);
  });

  test("are refused, and nothing written, where they are of another network", async () => {
    const home = folder("refused");
    const out = join(home, "ours.safetensors");
    const file = fixture("backbones/vit.pth");
    await expect(convertWeights(file, { model: "resnet18", out })).rejects.toThrow("vit.pth: none of its");
    await expect(convertWeights(file, { model: "vit-s-16", out })).rejects.toThrow(/vit\.pth: lacks blocks\.2\./);
    await expect(convertWeights(file, { model: "vit", out: join(home, "ours.pth") })).rejects.toThrow(
      "expected a name that ends in .safetensors",
    );
    const model = createModel("convnext", { classes: 2, imageSize: 32, ...smallOptions("convnext") });
    await saveWeights(model, join(home, "w.pth"));
    await expect(convertWeights(join(home, "w.pth"), { model: "convnext-tiny", out, width: 4 })).rejects.toThrow(
      "unknown option `width` of convnext-tiny",
    );
    expect(readdirSync(home)).toEqual(["w.pth"]);
  });
});
