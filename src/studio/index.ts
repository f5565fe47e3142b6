// The studio: a local page to watch runs and to review their data.
export { createStudio, type Studio, type StudioOptions } from "./server/studio.js";
