/**
 * Serves a tiny model, asks it for hundreds of small images, and writes what
 * stays in memory after garbage is collected into the file that it is given:
 * the program of `serve_memory_test.ts`, run with `--expose-gc`.
 *
 * @module
 */
import { join } from "@std/path";
import { openSegmenter } from "@unet/app/segmenter";
import { encodePng, synthesize } from "@unet/data";
import { openDevice } from "@unet/device";
import { writeFile } from "@unet/files";
import { createModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { openServer } from "@unet/serve";

/** Bytes in use after so many images, the first of which warm up. */
export interface KeptMemory {
  /** Images at each measurement. */
  readonly counts: readonly number[];
  /** Of the thread that answers. */
  readonly answering: readonly number[];
  /** Of a thread that segments, as a model's own does. */
  readonly segmenting: readonly number[];
  /** Of the whole process, as the system counts it. */
  readonly process: readonly number[];
}

const counts = [40, 120, 200];
const collect = (globalThis as unknown as { gc(): void }).gc;

async function measured(
  work: (index: number) => Promise<void>,
): Promise<{ readonly heap: number[]; readonly all: number[] }> {
  const heap: number[] = [], all: number[] = [];
  for (let index = 1; index <= counts.at(-1)!; index++) {
    await work(index);
    if (!counts.includes(index)) continue;
    collect();
    const { heapUsed, rss } = Deno.memoryUsage();
    heap.push(heapUsed);
    all.push(rss);
  }
  return { heap, all };
}

async function run(folder: string): Promise<KeptMemory> {
  const model = join(folder, "tiny.safetensors");
  {
    const device = await openDevice("cpu");
    const built = createModel({ width: 0.05 }, createRandom(1));
    await writeFile(model, await encodeModel(built, {}));
    built.dispose();
    await device.close();
  }
  const [drawn] = synthesize({ count: 1, width: 48, height: 48, seed: 1 });
  const body = Uint8Array.from(await encodePng(drawn!.image));
  const path = join(folder, "image.png");
  await Deno.writeFile(path, body);
  const network = { device: "wasm", window: 96 };
  const segmenting = await (async () => {
    await using segmenter = await openSegmenter({ ...network, model });
    return await measured(async () => {
      const out = await Deno.makeTempDir({ dir: folder });
      await segmenter.segment([path], { out, formats: ["labels"] });
      await Deno.remove(out, { recursive: true });
    });
  })();
  const models = [{ name: "tiny", path: model }];
  await using server = await openServer({ models, network });
  const answering = await measured(async () => {
    const answer = await fetch(`${server.url}/segment?format=labels`, {
      ...{ method: "POST", body },
    });
    await answer.bytes();
    if (!answer.ok) throw new Error(`Status ${answer.status}`);
  });
  return {
    counts,
    answering: answering.heap,
    segmenting: segmenting.heap,
    process: answering.all,
  };
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(Deno.args[0]!, JSON.stringify(await run(folder)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
