import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  cacheDataset,
  createLoader,
  encodePng,
  type Image,
  openDataset,
  readCase,
  toRgb8,
} from "@unet/data";
import { openDevice } from "@unet/device";
import {
  objectHead,
  type Predict,
  predictorOf,
  segment,
  segmentImage,
} from "@unet/infer";
import { TiffWriter } from "@unet/infer/outputs";
import { createModel, decodeModel, encodeModel, loadModel } from "@unet/model";
import { createRandom } from "@unet/random";
import {
  colorInput,
  colorPercentilesInput,
  type Input,
  objectTask,
} from "@unet/task";

const side = 64;

/** Images that the two rules spread differently: dim, deep, stained, floats. */
const images: Readonly<Record<string, Image>> = {
  dim: drawn(1, 8, (x, y) => 5 + 30 * nucleus(x, y) + (x * 7 + y * 3) % 4),
  deep: drawn(1, 16, (x, y) => 300 + 900 * nucleus(x, y) + (x * 31 + y) % 9),
  stained: drawn(
    3,
    8,
    (x, y, channel) =>
      x + y === 0
        ? 255
        : 200 - 60 * nucleus(x, y) - 20 * channel - (x * y) % 11,
  ),
  noise: drawn(1, 8, (x, y) => 20 + (x * x * 31 + y * y * 17 + x * y) % 13),
};

function nucleus(x: number, y: number): number {
  return Math.hypot(x % 32 - 16, y % 32 - 16) < 9 ? 1 : 0;
}

function drawn(
  channels: 1 | 3,
  depth: 8 | 16,
  value: (x: number, y: number, channel: number) => number,
): Image {
  const values = Array.from({ length: side * side * channels }, (_, at) => {
    const pixel = Math.floor(at / channels);
    return value(pixel % side, Math.floor(pixel / side), at % channels);
  });
  const data = depth === 8 ? Uint8Array.from(values) : Uint16Array.from(values);
  return { width: side, height: side, channels, depth, data };
}

/** A network of a rule, which keeps what it sees and finds nothing. */
function watcher(input: Input): { predict: Predict; seen: Float32Array[] } {
  const seen: Float32Array[] = [];
  const predict: Predict = Object.assign((x: Float32Array) => {
    seen.push(x.slice());
    return Promise.resolve(new Float32Array(x.length / 3));
  }, { heads: [objectHead], input });
  return { predict, seen };
}

async function withFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const input of [colorInput, colorPercentilesInput]) {
  const { normalization } = input;
  const rule = normalization as "stretch-dark" | "color-percentiles";
  Deno.test(`training, evaluation and segment see the same numbers of one file, by ${normalization}`, () =>
    withFolder(async (folder) => {
      const at = (...parts: string[]) => join(folder, ...parts);
      const mask = drawn(1, 8, (x, y) => 255 * nucleus(x, y));
      for (const part of ["images", "masks"]) {
        await Deno.mkdir(at("data", part), { recursive: true });
      }
      for (const [name, image] of Object.entries(images)) {
        await Deno.writeFile(
          at("data/images", `${name}.png`),
          await encodePng(image),
        );
        await Deno.writeFile(
          at("data/masks", `${name}.png`),
          await encodePng(mask),
        );
      }
      using stack = new DisposableStack();
      const dataset = await openDataset(at("data"));
      stack.defer(() => dataset.close());
      const cases = await cacheDataset(dataset, {
        folder: at("cache"),
        normalization: rule,
      });
      const loader = createLoader({
        cases,
        ...{ size: side, batchSize: 1, seed: 0, workers: 0, shuffle: false },
        targets: [{ head: "object", target: "object" }],
      });
      stack.defer(() => loader.close());
      const trained = new Map<string, Float32Array>();
      for await (const { ids, x } of loader.batches(0)) {
        trained.set(ids[0]!, x);
      }
      assertEquals(trained.size, Object.keys(images).length);
      for (const each of dataset.cases) {
        const file = at("data/images", `${each.id}.png`);
        const fromFile = watcher(input), evaluated = watcher(input);
        const settings = { tile: side, margin: 0 };
        const { files } = await segment([file], {
          ...{ predict: fromFile.predict, out: at("out", each.id), settings },
          formats: ["png"],
        });
        assert("outputs" in files[0]!, JSON.stringify(files));
        const { image } = await readCase(each);
        await segmentImage(image, evaluated.predict, settings);
        assertEquals(fromFile.seen, [trained.get(each.id)!], each.id);
        assertEquals(evaluated.seen, fromFile.seen, each.id);
      }
    }));
}

