// The classes by predicted probability, the highest first: each is the button that takes it.
import type { SampleDetails } from "../../api.js";
import { ActionButton } from "../ui/action-button.js";
import { share } from "../ui/text.js";

interface Props {
  readonly details: SampleDetails;
  readonly take: (label: string) => void;
}

export function Beliefs({ details, take }: Props) {
  const { beliefs, given, suggested } = details;
  return (
    <fieldset class="beliefs" aria-label="Classes by predicted probability">
      {beliefs.slice(0, 9).map(({ label, probability }, i) => (
        <ActionButton key={label} keys={[String(i + 1)]} act={() => take(label)}>
          <span class="label">{label}</span>
          <span class="role">{label === given ? "given" : label === suggested ? "suggested" : ""}</span>
          <progress value={probability} max={1} aria-hidden="true" />
          <span class="number">{share(probability)}</span>
        </ActionButton>
      ))}
    </fieldset>
  );
}
