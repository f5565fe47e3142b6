// Renders a Vega-Lite specification as SVG, without a browser. Vega is loaded on first use.
import type { TopLevelSpec } from "vega-lite";
import { optionalPackage, reportPackages } from "../../optional-package.js";

const loadVega = () =>
  optionalPackage("a report", reportPackages, () => Promise.all([import("vega-lite"), import("vega")]));

/**
 * The SVG element of a Vega-Lite specification, as text.
 *
 * @throws Error for a specification that Vega cannot render.
 * @see https://vega.github.io/vega/docs/api/view/#view_toSVG
 */
export async function renderPlot(specification: TopLevelSpec): Promise<string> {
  const [{ compile }, { parse, View }] = await loadVega();
  const view = new View(parse(compile(specification).spec), { renderer: "none" });
  try {
    return shortenPaths(await view.toSVG());
  } finally {
    view.finalize();
  }
}

// Rounds coordinates to a hundredth of a pixel, which halves the size of a page.
function shortenPaths(svg: string): string {
  return svg.replace(/ d="[^"]*"/g, (path) =>
    path.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(2)))),
  );
}
