import type { Route } from "./route.ts";

/** What is in the folder, and what happens there. */
export const folderRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/folder",
    answer: async ({ folder, images }) =>
      Response.json({
        name: folder.name,
        path: folder.root,
        images: await images.scan(),
      }),
  },
  {
    method: "GET",
    path: "/api/events",
    answer: ({ events }) => events.listen(),
  },
];
