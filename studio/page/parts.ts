/**
 * The parts of the studio's page, for a page with another server. They ask by
 * `ask()` of `api.ts`, which such a page replaces.
 *
 * @module
 */
export { DisplayPanel } from "./display_panel.tsx";
export { EditPanel } from "./edit/edit_panel.tsx";
export { usePenKeys } from "./edit/edit_keys.ts";
export { followTools, refreshEditing } from "./edit/editing.ts";
export { FaultMessage } from "./fault_message.tsx";
export { FolderPanel } from "./folder_panel.tsx";
export { KeyHelp, useKeys } from "./keys.tsx";
export { MeasurePanel } from "./measure/measure_panel.tsx";
export {
  followMeasurements,
  isMeasuring,
  toggleMeasuring,
} from "./measure/measure_store.ts";
export { PredictPanel } from "./predict_panel.tsx";
export { ReadingPanel } from "./reading_panel.tsx";
export { ScaleBar } from "./scale_bar.tsx";
export { StatusBar } from "./status_bar.tsx";
export {
  choice,
  contrast,
  counts,
  fault,
  images,
  isHelpShown,
  job,
  loadFolder,
  loadModels,
  loadPrediction,
  loadShown,
  model,
  models,
  orShowFault,
  prediction,
  selected,
  shown,
  updateImage,
} from "./store.ts";
export { Viewer } from "./viewer.tsx";
export { count } from "./words.ts";
export { DownloadLink } from "./download_link.tsx";
