// Writes src/torch/generated/operators.ts from the committed schemas, which belong to libtorch 1.13.
//   (no flag)   writes the file
//   --check     fails when the file is not what the schemas give
//   --installed fails when the libtorch that the addon is built for lacks one of the listed operators
//   --snapshot  rewrites the schemas from that libtorch, for the operators of public.txt
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { readSchema } from "./operators/schema.mjs";
import { isExpressible, renderOperators } from "./operators/typescript.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const schemasFile = at("operators/schemas-1.13.txt");
const outputFile = at("../src/torch/generated/operators.ts");

const lines = (file) => readFileSync(file, "utf8").split("\n");
const addon = () => createRequire(import.meta.url)("../build/Release/selfadapt.node");

function publicNames() {
  const listed = lines(at("operators/public.txt")).filter((line) => !line.startsWith("#"));
  return [...new Set(listed.join(" ").split(/\s+/).filter(Boolean))].sort();
}

function snapshot() {
  const native = addon();
  const known = new Map();
  for (const full of native.operatorNames()) {
    const [name, overload = ""] = full.split(".");
    known.set(name, [...(known.get(name) ?? []), overload].sort());
  }
  const schemas = publicNames().flatMap((name) =>
    (known.get(`aten::${name}`) ?? []).map((overload) => native.schema(native.find(`aten::${name}`, overload))),
  );
  const expressible = schemas.filter((schema) => isExpressible(readSchema(schema)));
  writeFileSync(schemasFile, `${expressible.join("\n")}\n`);
}

function missingHere(schemas) {
  const known = new Set(addon().operatorNames());
  const names = schemas.map(({ name, overload }) => (overload ? `${name}.${overload}` : name));
  return names.filter((name) => !known.has(name));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

const flag = process.argv[2];
if (flag === "--snapshot") snapshot();
const schemas = lines(schemasFile).filter(Boolean).map(readSchema);
if (flag === "--installed") {
  const missing = missingHere(schemas);
  if (missing.length > 0) fail(`this libtorch lacks ${missing.length} listed operators: ${missing.join(", ")}`);
} else if (flag === "--check") {
  if (readFileSync(outputFile, "utf8") !== renderOperators(schemas)) {
    fail("src/torch/generated/operators.ts is stale; run: node scripts/generate-operators.mjs");
  }
} else {
  writeFileSync(outputFile, renderOperators(schemas));
}
