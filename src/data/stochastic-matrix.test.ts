import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { InputError } from "../errors.js";
import { writeNpy } from "./npy.js";
import { readStochasticMatrix } from "./stochastic-matrix.js";

const folder = temporaryFolder();
const classes = ["cat", "dog"];
let files = 0;

const write = (name: string, content: string | Uint8Array) =>
  `${folder(`set-${files++}`, { [name]: content })}/${name}`;

async function refusal(path: string): Promise<string> {
  const error: unknown = await readStochasticMatrix(path, classes).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(InputError);
  return (error as Error).message.replace(path, "FILE");
}

describe("a matrix of shares", () => {
  it.each<[string, string, string | Uint8Array]>([
    ["a .npy file", "t.npy", writeNpy(Float64Array.of(0.75, 0.25, 0.5, 0.5), [2, 2])],
    ["a .csv file", "t.csv", "0.75, 0.25\n0.5, 0.5\n"],
    ["a .csv file under the class names", "T.CSV", "cat,dog\n0.75,0.25\n0.5,0.5\n"],
  ])("is read from %s, row by row", async (_, name, content) => {
    expect([...(await readStochasticMatrix(write(name, content), classes))]).toEqual([0.75, 0.25, 0.5, 0.5]);
  });

  it("may have classes with numbers for names, with and without them as the header", async () => {
    for (const text of ["0,1\n0,1\n1,0\n", "0,1\n1,0\n"]) {
      expect([...(await readStochasticMatrix(write("t.csv", text), ["0", "1"]))]).toEqual([0, 1, 1, 0]);
    }
  });

  it.each<[string, string, string | Uint8Array, string]>([
    [
      "of another size",
      "t.csv",
      "1,0,0\n0,1,0\n0,0,1\n",
      "FILE: a matrix of 3 x 3; expected 2 x 2, a row and a column a class",
    ],
    [
      "with a ragged row",
      "t.csv",
      "1,0\n0,1,0\n",
      "FILE: a matrix of 2 x 3; expected 2 x 2, a row and a column a class",
    ],
    [
      "that is no matrix",
      "t.npy",
      writeNpy(Float64Array.of(1, 0)),
      "FILE: shape (2); expected a matrix, a row and a column a class",
    ],
    [
      "with a negative share",
      "t.csv",
      "1,0\n-0.5,1.5\n",
      "FILE, row 2: -0.5 is no share; expected numbers from 0 to 1",
    ],
    ["with a row of another sum", "t.csv", "0.9,0.2\n0,1\n", "FILE, row 1: sums to 1.1000; expected 1"],
    [
      "with what is no number",
      "t.npy",
      writeNpy(Float32Array.of(Number.NaN, 1, 0, 1), [2, 2]),
      "FILE, row 1: NaN is no share; expected numbers from 0 to 1",
    ],
    [
      "under names of other classes",
      "t.csv",
      "dog,cat\n1,0\n0,1\n",
      'FILE, row 1: "dog" is no number; expected shares, under no header or the class names in order',
    ],
    [
      "with an empty place",
      "t.csv",
      "1,0\n,1\n",
      'FILE, row 2: "" is no number; expected shares, under no header or the class names in order',
    ],
    ["with nothing in it", "t.csv", "", "FILE: a matrix of 1 x 0; expected 2 x 2, a row and a column a class"],
  ])("%s is refused in one line", async (_, name, content, message) => {
    expect(await refusal(write(name, content))).toBe(message);
  });
});
