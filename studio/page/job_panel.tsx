import type { JSX } from "preact";
import { send } from "./api.ts";
import { job, orShowFault } from "./store.ts";
import { count, modelWords, readingWords } from "./words.ts";

/** The job under way, or how the last one ended. */
export function JobPanel(): JSX.Element | null {
  const state = job.value;
  if (!state) return null;
  const { total, done, share, current, failed, faults, device } = state;
  const isRunning = state.state === "running";
  return (
    <div class="job" role="status">
      {isRunning
        ? (
          <>
            <progress
              aria-label="Progress"
              max={total}
              value={Math.min(total, done + share)}
            />
            <p class="note">
              {current ??
                (state.type === "measure"
                  ? "Measuring …"
                  : device
                  ? "Saving …"
                  : "Loading the model …")}
              {total > 1 && `, ${done + 1} of ${total}`}
              {device && `, on ${device}`}
            </p>
            <button
              type="button"
              onClick={() => orShowFault(send("/api/cancel", {}))}
            >
              Cancel
            </button>
          </>
        )
        : (
          <p class="note">
            {state.state === "canceled" ? "Canceled" : "Finished"}: {count(
              done - failed,
              state.type === "compare" ? "model" : "image",
            )}
            {failed > 0 && `, ${failed} failed`}
          </p>
        )}
      {state.choices && (
        <p class="note">
          {modelWords(state.choices.model)}:{" "}
          {readingWords(state.choices.reading)}
          {state.choices.settings ? ", objects by the sliders" : ""}
        </p>
      )}
      {faults.map((message) => (
        <p key={message} class="problem">{message.replaceAll("`", "")}</p>
      ))}
    </div>
  );
}
