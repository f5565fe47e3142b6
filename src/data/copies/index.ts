// Copies among samples: exact ones by digests, near ones by pixels.
export { digestsOf, equalPairs, equalPairsBetween, rowDigests } from "./exact.js";
export { groupsOf } from "./groups.js";
export { type CopyPair, leastSimilarity, nearestThumbnails, similarPairs } from "./near.js";
export { type Thumbnails, thumbnailsOf } from "./thumbnails.js";
