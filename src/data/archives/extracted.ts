// What an archive's extraction gives.

export interface Extracted {
  /** The files, by their paths from the folder. */
  readonly files: readonly string[];
}
