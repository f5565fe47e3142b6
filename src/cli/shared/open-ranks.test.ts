import { afterEach, expect, test, vi } from "vitest";
import { inRanks } from "./open-ranks.js";

afterEach(() => vi.unstubAllEnvs());

test("a process of a launch refuses to start another number of them", async () => {
  const environment = {
    RANK: "1",
    WORLD_SIZE: "4",
    LOCAL_WORLD_SIZE: "2",
    MASTER_ADDR: "host-a",
    MASTER_PORT: "29500",
  };
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  await expect(inRanks({ nproc: 4, rankTimeout: 1 }, async () => {})).rejects.toThrow(
    "`nproc`: received 4 in one of 2 processes that launch or torchrun has started here; expected 2, or none",
  );
});
