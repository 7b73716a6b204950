import type { JSX } from "preact";
import { send } from "../api.ts";
import { DownloadLink } from "../download_link.tsx";
import { counts, job, orShowFault } from "../store.ts";
import { count } from "../words.ts";

/** One table and one page of all masks. */
export function WholeFolder(): JSX.Element {
  const { all, none } = counts.value, masks = all - none;
  const state = job.value, isRunning = state?.state === "running";
  const isDone = state?.type === "measure" && state.state === "ended";
  return (
    <fieldset class="downloads">
      <legend>Whole folder</legend>
      <div class="buttons">
        <button
          type="button"
          disabled={masks === 0 || isRunning}
          onClick={() => orShowFault(measureAll())}
        >
          {state?.type === "measure" && isRunning
            ? `Measuring ${state.done} of ${state.total} …`
            : `Measure ${count(masks, "mask")}`}
        </button>
        {isDone && (
          <>
            <DownloadLink path="/api/measure/table" query={{}}>
              Table
            </DownloadLink>
            <DownloadLink path="/api/measure/page" query={{}}>
              Report
            </DownloadLink>
          </>
        )}
      </div>
      {isDone && state.failed > 0 && (
        <p class="problem">
          {count(state.failed, "image")} failed: the report says why.
        </p>
      )}
    </fieldset>
  );
}

async function measureAll(): Promise<void> {
  job.value = await send("/api/measure", {});
}
