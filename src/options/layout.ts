// How data is read where neither folders nor tables say it by their names: options of every command that reads data.
import { z } from "zod";
import { path } from "./fields.js";

const column = () => z.string().min(1).optional().meta({ argument: "name", expected: "the name of a column" });

export const layoutOptions = {
  fileColumn: column().describe("column of a table that names the image files"),
  labelColumn: column().describe("column of a table that holds the labels"),
  splitColumn: column().describe("column of a table that holds train, validation or test"),
  classes: path("file")
    .meta({ argument: "file", expected: "a file", path: true })
    .optional()
    .describe("file of class names, one per line, for data with integer labels"),
  trainDir: path("folder")
    .optional()
    .describe("folder of the training part, if its name is not obvious; . if the data folder holds the classes"),
};

/** Those that were given. */
export interface LayoutOptions {
  readonly fileColumn?: string | undefined;
  readonly labelColumn?: string | undefined;
  readonly splitColumn?: string | undefined;
  readonly classes?: string | undefined;
  readonly trainDir?: string | undefined;
}

/** The layout options among others, without those that were not given. */
export function layoutOf(options: LayoutOptions): { readonly [Key in keyof LayoutOptions]?: string } {
  const given = Object.keys(layoutOptions) as (keyof LayoutOptions)[];
  return Object.fromEntries(given.filter((key) => options[key] !== undefined).map((key) => [key, options[key]]));
}
