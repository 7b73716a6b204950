import { classRoutes } from "./class_routes.ts";
import { compareRoutes } from "./compare_routes.ts";
import { editRoutes } from "./edit_routes.ts";
import { folderRoutes } from "./folder_routes.ts";
import { imageRoutes } from "./image_routes.ts";
import { measureFolderRoutes } from "./measure_folder_routes.ts";
import { measureRoutes } from "./measure_routes.ts";
import { pageRoutes } from "./page_routes.ts";
import { predictRoutes } from "./predict_routes.ts";
import { predictionRoutes } from "./prediction_routes.ts";
import { regionRoutes } from "./region_routes.ts";
import type { Route } from "./route.ts";
import { sampleRoutes } from "./sample_routes.ts";
import { trainRoutes } from "./train_routes.ts";

/** Every address of the studio, as the README lists them. */
export const routes: readonly Route[] = [
  ...pageRoutes,
  ...folderRoutes,
  ...imageRoutes,
  ...classRoutes,
  ...editRoutes,
  ...predictRoutes,
  ...predictionRoutes,
  ...compareRoutes,
  ...measureRoutes,
  ...measureFolderRoutes,
  ...regionRoutes,
  ...sampleRoutes,
  ...trainRoutes,
];
