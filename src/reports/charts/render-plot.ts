// A Vega-Lite specification drawn as SVG, without a browser. Vega is loaded when the first plot is.
import type { TopLevelSpec } from "vega-lite";
import { optionalPackage, reportPackages } from "../../optional-package.js";

const loadVega = () =>
  optionalPackage("a report", reportPackages, () => Promise.all([import("vega-lite"), import("vega")]));

/**
 * The SVG element of a Vega-Lite specification, as text.
 *
 * Throws an Error when the specification is not one that Vega can draw.
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

// A hundredth of a pixel is not seen, and sixteen digits of every point double the size of a page.
function shortenPaths(svg: string): string {
  return svg.replace(/ d="[^"]*"/g, (path) =>
    path.replace(/-?\d+\.\d{3,}(e-?\d+)?/g, (digits) => String(Number(Number(digits).toFixed(2)))),
  );
}
