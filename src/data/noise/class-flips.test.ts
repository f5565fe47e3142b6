import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { classNames, noisy, refusal, smallEmbeddings, transitions } from "../../../test/support/noise-data.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { writeNpy } from "../tables/npy.js";
import { applyNoise } from "./apply.js";

const cifar10 = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
const hundred = smallEmbeddings(700, 100);

/** The classes of CIFAR-100 from z to a. */
const cifar100Backwards = [
  "worm woman wolf willow_tree whale wardrobe turtle tulip trout train tractor tiger television telephone tank",
  "table sweet_pepper sunflower streetcar squirrel spider snake snail skyscraper skunk shrew shark seal sea rose",
  "rocket road ray raccoon rabbit possum porcupine poppy plate plain pine_tree pickup_truck pear palm_tree otter",
  "orchid orange oak_tree mushroom mouse mountain motorcycle maple_tree man lobster lizard lion leopard",
  "lawn_mower lamp keyboard kangaroo house hamster girl fox forest flatfish elephant dolphin dinosaur cup",
  "crocodile crab couch cockroach cloud clock chimpanzee chair caterpillar cattle castle can camel butterfly bus",
  "bridge boy bowl bottle bicycle beetle bee bed bear beaver baby apple aquarium_fish",
].flatMap((line) => line.split(" "));

describe("asymmetric noise", () => {
  it("of CIFAR-10 flips the five similar classes, each exactly by the rate, and no other", async () => {
    const samples = smallEmbeddings(1000, 10);
    const counts = transitions(
      samples.labels,
      (await noisy("asymmetric:0.29", samples, 1, cifar10)).samples.labels,
      10,
    );
    const targets: Record<string, string> = {
      truck: "automobile",
      bird: "airplane",
      deer: "horse",
      cat: "dog",
      dog: "cat",
    };
    cifar10.forEach((name, i) => {
      const expected = new Array<number>(10).fill(0);
      const target = targets[name];
      expected[i] = target === undefined ? 100 : 71;
      if (target !== undefined) expected[cifar10.indexOf(target)] = 29;
      expect(counts[i], name).toEqual(expected);
    });
  });

  // The superclass of each fine label 0 to 99, in the numbers of the data set's own coarse labels.
  const coarse = [
    4, 1, 14, 8, 0, 6, 7, 7, 18, 3, 3, 14, 9, 18, 7, 11, 3, 9, 7, 11, 6, 11, 5, 10, 7, 6, 13, 15, 3, 15, 0, 11, 1, 10,
    12, 14, 16, 9, 11, 5, 5, 19, 8, 8, 15, 13, 14, 17, 18, 10, 16, 4, 17, 4, 2, 0, 17, 4, 18, 17, 10, 3, 2, 12, 12, 16,
    12, 1, 9, 19, 2, 10, 0, 1, 16, 12, 9, 13, 15, 13, 16, 19, 2, 4, 6, 19, 5, 5, 8, 19, 18, 1, 2, 15, 6, 0, 17, 8, 14,
    13,
  ];

  it("of CIFAR-100 flips every class to the next of its superclass, the last to the first", async () => {
    const numbered = Array.from({ length: 100 }, (_, i) => String(i));
    const spec = { kind: "asymmetric", rate: 1 } as const;
    const { samples } = await applyNoise({ samples: hundred, classes: numbered, format: "cifar-100", spec, seed: 0 });
    for (let fine = 0; fine < 100; fine++) {
      const family = [...coarse.keys()].filter((other) => coarse[other] === coarse[fine]);
      expect(samples.labels[fine]).toBe(family[(family.indexOf(fine) + 1) % 5]);
    }
  });

  it("of CIFAR-100 knows the classes by their names, in any order", async () => {
    const { samples } = await applyNoise({
      samples: hundred,
      classes: cifar100Backwards,
      spec: { kind: "asymmetric", rate: 1 },
      seed: 0,
    });
    const mistaken = (name: string) => cifar100Backwards[samples.labels[cifar100Backwards.indexOf(name)]!];
    expect(["beaver", "whale", "willow_tree", "tank", "woman"].map(mistaken)).toEqual([
      "dolphin",
      "beaver",
      "maple_tree",
      "tractor",
      "baby",
    ]);
  });

  it("flips by a map of names or numbers, rounding down in each class", async () => {
    const samples = { values: new Float32Array(8), shape: [1], labels: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 2) };
    const { labels } = (await noisy("asymmetric:0.5:ant=bee,1=2,cow=ant", samples, 3, ["ant", "bee", "cow"])).samples;
    expect(transitions(samples.labels, labels, 3)).toEqual([
      [3, 2, 0],
      [0, 1, 1],
      [0, 0, 1],
    ]);
  });

  it("without a map refuses classes that have none, with an example of them", async () => {
    const samples = smallEmbeddings(30, 3);
    expect(await refusal(noisy("asymmetric:0.4", samples, 0, ["ant", "bee", "cow"]))).toBe(
      'InputError: noise "asymmetric:0.4" has no map for the classes ant, bee, cow; expected a map, such as asymmetric:0.4:ant=bee,bee=ant',
    );
    expect(await refusal(noisy("asymmetric:0.4", samples, 0, ["a,b", "c", "d"]))).toContain("asymmetric:0.4:0=1,1=0");
  });

  it.each([
    ["ant=emu", 'noise map "ant=emu": label "emu" is no class; expected one of ant, bee, cow, or 0 to 2'],
    ["ant=3", 'noise map "ant=3": label 3 is out of range; expected 0 to 2'],
    ["ant=0", 'noise map "ant=0" maps a class to itself; expected another class'],
    ["ant=bee,0=2", 'noise map "0=2" gives the source a second target; expected one for each'],
  ])("refuses the map %s", async (map, message) => {
    const samples = smallEmbeddings(30, 3);
    const line = await refusal(noisy(`asymmetric:0.4:${map}`, samples, 0, ["ant", "bee", "cow"]));
    expect(line).toBe(`InputError: ${message}`);
  });
});

