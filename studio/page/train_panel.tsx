import type { JSX } from "preact";
import { models, orShowFault } from "./store.ts";
import { TrainFields } from "./train_fields.tsx";
import {
  chosenStart,
  form,
  isTraining,
  newNetwork,
  resume,
  runs,
  start,
  train,
  training,
  type,
  typed,
  typedName,
  usable,
} from "./train_store.ts";
import { TrainingProgress } from "./training_progress.tsx";
import { count, modelWords } from "./words.ts";

/** Trains a model on the masks of the folder. */
export function TrainPanel(): JSX.Element {
  return (
    <section aria-labelledby="train">
      <h2 id="train">Train</h2>
      {training.value && <TrainingProgress view={training.value} />}
      {!isTraining.value && <TrainForm />}
      {!isTraining.value && <Resumable />}
    </section>
  );
}

/** What is decided most often; the rest lies below. */
function TrainForm(): JSX.Element {
  const known = form.value;
  const epochs = known?.inputs.find(({ name }) => name === "epochs");
  return (
    <form
      class="train"
      onSubmit={(event) => {
        event.preventDefault();
        orShowFault(train());
      }}
    >
      <label class="field">
        Start from
        <select
          value={start.value}
          onChange={({ currentTarget }) =>
            chosenStart.value = currentTarget.value}
        >
          {models.value.map((name) => (
            <option key={name} value={name}>{modelWords(name)}</option>
          ))}
          <option value={newNetwork}>A new network</option>
        </select>
      </label>
      <label class="field">
        Name
        <input
          type="text"
          value={typedName.value}
          placeholder={known?.name ?? ""}
          maxLength={64}
          onInput={({ currentTarget }) => typedName.value = currentTarget.value}
        />
      </label>
      <label class="field">
        Epochs
        <input
          type="number"
          min={1}
          step={1}
          value={String(typed.value.epochs ?? "")}
          placeholder={epochs?.usual ?? ""}
          onInput={({ currentTarget }) => type("epochs", currentTarget.value)}
        />
      </label>
      {known && <TrainFields inputs={known.inputs} recipe={known.recipe} />}
      <div class="buttons">
        <button type="submit" class="primary" disabled={usable.value === 0}>
          Train on {count(usable.value, "mask")}
        </button>
      </div>
      {usable.value === 0 && (
        <p class="note">
          A model learns from masks that you corrected or accepted. There are
          none yet.
        </p>
      )}
    </form>
  );
}

/** Trainings that were stopped, or whose studio ended. */
function Resumable(): JSX.Element | null {
  const open = runs.value.filter(({ canResume }) => canResume);
  const broken = runs.value.filter(({ fault }) => fault !== null);
  if (open.length + broken.length === 0) return null;
  return (
    <div class="runs">
      {open.map(({ name, epoch, epochs }) => (
        <div key={name} class="run">
          <span>
            <span class="name">{name}</span>{" "}
            <span class="note">{epoch} of {count(epochs, "epoch")}</span>
          </span>
          <button type="button" onClick={() => orShowFault(resume(name))}>
            Resume
          </button>
        </div>
      ))}
      {broken.map(({ name, fault }) => <p key={name} class="problem">{fault}
      </p>)}
    </div>
  );
}