Deno.test("segment() by color-percentiles gives the same of a large file in bands, resumed and in any tiles", () =>
  withFolder(async (folder) => {
    const path = join(folder, "large.tif"), width = 600, height = 900;
    const tiff = await TiffWriter.open(path, {
      ...{ width, height, type: "uint16", tile: 128 },
    });
    await tiff.writeRows(
      Uint16Array.from(
        { length: width * height },
        (_, at) => 200 + (at * 7919 >>> 3) % 97 + Math.floor(at / width),
      ),
    );
    await tiff.finish();
    const own: Predict = Object.assign(
      (x: Float32Array) =>
        Promise.resolve(x.filter((_, index) => index % 3 === 0)),
      { heads: [objectHead], input: colorPercentilesInput },
    );
    const results: Uint8Array[] = [];
    for (
      const [tile, streamAbove, stopAfter] of [
        [1024, 2 ** 24, 0],
        [128, 1000, 0],
        [128, 1000, 12],
      ] as const
    ) {
      const out = join(folder, `out-${results.length}`);
      const options = {
        ...{ predict: own, out, streamAbove },
        formats: ["probability" as const],
        settings: { tile, margin: 16 },
      };
      if (stopAfter > 0) {
        const abort = new AbortController();
        await segment([path], {
          ...options,
          signal: abort.signal,
          onProgress: ({ windowsDone }) => {
            if (windowsDone >= stopAfter) abort.abort();
          },
        }).catch((error) => {
          if (!abort.signal.aborted) throw error;
        });
        assert(abort.signal.aborted);
      }
      const { files } = await segment([path], { ...options, resume: true });
      const [file] = files;
      assert(file && "outputs" in file, JSON.stringify(files));
      results.push(await Deno.readFile(file.outputs.probability!));
    }
    assertEquals(results[1], results[0]);
    assertEquals(results[2], results[0]);
  }));

Deno.test("a model that was stored before there was a choice leaves bright 8-bit images as they are", async () => {
  await using stack = new AsyncDisposableStack();
  const device = await openDevice("wasm");
  stack.defer(() => device.close());
  const path = fromFileUrl(
    new URL(
      "../../model/fixtures/version_3.safetensors",
      import.meta.url,
    ),
  );
  const model = await loadModel(path);
  const { input } = predictorOf(model);
  assertEquals(input, colorInput);
  for (const image of Object.values(images)) {
    const { predict, seen } = watcher(input!);
    await segmentImage(image, predict, { tile: side, margin: 0 });
    const rgb = toRgb8(image).data;
    assertEquals(seen, [Float32Array.from(rgb, (value) => value / 255)]);
  }
  model.dispose();
});

Deno.test("a model's file keeps color-percentiles", async () => {
  await using stack = new AsyncDisposableStack();
  const device = await openDevice("wasm");
  stack.defer(() => device.close());
  const task = objectTask({ input: colorPercentilesInput });
  const model = createModel({ width: 0.02, task }, createRandom(0));
  const pieces = await encodeModel(model);
  const file = await new Blob(pieces).bytes() as Uint8Array<ArrayBuffer>;
  const { plan } = decodeModel(file, "again");
  assertEquals(plan.task.input, colorPercentilesInput);
  model.dispose();
});
