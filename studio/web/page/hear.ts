import {
  fault,
  job,
  loadPrediction,
  loadShown,
  orShowFault,
  refreshEditing,
  selected,
  updateImage,
} from "../../page/parts.ts";
import type { JobState } from "../../jobs/jobs.ts";
import type { ListedImage } from "../../folder/image_list.ts";
import type { RoomEvent } from "../room/answer.ts";

/** Keeps the page up to date with what happens in the room. */
export function hear({ event, data }: RoomEvent): void {
  switch (event) {
    case "job":
      job.value = data as JobState;
      return;
    case "listed":
      updateImage(data as ListedImage);
      return;
    case "image": {
      const image = data as ListedImage;
      updateImage(image);
      if (image.name !== selected.value) return;
      orShowFault((async () => {
        await loadPrediction();
        await loadShown();
        refreshEditing();
      })());
      return;
    }
    default:
      fault.value = String(data);
  }
}
