/**
 * Segments images over HTTP, on this machine alone: POST an image, and get a
 * TIFF of object numbers, with their count in a header.
 *
 *     deno run -P=serve examples/serve.ts 8000
 *     curl --data-binary @cells.png http://127.0.0.1:8000 -o labels.tif
 */
import { app } from "@unet/unet";
import { UnetError } from "@unet/errors";

/** Bytes of an image at most. */
const most = 64 * 2 ** 20;

const predictor = await app.openPredictor({ model: "nuclei" });
const folder = await Deno.makeTempDir();

/** One image at a time: a network on a CPU holds its thread. */
let before: Promise<unknown> = Promise.resolve();

async function segment(image: Uint8Array, name: string): Promise<Response> {
  const input = `${folder}/${name}`, output = `${input}.tif`;
  try {
    await Deno.writeFile(input, image);
    const kept = await predictor.predict(input, `${input}.values`);
    const { settings } = kept.info;
    const count = await app.saveObjects(kept, output, { settings });
    return new Response(await Deno.readFile(output), {
      headers: { "content-type": "image/tiff", "x-objects": String(count) },
    });
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    return new Response(`${error.message}\n`, { status: 400 });
  } finally {
    for (const path of [input, output, `${input}.values`]) {
      await Deno.remove(path, { recursive: true }).catch(() => {});
    }
  }
}

const port = Number(Deno.args[0] ?? 8000);
Deno.serve({ hostname: "127.0.0.1", port }, async (request) => {
  if (request.method !== "POST") {
    return new Response("POST an image\n", { status: 405 });
  }
  if (!(Number(request.headers.get("content-length")) <= most)) {
    return new Response(`At most ${most} bytes\n`, { status: 413 });
  }
  const image = await request.bytes();
  const next = before.then(() => segment(image, crypto.randomUUID()));
  before = next.catch(() => {});
  return await next;
});
