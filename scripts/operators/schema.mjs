// Reads an operator's schema as libtorch prints it: `aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor`.

/** Splits at commas that stand outside brackets. */
function splitTop(text) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if ("([".includes(text[i])) depth++;
    else if (")]".includes(text[i])) depth--;
    else if (text[i] === "," && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== "");
}

function readArgument(text, keywordOnly) {
  const [, type, name, fallback] = /^(.+?) (\w+)(?:=(.*))?$/.exec(text);
  const plain = type.replace(/\([a-z*]+!?(?: -> [a-z*]+)?\)/g, "");
  return { name, type: plain, written: /!\)/.test(type), keywordOnly, fallback };
}

export function readSchema(text) {
  const open = text.indexOf("(");
  const arrow = text.lastIndexOf(") -> ");
  const [name, overload = ""] = text.slice(0, open).split(".");
  let keywordOnly = false;
  const list = [];
  for (const part of splitTop(text.slice(open + 1, arrow))) {
    if (part === "*") keywordOnly = true;
    else list.push(readArgument(part, keywordOnly));
  }
  const returned = text.slice(arrow + 5).replace(/\([a-z*]+!?(?: -> [a-z*]+)?\)/g, "");
  const results = returned.startsWith("(")
    ? splitTop(returned.slice(1, -1)).map((part) => part.split(" ")[0])
    : [returned];
  return { text, name, overload, arguments: list, results };
}
