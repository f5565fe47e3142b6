// The label of a WebDataset sample: `.cls`, a key of `.json`, or `.txt`.
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import { readAt } from "../../containers/read-at.js";
import type { TarMember } from "../../containers/tar-index.js";
import { labelNames } from "../../tables/columns.js";
import type { TarSample } from "./tar-samples.js";

/** The fields that may hold a label, in the order in which they are looked for. */
export const labelFields = ["cls", "json", "txt"];
/** A label is short; a JSON object of facts on an image is not much longer. */
const largest = 2 ** 20;

/**
 * The label as text, class number or name; "" for a sample without one.
 * @param key of a JSON object, in place of the usual ones
 *
 * Throws `InputError` for a label that is no text of one line, and for JSON without a label.
 */
export async function labelOf(path: string, { fields }: TarSample, key: string | undefined): Promise<string> {
  const field = key === undefined ? labelFields.find((name) => fields.has(name)) : "json";
  const member = field === undefined ? undefined : fields.get(field);
  if (member === undefined) return "";
  if (member.size > largest) throw new InputError(`${path}/${member.name}: ${member.size} bytes are no label`);
  const text = (await readAt(path, member.offset, member.size)).toString("utf8").trim();
  const label = field === "json" ? labelInJson(path, member, text, key) : text;
  if (label.includes("\n")) throw new InputError(`${path}/${member.name}: several lines; expected one label`);
  return label === "-1" ? "" : label;
}

function labelInJson(path: string, { name }: TarMember, text: string, key: string | undefined): string {
  const value = parsed(text);
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) throw new InputError(`${path}/${name}: not JSON with a label`);
  const given = value as Readonly<Record<string, unknown>>;
  const found = key ?? ["cls", ...labelNames].find((known) => known in given);
  const label = found === undefined ? undefined : given[found];
  if (label === null) return "";
  if (typeof label === "string" || Number.isInteger(label)) return String(label);
  const keys = Object.keys(given).slice(0, 10).join(", ");
  throw new InputError(
    `${path}/${name}: its keys are ${keys}, and none is a label; expected one, or ${option("labelColumn", "NAME")}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
