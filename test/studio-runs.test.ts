// Runs that the studio starts, watches, stops and resumes: real processes that train.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStudio } from "./support/studio.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { outcomeOf, tinyRecipe } from "./support/tiny-run.js";
import { until } from "./support/until.js";

const folder = temporaryFolder();
const recipe = { ...tinyRecipe, data: "shapes:train=60,test=20,size=16,seed=3", epochs: 40 };

/** Reads a stream of events into a list of [name, data]. */
async function watch(url: string, cookie: string) {
  const seen: [string, unknown][] = [];
  const ids: string[] = [];
  const controller = new AbortController();
  const response = await fetch(url, { headers: { cookie }, signal: controller.signal });
  const read = async () => {
    let text = "";
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop()!;
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1];
        if (field("event") === undefined) continue;
        ids.push(field("id")!);
        seen.push([field("event")!, JSON.parse(field("data")!)]);
      }
    }
  };
  read().catch(() => {});
  return { seen, ids, close: () => controller.abort() };
}

test("a run is started, watched as it grows, stopped, resumed and finished, and outlives the server", async () => {
  const root = folder("runs");
  const { app, post, cookie } = await openStudio(root);
  const base = await app.listen({ host: "127.0.0.1", port: 0 });
  const port = new URL(base).port;
  const ownCookie = cookie.replace("8321", port);
  const begun = await post("/api/runs", { recipe });
  expect(begun.json()).toEqual({ id: expect.stringMatching(/^shapes-sat-1$/) });
  const { id } = begun.json() as { id: string };
  const stream = await watch(`${base}/api/runs/${id}/events`, ownCookie);
  const epochs = () =>
    stream.seen.flatMap(([name, data]) => (name === "epoch" ? [(data as { epoch: number }).epoch] : []));
  await until(() => epochs().length >= 2);
  expect((await post(`/api/runs/${id}/stop`)).json()).toEqual({
    message: `${id} saves after its current step and stops`,
  });
  await until(() =>
    stream.seen.some(([name, data]) => name === "status" && (data as { status: string }).status === "stopped"),
  );
  stream.close();
  expect((await post(`/api/runs/${id}/resume`)).json()).toEqual({ message: `${id} is resumed` });
  const after = await watch(`${base}/api/runs/${id}/events?after=${stream.ids.at(-1)}`, ownCookie);
  await until(() => after.seen.some(([name]) => name === "reset"));
  after.close();
  await app.close();
  const run = join(root, id);
  await until(() => existsSync(join(run, "summary.json")) && !existsSync(join(run, "lock.json")));
  expect(epochs()).toEqual([...epochs().keys()]);
  expect(outcomeOf(run).metrics).toHaveLength(40);
}, 120_000);

test("a run that cannot begin is refused with its own error line, and leaves no folder", async () => {
  const root = folder("none");
  const { post } = await openStudio(root);
  const response = await post("/api/runs", { recipe: { ...recipe, data: join(root, "nothing-here") } });
  expect(response.statusCode).toBe(400);
  expect(response.json()).toEqual({ error: expect.stringContaining("nothing-here") });
  expect(existsSync(join(root, "nothing-here-sat-1"))).toBe(false);
});
