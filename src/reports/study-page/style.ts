// The style of a study's figure. It is a standalone file, so it has fixed colors; plots on pages use those of the page.
import { CONFIG } from "../charts/plot-frame.js";

/** Okabe and Ito's colors (2008), as on the pages, in series order. */
export const SERIES_COLORS = ["#d55e00", "#0072b2", "#00875f", "#a8558a", "#b87a00", "#2b8cc4"] as const;

export const STUDY_CONFIG = {
  ...CONFIG,
  background: "white",
  font: "sans-serif",
  legend: { labelFontSize: 12, title: null, orient: "top", symbolStrokeWidth: 2.5, symbolOpacity: 1, labelLimit: 300 },
  title: { anchor: "start", orient: "bottom", fontSize: 12, fontWeight: "normal", color: "#59626d", offset: 12 },
} as const;
