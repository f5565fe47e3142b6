// Training without labels at the command line: which command is for which method.
import { expect, test } from "vitest";
import { selfadapt } from "./support/command.js";

test("train refuses a method without labels and names pretrain, and the other way round", () => {
  const byTrain = selfadapt(["train", "photos", "--objective", "byol"]);
  expect(byTrain.status).toBe(2);
  expect(byTrain.stderr).toContain(
    "--objective byol trains without labels: received it in train; expected selfadapt pretrain",
  );
  const byPretrain = selfadapt(["pretrain", "photos", "--objective", "sat"]);
  expect(byPretrain.status).toBe(2);
  expect(byPretrain.stderr).toContain(
    "--objective sat trains from labels: received it in pretrain; expected selfadapt train",
  );
});
