import { effect, untracked } from "@preact/signals";
import { type JSX, render } from "preact";
import { ClassLegend } from "./classes/class_legend.tsx";
import { followClasses } from "./classes/class_store.ts";
import { draft, followDraft } from "./draft.ts";
import { EditPanel } from "./edit/edit_panel.tsx";
import { usePenKeys } from "./edit/edit_keys.ts";
import { followTools } from "./edit/editing.ts";
import { DisplayPanel } from "./display_panel.tsx";
import { FaultMessage } from "./fault_message.tsx";
import { FolderPanel } from "./folder_panel.tsx";
import { KeyHelp, useKeys } from "./keys.tsx";
import { listen } from "./listen.ts";
import { MeasurePanel } from "./measure/measure_panel.tsx";
import {
  followMeasurements,
  isMeasuring,
  toggleMeasuring,
} from "./measure/measure_store.ts";
import { PredictPanel } from "./predict_panel.tsx";
import { ReadingPanel } from "./reading_panel.tsx";
import { RegionPanel } from "./regions/region_panel.tsx";
import { followRegions } from "./regions/region_store.ts";
import { ScaleBar } from "./scale_bar.tsx";
import { StatusBar } from "./status_bar.tsx";
import {
  awaited,
  choice,
  contrast,
  counts,
  cursor,
  fault,
  folder,
  isHelpShown,
  loadFolder,
  loadModels,
  loadPrediction,
  loadShown,
  orShowFault,
  prediction,
  selected,
  shown,
} from "./store.ts";
import {
  followComparison,
  isComparing,
  toggleComparing,
} from "./compare_store.ts";
import { CompareView } from "./compare_view.tsx";
import { TrainPanel } from "./train_panel.tsx";
import { followForm, loadTrainings } from "./train_store.ts";
import { Viewer } from "./viewer.tsx";
import { count } from "./words.ts";

function Page(): JSX.Element {
  useKeys();
  usePenKeys();
  return (
    <>
      <header>
        <h1>{folder.value?.name ?? "Studio"}</h1>
        <span class="number">{count(counts.value.all, "image")}</span>
        <span class="space" />
        <button type="button" onClick={() => orShowFault(reload())}>
          Reload
        </button>
        <button
          type="button"
          aria-pressed={isMeasuring.value}
          onClick={toggleMeasuring}
        >
          Measure
        </button>
        <button
          type="button"
          aria-pressed={isComparing.value}
          onClick={toggleComparing}
        >
          Compare models
        </button>
        <button
          type="button"
          aria-label="Keys"
          onClick={() => isHelpShown.value = true}
        >
          ?
        </button>
      </header>
      <FaultMessage />
      <FolderPanel />
      <main>
        <div class="stage">
          <Viewer />
          <ScaleBar />
          <ClassLegend />
          <Waiting />
          <CompareView />
        </div>
        <MeasurePanel />
      </main>
      <aside class="panel tools" aria-label="Tools">
        <ReadingPanel />
        <RegionPanel />
        <PredictPanel />
        <EditPanel />
        <TrainPanel />
        <DisplayPanel />
      </aside>
      <StatusBar />
      <KeyHelp />
    </>
  );
}

effect(() => {
  const name = selected.value;
  // What this reads besides does not bring it back to the first plane.
  untracked(() => showAnew(name));
});

/** Shows an image: it has its own range of values, planes and prediction. */
function showAnew(name: string | null): void {
  contrast.value = null;
  choice.value = {};
  // It may lie where the next image has no pixel.
  cursor.value = null;
  fault.value = null;
  draft.value = null;
  prediction.value = null;
  shown.value = null;
  awaited.value = name;
  if (name !== null) orShowFault(loadFirst());
  if (name !== null) orShowFault(loadPrediction());
}

/** Reads the image; one that cannot be read is not waited for. */
async function loadFirst(): Promise<void> {
  const name = selected.value;
  try {
    await loadShown();
  } catch (error) {
    if (awaited.value === name) awaited.value = null;
    throw error;
  }
}

/** Says what is waited for, where an image is large or its machine is busy. */
function Waiting(): JSX.Element | null {
  const name = awaited.value;
  if (name === null) return null;
  return <p class="waiting" role="status">Opening {name} …</p>;
}

/** Looks what is in the folder now, and what became of the image shown. */
async function reload(): Promise<void> {
  const before = selected.value;
  await loadFolder();
  if (selected.value !== before || before === null) return;
  await Promise.all([loadShown(), loadPrediction()]);
}

render(<Page />, document.getElementById("studio")!);
orShowFault(loadFolder());
orShowFault(loadModels());
orShowFault(loadTrainings());
followDraft();
followTools();
followRegions();
followClasses();
followForm();
followComparison();
followMeasurements();
listen();
