import type { PageFiles } from "../bundle_page.ts";
import type { Route } from "./route.ts";

/** The page's own files. */
export const pageRoutes: readonly Route[] = [
  fileRoute("/", "html", "text/html; charset=utf-8"),
  fileRoute("/page.css", "css", "text/css; charset=utf-8"),
  fileRoute("/page.js", "js", "text/javascript; charset=utf-8"),
  fileRoute("/worker.js", "worker", "text/javascript; charset=utf-8"),
];

function fileRoute(path: string, name: keyof PageFiles, type: string): Route {
  return {
    method: "GET",
    path,
    answer: ({ page }) =>
      new Response(page[name], { headers: { "Content-Type": type } }),
  };
}