describe("pair noise", () => {
  it("flips exactly the rate of every class to the next, the last to the first", async () => {
    const samples = smallEmbeddings(60, 3);
    const { labels } = (await noisy("pair:0.45", samples, 2, classNames(3))).samples;
    expect(transitions(samples.labels, labels, 3)).toEqual([
      [11, 9, 0],
      [0, 11, 9],
      [9, 0, 11],
    ]);
  });
});

describe("noise by a matrix", () => {
  const folder = temporaryFolder()("matrices");
  const written = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const names = ["ant", "bee", "cow"];
  const samples = smallEmbeddings(30, 3);
  const relabel = (path: string) => noisy(`matrix:${path}`, samples, 4, names);
  const countsOf = async (path: string) => transitions(samples.labels, (await relabel(path)).samples.labels, 3);
  const rows = ["0.7,0.3,0", "0.1,0.8,0.1", "0.25,0.25,0.5"];
  // 10 samples a class: the 2.5 + 2.5 + 5 of the last row leave one, which goes to the first of equal remainders.
  const expected = [
    [7, 3, 0],
    [1, 8, 1],
    [3, 2, 5],
  ];

  it("gives each class exactly its row's shares, by largest remainder", async () => {
    expect(await countsOf(written("plain.csv", rows.join("\n")))).toEqual(expected);
    const thirds = written("thirds.csv", "0.333,0.333,0.334\n0,1,0\n0.04,0.04,0.92");
    expect(await countsOf(thirds)).toEqual([
      [3, 3, 4],
      [0, 10, 0],
      [1, 0, 9],
    ]);
  });

  it("takes class names above the rows, in any order, which then holds for the rows too", async () => {
    expect(await countsOf(written("named.csv", ["ant,bee,cow", ...rows].join("\n")))).toEqual(expected);
    const turned = written("turned.csv", "cow,ant,bee\n0.5,0.25,0.25\n0,0.7,0.3\n0.1,0.1,0.8\n");
    expect(await countsOf(turned)).toEqual(expected);
  });

  it("takes floats of .npy", async () => {
    const flat = Float32Array.from(rows.flatMap((row) => row.split(",").map(Number)));
    expect(await countsOf(written("matrix.npy", writeNpy(flat, [3, 3])))).toEqual(expected);
  });

  it.each([
    ["small.csv", "1,0\n0,1", "2 rows of 2 entries; expected a 3 x 3 matrix, a row a class"],
    ["ragged.csv", "1,0,0\n0,1,0\n0,1", "not a table that can be read"],
    ["names.csv", "ant,bee,eel\n1,0,0\n0,1,0\n0,0,1", 'the header has no "cow"; expected the class names'],
    ["text.csv", "1,0,0\n0,one,0\n0,0,1", 'text.csv: entry "one" is not a number; expected fractions from 0 to 1'],
    ["negative.csv", "1.1,-0.1,0\n0,1,0\n0,0,1", 'row of class "ant": entry 1.1; expected fractions from 0 to 1'],
    ["sum.csv", "1,0,0\n0,0.5,0.4\n0,0,1", 'row of class "bee": the entries sum to 0.9; expected 1'],
    ["flat.npy", writeNpy(Float64Array.of(1, 0, 0)), "shape (3); expected a matrix"],
  ])("refuses %s in one line", async (name, content, message) => {
    const line = await refusal(relabel(written(name, content)));
    expect(line).toMatch(/^InputError: /);
    expect(line).toContain(message);
    expect(line).not.toContain("\n");
  });
});
