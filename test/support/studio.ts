// A studio in this process, and a browser that has opened it.
import { fileURLToPath } from "node:url";
import type { InjectOptions, Response } from "light-my-request";
import { afterAll, expect } from "vitest";
import { createStudio, type StudioOptions } from "../../src/studio/index.js";

const built = fileURLToPath(new URL("../../dist/", import.meta.url));

export const studioHost = "127.0.0.1:8321";

/** Opens the studio of a runs folder; `ask` sends its cookie. A server that failed on its own fails the test file. */
export async function openStudio(root: string, options: Partial<StudioOptions> = {}) {
  const failed: string[] = [];
  const { app, token } = await createStudio({
    root,
    host: "127.0.0.1",
    page: "/nonexistent",
    report: ({ stack }) => void failed.push(String(stack)),
    renewed: () => {},
    threads: 1,
    built,
    ...options,
  });
  afterAll(async () => {
    await app.close();
    expect(failed).toEqual([]);
  });
  const opened = await app.inject({ url: `/?token=${token}`, headers: { host: studioHost } });
  const cookie = String(opened.headers["set-cookie"]).split(";", 1)[0] as string;
  const ask = (url: string, request: InjectOptions = {}): Promise<Response> =>
    app.inject({ url, ...request, headers: { host: studioHost, cookie, ...request.headers } });
  const post = (url: string, payload: object = {}) => ask(url, { method: "POST", payload });
  return { app, token, cookie, opened, ask, post };
}
