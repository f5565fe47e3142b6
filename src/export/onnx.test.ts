import { writeFileSync } from "node:fs";
import { join } from "node:path";
import onnxProto, { type onnx } from "onnx-proto";
import { describe, expect, test } from "vitest";
import { CLASSES, optionsFor, smallNetwork, smallSelectiveNetwork } from "../../test/support/exported.js";
import { python3 } from "../../test/support/python.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { type OutputScore, scoreNames } from "../metrics/index.js";
import { modelNames } from "../models/index.js";
import { liveTensors } from "../torch/index.js";
import { type OnnxOptions, OPSET, requireEncodable, toOnnx } from "./onnx.js";

const folder = temporaryFolder();
const outputScores = scoreNames.filter((score) => score !== "mc-dropout");

describe("the file", () => {
  const options = optionsFor([3, 16, 16], { metadata: { "selfadapt.classes": '["a","b"]' } });
  const network = smallNetwork("resnet18", { imageSize: 16 });
  const bytes = toOnnx(network, options);
  const model = onnxProto.onnx.ModelProto.decode(bytes);

  test("states its operator set, its maker and its metadata", () => {
    expect(model.opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([["", OPSET]]);
    expect(model.producerName).toBe("selfadapt");
    expect(model.metadataProps.map(({ key, value }) => [key, value])).toEqual([["selfadapt.classes", '["a","b"]']]);
  });

  test("holds the weights under their names, in float32, and nothing in bfloat16", () => {
    const names = model.graph?.initializer?.map(({ name }) => name) ?? [];
    const own = [...network.stateDict().keys()].filter((name) => !name.endsWith("num_batches_tracked"));
    expect(names).toEqual(expect.arrayContaining(own));
    const { FLOAT, DOUBLE, INT64 } = onnxProto.onnx.TensorProto.DataType;
    for (const { dataType } of model.graph?.initializer ?? []) expect([FLOAT, DOUBLE, INT64]).toContain(dataType);
  });

  test("names its inputs and outputs with a free batch", () => {
    const sizes = (value: onnx.IValueInfoProto) =>
      value.type?.tensorType?.shape?.dim?.map(({ dimParam, dimValue }) => dimParam || Number(dimValue));
    const described = (values: onnx.IValueInfoProto[] | null | undefined) =>
      values?.map((value) => [value.name, sizes(value)]);
    expect(described(model.graph?.input)).toEqual([["images", ["batch", 3, 16, 16]]]);
    expect(described(model.graph?.output)).toEqual([
      ["logits", ["batch", CLASSES]],
      ["probabilities", ["batch", CLASSES]],
      ["label", ["batch"]],
      ["confidence", ["batch"]],
      ["abstained", ["batch"]],
    ]);
  });

  test("is the same each time, and leaves no tensor behind", () => {
    const before = liveTensors();
    expect(toOnnx(network, options)).toEqual(bytes);
    expect(liveTensors()).toBe(before);
  });

  test("passes ONNX's own checker, of every network and score", ({ skip }) => {
    if (!python3("import onnx").ok) skip("there is no Python with onnx here");
    const home = folder("checked");
    const networks = modelNames.map((name) => smallSelectiveNetwork(name, { imageSize: 32 }));
    const files = networks.map((network, i) => {
      const score = outputScores[i % outputScores.length] as OutputScore;
      const file = join(home, `${i}.onnx`);
      writeFileSync(file, toOnnx(network, optionsFor([3, 32, 32], { score, temperature: 2, threshold: 0.5 })));
      return file;
    });
    const script = "import onnx, sys; [onnx.checker.check_model(onnx.load(f), full_check=True) for f in sys.argv[1:]]";
    expect(python3(script, ...files)).toEqual({ ok: true, said: "" });
  });
});

describe("refused is", () => {
  test("a network of more than protobuf can hold, with its size", () => {
    expect(() => requireEncodable(2 ** 31)).toThrow(/^the weights take 2.15 GB; .* narrower network or `safetensors`$/);
    expect(() => requireEncodable(1.9e9)).not.toThrow();
  });

  test("a network in float64", () => {
    const network = smallNetwork("mlp", { features: 3 }).to("float64");
    expect(() => toOnnx(network, optionsFor([3]))).toThrow("layers.0.weight is float64; expected float32");
  });

  test("a score whose column the network has not, and fewer outputs than classes", () => {
    const network = smallNetwork("mlp", { features: 3 });
    const by = (options: Partial<OnnxOptions>) => () => toOnnx(network, optionsFor([3], options));
    expect(by({ score: "abstention" })).toThrow(
      "5 outputs; expected at least 6 for 5 classes and the score abstention",
    );
    expect(by({ classes: 6 })).toThrow("5 outputs; expected at least 6");
  });
});
