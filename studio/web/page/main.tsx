import { effect, untracked } from "@preact/signals";
import { type JSX, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import {
  choice,
  contrast,
  count,
  counts,
  DisplayPanel,
  EditPanel,
  FaultMessage,
  FolderPanel,
  followMeasurements,
  followTools,
  isHelpShown,
  isMeasuring,
  KeyHelp,
  loadFolder,
  loadModels,
  loadShown,
  MeasurePanel,
  orShowFault,
  PredictPanel,
  ReadingPanel,
  ScaleBar,
  selected,
  shown,
  StatusBar,
  toggleMeasuring,
  useKeys,
  usePenKeys,
  Viewer,
} from "../../page/parts.ts";
import { connect, send } from "./api.ts";
import { hear } from "./hear.ts";
import { load } from "./load.ts";
import { OpenButton } from "./open_button.tsx";
import { takeFiles } from "./take_files.ts";

function Page(): JSX.Element {
  useKeys();
  usePenKeys();
  const isOver = useDrop();
  return (
    <>
      <header>
        <h1>Nuclei</h1>
        <span class="number">{count(counts.value.all, "image")}</span>
        <span class="space" />
        <OpenButton />
        <button
          type="button"
          aria-pressed={isMeasuring.value}
          onClick={toggleMeasuring}
        >
          Measure and download
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
      <main class={isOver ? "over" : ""}>
        <div class="stage">
          <Viewer />
          <ScaleBar />
        </div>
        <MeasurePanel />
      </main>
      <aside class="panel tools" aria-label="Tools">
        <ReadingPanel />
        <PredictPanel />
        <EditPanel />
        <DisplayPanel />
      </aside>
      <StatusBar />
      <KeyHelp />
    </>
  );
}

/** Takes files that are dropped anywhere; says whether some are above. */
function useDrop(): boolean {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      orShowFault(takeFiles([...event.dataTransfer?.files ?? []]));
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, []);
  return isOver;
}

/** Shows an image that was selected: it has its own range, plane and mask. */
function followSelection(): void {
  effect(() => {
    const name = selected.value;
    untracked(() => {
      contrast.value = null;
      choice.value = {};
      shown.value = null;
      if (name !== null) orShowFault(loadShown());
    });
  });
}

/** Asks before the page is left with corrections, which it does not keep. */
function guardCorrections(): void {
  addEventListener("beforeunload", (event) => {
    if (counts.value.corrected + counts.value.accepted === 0) return;
    event.preventDefault();
  });
}

async function start(): Promise<void> {
  const { room, model } = await load();
  connect(room, hear);
  await send("/api/model/add", model);
  await Promise.all([loadFolder(), loadModels()]);
  followSelection();
  followTools();
  followMeasurements();
  guardCorrections();
  const place = document.getElementById("studio")!;
  place.replaceChildren();
  render(<Page />, place);
}

try {
  await start();
} catch (error) {
  const words = error instanceof Error ? error.message : String(error);
  document.getElementById("studio")!.textContent = words;
}
