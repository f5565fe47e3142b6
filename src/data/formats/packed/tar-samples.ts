// The samples of a WebDataset shard: consecutive files of one key.
// @see https://github.com/webdataset/webdataset, whose `base_plus_ext` splits names into keys and fields
import type { TarMember } from "../../containers/tar-index.js";

/** The files of one sample, by their fields: `jpg`, `cls`, `seg.png`. */
export interface TarSample {
  readonly key: string;
  readonly fields: ReadonlyMap<string, TarMember>;
}

/** A key is a path up to the first dot of its last part, the field what follows the dot. */
const pattern = /^((?:.*\/|)[^./]+)[.]([^/]*)$/;
/** Files on the shard itself, such as `__index__.json`. */
const onShard = /(^|\/)__[^/]*__($|\/|\.)/;

/** The samples in their order; a file without a field, or on the shard itself, is part of none. */
export function tarSamples(members: readonly TarMember[]): TarSample[] {
  const samples: { readonly key: string; readonly fields: Map<string, TarMember> }[] = [];
  for (const member of members) {
    const [, key, field] = onShard.test(member.name) ? [] : (pattern.exec(member.name) ?? []);
    if (key === undefined || field === undefined) continue;
    const last = samples.at(-1);
    const sample = last?.key === key ? last : { key, fields: new Map<string, TarMember>() };
    if (sample !== last) samples.push(sample);
    sample.fields.set(field.toLowerCase(), member);
  }
  return samples;
}

/** The fields that hold images, those that are nothing but an ending (`jpg`) before others (`seg.png`). */
export function imageFields({ fields }: TarSample, isImage: (name: string) => boolean): string[] {
  const found = [...fields.keys()].filter((field) => isImage(`.${field}`));
  const plain = found.filter((field) => !field.includes("."));
  return plain.length > 0 ? plain : found;
}
