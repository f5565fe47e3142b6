// The page in a browser, with a made-up server for each test.
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { launch, openPage } from "./browser.js";
import { type FakeStudio, startFakeStudio } from "./fake-server.js";

export interface StudioPage {
  readonly browser: Browser;
  /** The server of the running test. */
  readonly studio: FakeStudio;
  /** Opens a new page at an address, "" or from "#" on. */
  readonly open: (address: string) => Promise<Page>;
}

/** To be called in a `describe`: one browser for its tests, closed at the end. */
export function useStudioPage(): StudioPage {
  let browser: Browser;
  let studio: FakeStudio;
  beforeAll(async () => {
    browser = await launch();
  });
  beforeEach(async () => {
    studio = await startFakeStudio();
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await studio.close();
  });
  afterAll(() => browser.close());
  return {
    get browser() {
      return browser;
    },
    get studio() {
      return studio;
    },
    open: (address) => openPage(browser, studio.url + address),
  };
}
