// Opens an address in the browser, where there is a display.
import { spawn } from "node:child_process";

/** Where there is none, or no browser, nothing happens: the address is printed anyway. */
export function openBrowser(url: string): void {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === "darwin") start("open", url);
  else if (DISPLAY || WAYLAND_DISPLAY) start("xdg-open", url);
}

function start(command: string, url: string): void {
  const child = spawn(command, [url], { detached: true, stdio: "ignore" });
  child.on("error", () => {});
  child.unref();
}
