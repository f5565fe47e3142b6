// The TypeScript of the docs compiles as it is written, given what the text around it says is there.
import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { expect, it } from "vitest";
import { blocksIn, problemsOf, type Snippet } from "./support/snippets.js";

const training = `
  import { selfAdaptive } from "selfadapt";
  import { scope, type Tensor } from "selfadapt/torch";
  declare const labels: Tensor, logits: Tensor, images: Tensor;
  declare const batchLabels: number[], batchIndex: number[];
  declare const epoch: number;
  declare const model: { forward(images: Tensor): Tensor };`;

const network = `
  import { defineNetwork, width } from "../src/models/define-network.js";
  import type { Network } from "../src/models/network.js";
  declare const Tiny: new (channels: number, width: number, outputs: number) => Network;`;

/** What the text around the blocks of a page declares. */
const preludes: Readonly<Record<string, string>> = {
  "README.md": training,
  "docs/how-it-works.md": training,
  "docs/networks.md": network,
};

/** Pages whose blocks are files of the repository. */
const files: Readonly<Record<string, readonly string[]>> = {
  "docs/add-a-method.md": ["src/objectives/poly.ts", "src/methods/poly.ts"],
  "docs/add-an-option.md": ["src/evaluation/probe/held-out-options.ts"],
};

const pages = globSync(["README.md", "docs/*.md", "examples/*.md"]);

const snippets: Snippet[] = pages.flatMap((page) =>
  blocksIn(readFileSync(page, "utf8")).map((code, i) => {
    const path = files[page]?.[i] ?? `test/snippet-of-${page.replaceAll(/\W/g, "-")}-${i + 1}.ts`;
    return { path, text: withPrelude(preludes[page] ?? "", code) };
  }),
);

/** The prelude's imports, unless the code has them itself. */
function withPrelude(prelude: string, code: string): string {
  const needed = prelude.split("\n").filter((line) => {
    const names = line.match(/import (?:type )?\{ (.*) \}/)?.[1]?.split(", ") ?? [];
    return !names.some((name) => code.match(/^import .*$/gm)?.some((own) => own.includes(name.replace("type ", ""))));
  });
  return `${needed.join("\n")}\n${code}\nexport {};\n`;
}

/** Not in any page: an error that must be found. */
const wrong = { path: "test/wrong.ts", text: 'import { train } from "selfadapt";\nawait train({ epochs: "ten" });\n' };

it("compiles, and an error in it would be found", () => {
  expect(snippets.length).toBeGreaterThan(8);
  const extra = { "src/objectives/index.ts": 'export { polyLoss } from "./poly.js";' };
  expect(problemsOf([...snippets, wrong], extra)).toEqual([
    expect.stringContaining("test/wrong.ts: Type 'string' is not assignable"),
  ]);
});
