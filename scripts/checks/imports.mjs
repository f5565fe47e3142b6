// @ts-check
// Reads which modules a TypeScript file imports or re-exports.

import ts from "typescript";

/**
 * One import: where from, on which line, whether only types come along, and whether it is a bare `export *`.
 * @typedef {{ from: string, line: number, typeOnly: boolean, wildcard: boolean }} Import
 */

/**
 * Every import, re-export and dynamic import of a source text.
 * @param {string} text
 * @returns {Import[]}
 */
export function importsOf(text) {
  const source = ts.createSourceFile("module.ts", text, ts.ScriptTarget.Latest, true);
  /** @type {Import[]} */
  const found = [];
  /** @param {ts.Node} node */
  const visit = (node) => {
    const from = importedModule(node);
    if (from) found.push({ from, line: lineOf(source, node), typeOnly: isTypeOnly(node), wildcard: isWildcard(node) });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** @param {ts.Node} node @returns {string | undefined} */
function importedModule(node) {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return textOf(node.moduleSpecifier);
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? textOf(node.argument.literal) : undefined;
  const isCall = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isCall ? textOf(node.arguments[0]) : undefined;
}

/** @param {ts.Node | undefined} node */
function textOf(node) {
  return node && ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** @param {ts.Node} node */
function isTypeOnly(node) {
  if (ts.isImportDeclaration(node)) return node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return ts.isImportTypeNode(node) || (ts.isExportDeclaration(node) && node.isTypeOnly);
}

/** @param {ts.Node} node */
function isWildcard(node) {
  return ts.isExportDeclaration(node) && node.exportClause === undefined;
}

/** @param {ts.SourceFile} source @param {ts.Node} node */
function lineOf(source, node) {
  return source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
}
