// A new run by form: what is left empty has its default.
import { type Signal, useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import type { RecipeForm, RunDetails, StartedRun } from "../../api.js";
import { type Filters, goTo, runAddress } from "../app/address.js";
import { getJson, postJson, runPath } from "../app/client.js";
import { useJson } from "../app/loaded.js";
import { type ButtonRequest, useRequest } from "../app/request.js";
import { ActionButton } from "../ui/action-button.js";
import { Pending, Problem } from "../ui/pending.js";
import { FieldRow } from "./field-row.js";
import { type FieldGroup, fieldGroups, recipeOf, shownGroups, type Values, valuesOf } from "./fields.js";

export function NewRunView({ filters }: { filters: Filters }) {
  const form = useJson<RecipeForm>("/api/recipe-form");
  return (
    <main class="narrow">
      <Pending of={form}>{(value) => <Form form={value} from={filters.from ?? ""} />}</Pending>
    </main>
  );
}

function Form({ form, from }: { form: RecipeForm; from: string }) {
  const groups = useMemo(() => fieldGroups(form), [form]);
  const values = useSignal<Values>({});
  const { busy, error, run } = useRequest();
  useTemplate(groups, from, values, run);
  const start = () =>
    run(async () => {
      const { id } = await postJson<StartedRun>("/api/runs", { recipe: recipeOf(groups, values.value) });
      goTo(runAddress(id, "watch"));
    });
  return (
    <form
      class="new-run"
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <div class="bar">
        <h1>New run{from === "" ? "" : ` like ${from}`}</h1>
        <span class="space" />
        <ActionButton tone="primary" disabled={busy || !values.value.data} act={start}>
          Start
        </ActionButton>
      </div>
      {error ? <Problem text={error} /> : null}
      {shownGroups(groups, values.value).map((group, i) => (
        <details key={group.title} class="card pad" open={i === 0 || group.fields.some(({ isRequired }) => isRequired)}>
          <summary>
            {group.title}
            <span class="soft">{filledText(group, values.value)}</span>
          </summary>
          <div class="fields">
            {group.fields.map((field) => (
              <FieldRow
                key={field.key}
                field={field}
                value={values.value[field.key] ?? ""}
                set={(value) => {
                  values.value = { ...values.value, [field.key]: value };
                }}
              />
            ))}
          </div>
        </details>
      ))}
      <p class="soft">The same as a command</p>
      <pre>{commandOf(recipeOf(groups, values.value), form)}</pre>
    </form>
  );
}

/** Fills the form with another run's recipe. */
function useTemplate(
  groups: readonly FieldGroup[],
  from: string,
  values: Signal<Values>,
  request: ButtonRequest["run"],
) {
  useEffect(() => {
    if (from === "") return;
    request(async () => {
      values.value = valuesOf(groups, (await getJson<RunDetails>(runPath(from))).recipe);
    });
  }, [from]);
}

function filledText({ fields }: FieldGroup, values: Values): string {
  const filled = fields.filter(({ key }) => (values[key] ?? "") !== "").map(({ key }) => key);
  return filled.length > 0 ? ` ${filled.join(", ")}` : "";
}

/** The recipe as a command to copy. */
function commandOf({ data, ...others }: Record<string, unknown>, { pretrains }: RecipeForm): string {
  const command = pretrains.includes(String(others.objective)) ? "pretrain" : "train";
  const quoted = (value: unknown) => {
    const text = Array.isArray(value) ? `[${value.join(",")}]` : String(value);
    return /^[\w./:,=+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  };
  const options = Object.entries(others).map(([key, value]) => ` \\\n  --set ${key}=${quoted(value)}`);
  return `npx selfadapt ${command} ${data === undefined ? "DATA" : quoted(data)}${options.join("")}`;
}
