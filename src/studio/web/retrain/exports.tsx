// The corrections as files for training and for other tools.
import { query, runPath } from "../app/client.js";

const FORMATS = [
  ["manifest", "Corrected manifest", "CSV of file and label, for train"],
  ["csv", "CSV", "one row per sample: given and corrected label, verdict"],
  ["label-studio", "Label Studio", "tasks with the verdicts as annotations"],
  ["fiftyone", "FiftyOne", "labels.json for an image classification folder"],
  ["metadata", "Hugging Face", "metadata.csv with file_name"],
] as const;

export function Exports({ run }: { run: string }) {
  return (
    <section class="card pad">
      <h2>Export</h2>
      <ul class="exports">
        {FORMATS.map(([format, title, text]) => (
          <li key={format}>
            <a class="action plain" href={runPath(run, "export") + query({ format })} download>
              {title}
            </a>
            <span class="soft">{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
