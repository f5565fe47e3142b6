// `selfadapt profile`: tables of phases and operators, and nothing written.
import { beforeAll, describe, expect, test } from "vitest";
import { selfadaptEach, type Traced } from "./support/command.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const recipe = "data: emb\nmodel: mlp\nwidth: 4\nbatchSize: 8\nobjective: ce\n";
const quick = ["--steps", "3", "--warmup", "1"];
const refusals: [string[], string][] = [
  [["profile"], "profile needs data: received none; expected a folder or file, such as selfadapt profile ./photos"],
  [["profile", "emb", "--steps", "0"], '--steps: received "0"; expected a whole number of at least 1'],
  [["profile", "nowhere"], "nowhere"],
  [["profile", "emb", "--model", "resnet"], '--model: received "resnet"; expected onnx:FILE or one of'],
];
let outcomes: Traced[];

beforeAll(() => {
  const emb = Object.fromEntries(Object.entries(embeddings(30)).map(([name, content]) => [`emb/${name}`, content]));
  const cwd = temporaryFolder()("home", { ...emb, "recipe.yaml": recipe });
  const profile = ["profile", "recipe.yaml", ...quick];
  outcomes = selfadaptEach([profile, [...profile, "--json", "--lr", "0.01"], ...refusals.map(([words]) => words)], {
    cwd,
  });
}, 60_000);

describe("selfadapt profile", () => {
  test("prints the rate and both tables", () => {
    const { status, stdout, changed } = outcomes[0]!;
    expect({ status, changed }).toEqual({ status: 0, changed: [] });
    expect(stdout).toMatch(/^network +mlp, in fp32 by \w+ kernels on cpu, 1 thread\nmethod +ce, batches of 8\n/);
    expect(stdout).toMatch(/\ntraining +\d+ images\/s, [\d.]+ ms a step\nsteps +3, after 1 that are not timed\n/);
    expect(stdout).toMatch(/\nphase +ms a step +share\ndata +[\d.]+ +[\d.]+%\n/);
    expect(stdout).toMatch(/\noperator +calls +total ms +self ms +share\n/);
    expect(stdout.split("\n\n")[2]?.split("\n")).toHaveLength(18);
  });

  test("prints one JSON object with every operator", () => {
    const { status, stdout } = outcomes[1]!;
    expect(status).toBe(0);
    const measured = JSON.parse(stdout);
    expect(measured).toMatchObject({ model: "mlp", steps: 3, warmup: 1, threads: 1, evaluation: { samples: 24 } });
    const mm = measured.operators.find(({ operator }: { operator: string }) => operator === "aten::addmm");
    expect(mm.calls % 3).toBe(0);
    expect(mm.seconds).toBeGreaterThanOrEqual(mm.selfSeconds);
  });

  test.each(refusals.map(([words, says], i) => [words.join(" "), says, i + 2] as const))(
    "%s is refused in one line",
    (_, says, i) => {
      const { status, stdout, stderr, changed } = outcomes[i]!;
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      expect(stderr).toContain(says);
      expect({ status, stdout, changed }).toEqual({ status: 2, stdout: "", changed: [] });
    },
  );
});
