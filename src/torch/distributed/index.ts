// Several processes as one: ranks, their group, and what they exchange.
export { type Block, blockBounds } from "./blocks.js";
export { reportedFailure, reportFailure } from "./failure.js";
export { blockOf, gatherTexts, gatherValues } from "./gather.js";
export { type GradientReducer, gradientReducer } from "./gradients.js";
export { type GroupOptions, openGroup, type ProcessGroup, type Reduction, soloGroup } from "./group.js";
export { fetchRows, planRows, type RowPlan, returnRows } from "./owned-rows.js";
export { type Ranks, ranksFrom } from "./ranks.js";
export { type GatheredRows, gatherRowsNow } from "./rows.js";
export { sendToFirst } from "./send.js";
export { hasGloo, type SharedStore, serveStore, storeAnswers } from "./store.js";
