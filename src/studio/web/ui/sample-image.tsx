// The picture of a sample, or words where there is none.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";

interface Props {
  /** Null for samples that are no images. */
  readonly src: string | null;
  readonly alt: string;
  readonly title?: string;
  /** In CSS pixels (default: by the style sheet). */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  /** In the place of a picture that there is not, or that cannot be decoded. */
  readonly children: ComponentChildren;
}

export function SampleImage({ src, alt, children, ...image }: Props) {
  const failed = useSignal<string | null>(null);
  if (src === null || failed.value === src) return <span class="no-picture">{children}</span>;
  const fail = () => {
    failed.value = src;
  };
  return <img {...image} src={src} alt={alt} draggable={false} onError={fail} />;
}
