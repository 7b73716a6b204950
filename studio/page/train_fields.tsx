import type { JSX } from "preact";
import type { FormInput } from "../server/train_form.ts";
import { type, typed } from "./train_store.ts";

/** Shown above; the others are not needed for a first training. */
const shownAbove: ReadonlySet<string> = new Set(["epochs"]);

/** What names are called, where dashes for spaces are not enough. */
const words: Readonly<Record<string, string>> = {
  lr: "Learning rate",
  batch: "Batch size",
  validation: "Validation share",
};

/** What the fields show. */
export interface TrainFieldsProps {
  /** The inputs, from the table of settings. */
  readonly inputs: readonly FormInput[];
  /** The recipe that gives what is usual. */
  readonly recipe: string;
}

/** Every other setting of a training, by subject. */
export function TrainFields(
  { inputs, recipe }: TrainFieldsProps,
): JSX.Element {
  const others = inputs.filter(({ name }) => !shownAbove.has(name));
  const groups = Map.groupBy(others, ({ group }) => group);
  return (
    <details class="more">
      <summary>More settings</summary>
      {[...groups].map(([group, own]) => (
        <fieldset key={group}>
          <legend>{group}</legend>
          {own.map((input) => (
            <Field
              key={input.name}
              input={input.name === "recipe"
                ? { ...input, usual: recipe }
                : input}
            />
          ))}
        </fieldset>
      ))}
    </details>
  );
}

function Field({ input }: { readonly input: FormInput }): JSX.Element {
  const { name, kind, help, usual } = input, id = `train-${name}`;
  return (
    <div class="setting">
      {kind === "switch"
        ? (
          <label class="check">
            <input
              type="checkbox"
              aria-describedby={`${id}-help`}
              checked={typed.value[name] === true}
              onChange={({ currentTarget }) =>
                type(name, currentTarget.checked)}
            />
            {wordsOf(name)}
          </label>
        )
        : (
          <label class="field">
            {wordsOf(name)}
            {kind === "choice" ? <Choice input={input} /> : (
              <input
                type={typeOf(input) as "number"}
                step={kind === "whole" ? 1 : "any"}
                aria-describedby={`${id}-help`}
                placeholder={usual}
                value={String(typed.value[name] ?? "")}
                onInput={({ currentTarget }) => type(name, currentTarget.value)}
              />
            )}
          </label>
        )}
      <p id={`${id}-help`} class="note">{help.replaceAll("`", "")}</p>
    </div>
  );
}

function Choice({ input }: { readonly input: FormInput }): JSX.Element {
  const { name, choices = [], usual } = input;
  return (
    <select
      aria-describedby={`train-${name}-help`}
      value={String(typed.value[name] ?? "")}
      onChange={({ currentTarget }) => type(name, currentTarget.value)}
    >
      <option value="">{usual === "" ? "Automatic" : usual}</option>
      {choices.filter((choice) => choice !== usual).map((choice) => (
        <option key={choice} value={choice}>{choice}</option>
      ))}
    </select>
  );
}

/** The kind of field, as a constant: Preact types each of them apart. */
function typeOf({ kind }: FormInput): string {
  return kind === "text" ? "text" : "number";
}

/** The name of an input for a person, as in "Weight decay". */
function wordsOf(name: string): string {
  const text = words[name] ?? name.replaceAll("-", " ");
  return text[0]!.toUpperCase() + text.slice(1);
}
