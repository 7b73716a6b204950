import type { PageFiles } from "./bundle_page.ts";
import type { ImageList } from "./folder/image_list.ts";
import type { StudioFolder } from "./folder/studio_folder.ts";
import type { Runs } from "./folder/runs.ts";
import type { StudioImages } from "./images/studio_images.ts";
import type { Jobs } from "./jobs/jobs.ts";
import type { Trainings } from "./jobs/trainings.ts";
import type { Measurements } from "./measure/measurements.ts";
import type { OfferedModels } from "./offered_models.ts";
import type { EditedMasks } from "./masks/edited_masks.ts";
import type { Events } from "./server/events.ts";

/** Everything that answers to the page are made of. */
export interface StudioRoom {
  /** The folder. */
  readonly folder: StudioFolder;
  /** Its images. */
  readonly images: ImageList;
  /** Its images and masks, open to be looked at. */
  readonly views: StudioImages;
  /** Masks that are edited. */
  readonly masks: EditedMasks;
  /** What objects measure. */
  readonly measurements: Measurements;
  /** The work under way. */
  readonly jobs: Jobs;
  /** The models that were there when it opened. */
  readonly models: OfferedModels;
  /** The models that the folder trained, and trains. */
  readonly runs: Runs;
  /** The training under way. */
  readonly trainings: Trainings;
  /** What happens, for every open page. */
  readonly events: Events;
  /** The page's own files. */
  readonly page: PageFiles;
}
