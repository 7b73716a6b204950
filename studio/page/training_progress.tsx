import type { JSX } from "preact";
import type { TrainingView } from "../jobs/trainings.ts";
import { addressOf } from "./api.ts";
import { LearningCurves } from "./learning_curves.tsx";
import { orShowFault } from "./store.ts";
import { samples, stop } from "./train_store.ts";
import { count, modelWords, timeWords } from "./words.ts";

/** How a training goes, or how it ended. */
export function TrainingProgress(
  { view }: { readonly view: TrainingView },
): JSX.Element {
  const { name, from, state, epochs, done, rows, notes, fault } = view;
  const isRunning = state === "running" || state === "stopping";
  return (
    <div class="training">
      <p>
        <span class="name">{name}</span>{" "}
        <span class="note">
          {from === null ? "a new network" : `from ${modelWords(from)}`}
        </span>
      </p>
      {isRunning && (
        <progress
          aria-label="Progress of the training"
          {...(view.images ? { max: epochs, value: done } : {})}
        />
      )}
      <p class="note" role={isRunning ? undefined : "status"}>
        {wordsOf(view)}
      </p>
      {isRunning && (
        <button
          type="button"
          disabled={state === "stopping"}
          onClick={() => orShowFault(stop())}
        >
          {state === "stopping" ? "Stopping …" : "Stop"}
        </button>
      )}
      {fault !== null && <p class="problem">{fault.replaceAll("`", "")}</p>}
      {(rows.length > 0 || view.loss !== null) && (
        <LearningCurves
          rows={rows}
          now={view.loss === null ? null : { done, loss: view.loss }}
          epochs={epochs}
          isHeldOut={(view.images?.validation ?? 0) > 0}
        />
      )}
      {samples.value.length > 0 && <Samples name={name} epochs={rows.length} />}
      {notes.map((note) => (
        <p key={note} class="note">{note.replaceAll("`", "")}</p>
      ))}
    </div>
  );
}

function wordsOf(view: TrainingView): string {
  const { state, reading, images, epochs, done, secondsLeft } = view;
  const whole = Math.floor(done);
  switch (state) {
    case "stopping":
      return "Saving after this step …";
    case "stopped":
      return `Stopped after ${whole} of ${count(epochs, "epoch")}.`;
    case "failed":
      return "Ended by a fault.";
    case "ended":
      return `Finished: ${count(whole, "epoch")}. The new model is chosen ` +
        "under Predict.";
    case "running":
      if (images === null) {
        return reading === null
          ? "Loading the model …"
          : `Reading image ${reading.done} of ${reading.total} …`;
      }
      return `Epoch ${Math.min(whole + 1, epochs)} of ${epochs}` +
        `${view.loss === null ? "" : `, loss ${view.loss.toFixed(3)}`}` +
        `${secondsLeft === null ? "" : `, ${timeWords(secondsLeft)} left`}` +
        `${view.device === null ? "" : `, on ${view.device}`}`;
  }
}

/** What the network makes of some tiles now. */
function Samples(
  { name, epochs }: { readonly name: string; readonly epochs: number },
): JSX.Element {
  return (
    <details>
      <summary>Samples: image, mask, prediction</summary>
      <div class="samples">
        {samples.value.map((number) => (
          <img
            key={number}
            src={addressOf("/api/train/sample", {
              ...{ name, number, version: epochs },
            })}
            alt={`Sample ${number}: image, mask and prediction`}
          />
        ))}
      </div>
    </details>
  );
}
