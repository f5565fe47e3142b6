// Colors of classes on the map: hues evenly around the circle, neighbors in the list far apart.

/** A color that is told apart on light and on dark ground. */
export function classColor(label: number, classes: number): string {
  if (label < 0) return "hsl(0 0% 55%)";
  const hue = (360 * ((label * coprimeStep(classes)) % classes)) / classes;
  return `hsl(${Math.round(hue)} 65% ${label % 2 === 0 ? 46 : 58}%)`;
}

/** About two fifths of the circle, and visiting every hue once. */
function coprimeStep(classes: number): number {
  let step = Math.max(1, Math.round(classes * 0.4));
  while (step > 1 && greatestDivisor(step, classes) > 1) step -= 1;
  return step;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}
