/**
 * A local server and its page: see the images of a folder, segment them, and
 * look at the result, in the browser. What the page does is a function of
 * `@unet/app` or of the rooms below it; the server is thin.
 *
 * @example
 * ```ts
 * import { openStudio } from "@unet/studio";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * {
 *   await using studio = await openStudio(folder);
 *   const { status } = await fetch(new URL("/", studio.url));
 *   // Without the token of the studio's address, nothing is shown.
 *   assertEquals(status, 403);
 * }
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export * from "./open_studio.ts";
