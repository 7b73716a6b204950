import type { MeasureProgress } from "../measure/measure_messages.ts";
import type { ListedImage } from "../folder/image_list.ts";
import type { JobState } from "../jobs/jobs.ts";
import type { TrainingView } from "../jobs/trainings.ts";
import { draft } from "./draft.ts";
import { hearOfEdit, refreshEditing } from "./edit/editing.ts";
import { measureProgress } from "./measure/measure_store.ts";
import {
  fault,
  job,
  loadFolder,
  loadModels,
  loadPrediction,
  loadShown,
  orShowFault,
  selected,
  updateImage,
} from "./store.ts";
import { loadTrainings, takeTraining } from "./train_store.ts";

/** Keeps the page up to date with what happens in the studio. */
export function listen(): void {
  const events = new EventSource("/api/events");
  let wasLost = false;
  events.addEventListener("job", ({ data }: MessageEvent<string>) => {
    job.value = JSON.parse(data) as JobState;
  });
  events.addEventListener("training", ({ data }: MessageEvent<string>) => {
    orShowFault(takeTraining(JSON.parse(data) as TrainingView));
  });
  events.addEventListener("image", ({ data }: MessageEvent<string>) => {
    const image = JSON.parse(data) as ListedImage;
    updateImage(image);
    if (image.name !== selected.value) return;
    orShowFault((async () => {
      await loadPrediction();
      await loadShown();
      refreshEditing();
      // What is saved is no draft any more.
      draft.value = null;
    })());
  });
  events.addEventListener("measuring", ({ data }: MessageEvent<string>) => {
    measureProgress.value = JSON.parse(data) as MeasureProgress;
  });
  events.addEventListener("listed", ({ data }: MessageEvent<string>) => {
    updateImage(JSON.parse(data) as ListedImage);
  });
  events.addEventListener("edit", ({ data }: MessageEvent<string>) => {
    hearOfEdit(JSON.parse(data) as Parameters<typeof hearOfEdit>[0]);
  });
  events.addEventListener("fault", ({ data }: MessageEvent<string>) => {
    fault.value = JSON.parse(data) as string;
  });
  events.onerror = () => {
    wasLost = true;
    fault.value = "The studio does not answer. Start it again, then reload.";
  };
  events.onopen = () => {
    if (!wasLost) return;
    wasLost = false;
    fault.value = null;
    orShowFault(Promise.all([loadFolder(), loadModels(), loadTrainings()]));
  };
}
