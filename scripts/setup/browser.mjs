// @ts-check
// Chromium, in which the tests look at the page of the studio: found in the usual places, or installed where it may be.

import { delimiter } from "node:path";
import { install } from "./apt.mjs";
import { SetupError } from "./fail.mjs";
import { onPath, privileges } from "./machine.mjs";
import { isStamped, stamp } from "./stamp.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const FOLDERS = ["/usr/bin", "/usr/local/bin", "/snap/bin"];
const MAC = ["Google Chrome", "Chromium"].map((name) => `/Applications/${name}.app/Contents/MacOS`);

/**
 * The browser's path; undefined where there is none. `CHROMIUM` names another.
 * @returns {string | undefined}
 */
export function findChromium({ CHROMIUM: chosen, PATH = "" } = process.env) {
  if (chosen) return chosen;
  const path = [PATH, ...FOLDERS, ...MAC].join(delimiter);
  return [...NAMES, "Google Chrome", "Chromium"].map((name) => onPath(name, path)).find(Boolean);
}

/** Whether it is there, cannot be installed here, or could not be the last time. */
export function isBrowserDone() {
  return Boolean(findChromium() || !onPath("apt-get") || !privileges() || isStamped("browser", process.version));
}

/** Installs it. Where that fails, the tests that need it are skipped with the reason. */
export function installBrowser() {
  try {
    install(["chromium"]);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`${error.message}\nThe tests of the studio's page are skipped without it.`);
    stamp("browser", process.version);
  }
}
