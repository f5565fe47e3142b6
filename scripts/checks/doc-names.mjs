// @ts-check
// Identifiers that a Markdown page names in backticks.

/**
 * The camelCase names in backticks that occur in no source, one line each.
 * @param {string} page path relative to the repository's root
 * @param {string} text
 * @param {ReadonlySet<string>} words every word of the sources
 * @returns {string[]}
 */
export function unknownNames(page, text, words) {
  return text.split("\n").flatMap((line, index) => {
    const code = [...line.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? "").join(" ");
    const names = [...code.matchAll(/\b[a-z]+[A-Z]\w*/g)].map(([name]) => name);
    return names.filter((name) => !words.has(name)).map((name) => `${page}:${index + 1}: no source has ${name}`);
  });
}

/**
 * The words of sources.
 * @param {readonly string[]} texts
 */
export function wordsOf(texts) {
  return new Set(texts.flatMap((text) => text.match(/\b[A-Za-z_]\w*/g) ?? []));
}
