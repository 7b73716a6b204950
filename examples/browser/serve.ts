/**
 * Serves a page that segments images in the browser, with the published nuclei
 * model or a model file of yours. The page's program is bundled in memory at
 * each start.
 *
 *     deno run -P=browser examples/browser/serve.ts 8000
 */
import { fromFileUrl } from "@std/path";

const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Segment an image</title>
<p>Loading …</p>
<label>Image <input type="file" accept="image/*"></label>
<canvas></canvas>
<script type="module" src="/page.js"></script>
`;

/** Isolates the page, so that WebAssembly may use threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const { success, outputFiles, errors } = await Deno.bundle({
  entrypoints: [fromFileUrl(new URL("page.ts", import.meta.url))],
  ...{ platform: "browser", format: "esm", minify: true, write: false },
});
if (!success) throw new Error(errors.map(({ text }) => text).join("\n"));
const program = outputFiles![0]!.contents!;

const published = "../../models/nuclei/model.safetensors";
const model = Deno.args[1] ?? new URL(published, import.meta.url);
const wasm = new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm"));

async function contentOf(path: string): Promise<[BodyInit, string] | null> {
  if (path === "/") return [html, "text/html"];
  if (path === "/page.js") return [program, "text/javascript"];
  if (path === "/model") return [await Deno.readFile(model), "application/x"];
  const [, name] = /^\/wasm\/([\w-]+\.wasm)$/.exec(path) ?? [];
  if (name === undefined) return null;
  return [await Deno.readFile(new URL(name, wasm)), "application/wasm"];
}

const port = Number(Deno.args[0] ?? 8000);
Deno.serve({ hostname: "127.0.0.1", port }, async ({ url }) => {
  const content = await contentOf(new URL(url).pathname);
  if (content === null) return new Response(null, { status: 404, headers });
  const [body, type] = content;
  return new Response(body, { headers: { ...headers, "content-type": type } });
});
