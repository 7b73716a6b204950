/**
 * Serves trained models over HTTP: the Open Inference Protocol V2, and images
 * in, labels, outlines or measurements out.
 *
 * @example
 * ```ts
 * import { openServer } from "@unet/serve";
 * import { encodePng, synthesize } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await openServer({
 *   models: [{ name: "nuclei", path: "nuclei" }],
 *   network: { device: "wasm" },
 * });
 * const [drawn] = synthesize({ count: 1, width: 64, height: 64, seed: 1 });
 * const answer = await fetch(`${server.url}/segment?format=csv`, {
 *   method: "POST",
 *   body: Uint8Array.from(await encodePng(drawn!.image)),
 * });
 * assertEquals(answer.headers.get("content-type"), "text/csv; charset=utf-8");
 * await answer.body?.cancel();
 * ```
 *
 * @module
 */
export * from "./open_server.ts";
