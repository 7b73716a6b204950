import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, type Image } from "@unet/data";
import { UsageError } from "@unet/errors";
import { scaledInstances } from "../diameter/scaled_instances.ts";
import { outputFormats } from "../formats/formats.ts";
import { findInstances } from "../instances/find_instances.ts";
import { labelsOf } from "../instances/labels_of.ts";
import { settle } from "../instances/settle.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import type { Predict } from "../windows/predict.ts";
import { segmentImage } from "../windows/segment_image.ts";
import { segment } from "./segment.ts";
import type { ResultSettings, SegmentOptions } from "./segment_options.ts";
import { contentsOf, inFolder } from "../fixtures/in_folder.ts";
import { killedAfter, red } from "../fixtures/red.ts";

// Larger objects are brought to √(16 · 25), which is 20 pixels.
const learned = { low: 8, median: 16, high: 25 };
const window = { tile: 48, margin: 8, multiple: 8 };
const base = {
  predict: red,
  settings: { ...window, diameter: { wanted: 60, ...learned } },
} as const;

/** Discs of 60 pixels on black, some of which touch. */
function discs(width: number, height: number, at = 0): Image {
  const data = new Uint8Array(width * height).fill(10);
  for (let y = 0; y < height; y++) {
    for (let x = at; x < width; x++) {
      const inside = Math.hypot((x - at) % 130 - 40, y % 90 - 45) < 30 ||
        Math.hypot((x - at) % 130 - 92, y % 90 - 45) < 30;
      if (inside) data[y * width + x] = 180 + (x + 3 * y) % 70;
    }
  }
  return { width, height, channels: 1, depth: 8, data };
}

const contents = (folder: string): Promise<Record<string, string>> =>
  contentsOf(folder, /manifest|^measurements/);

async function cells(folder: string, image: Image): Promise<string> {
  const input = join(folder, "cells.png");
  await Deno.writeFile(input, await encodePng(image));
  return input;
}

const ruledBy = (folder: string, given: Partial<SegmentOptions>) => ({
  ...{ ...base, out: join(folder, "out"), formats: outputFormats },
  ...given,
});

Deno.test("segment() shows a network objects of the size that it learned, and gives masks of the image's own", () =>
  inFolder(async (folder) => {
    const image = discs(260, 180);
    const input = await cells(folder, image);
    const seen: number[] = [];
    const predict: Predict = (x, shape) => {
      seen.push(shape[1], shape[2]);
      return red(x, shape);
    };
    const settings = { ...base.settings, tile: 128 };
    const { files: [file] } = await segment([input], {
      ...{ ...base, predict, settings, out: join(folder, "out") },
      formats: ["png", "labels"],
    });
    assert(file && "foreground" in file);
    // A third of 260×180, in one window.
    assertEquals(seen, [80, 104]);
    assertEquals([file.width, file.height], [260, 180]);
    assertEquals(file.imageScale, { diameter: 60, scale: 1 / 3 });
    assertEquals(file.objects, 8);

    const planes = await segmentImage(image, red, {
      ...settings,
      scale: 1 / 3,
    });
    const expected = labelsOf(
      findInstances(planes, scaledInstances(settle({}), 1 / 3)),
      260,
      180,
    );
    const labels = await decodeImage(
      await Deno.readFile(file.outputs.labels!),
      "labels",
    );
    assertEquals(Uint32Array.from(labels.data), expected.data);
    const manifest = await Deno.readTextFile(
      join(folder, "out/manifest.jsonl"),
    );
    assert(manifest.includes('"diameter":{"wanted":60,"low":8'));
    assert(manifest.includes('"imageScale":{"diameter":60,"scale":0.333333'));
  }));

Deno.test("segment() with a diameter writes the same files however rows are cut, in memory or streamed", () =>
  inFolder(async (folder) => {
    for (const wanted of [60, 5]) {
      const input = await cells(folder, discs(230, 170));
      const runs: Record<string, string>[] = [];
      for (
        const given of [{}, { streamAbove: 100 }, {
          ...{ streamAbove: 100, batchSize: 1 },
        }] as const
      ) {
        const out = join(folder, `out${wanted}-${runs.length}`);
        await segment([input], {
          ...{ ...base, ...given, out, formats: outputFormats },
          settings: { ...window, diameter: { wanted, ...learned } },
        });
        runs.push(await contents(out));
      }
      assert(Object.keys(runs[0]!).length >= outputFormats.length - 1);
      assertEquals(runs[1], runs[0]);
      assertEquals(runs[2], runs[0]);
    }
  }));

Deno.test("segment() with a diameter resumes an image with the bits of a run that nobody stopped", () =>
  inFolder(async (folder) => {
    const input = await cells(folder, discs(300, 700));
    const options = ruledBy(folder, { streamAbove: 100, batchSize: 1 });
    const straight = join(folder, "straight");
    let calls = 0;
    const counted: Predict = (...given) => {
      calls++;
      return red(...given);
    };
    await segment([input], { ...options, predict: counted, out: straight });
    const all = calls;
    const killed = killedAfter(Math.floor(all / 2));
    await assertRejects(
      () => segment([input], { ...options, predict: killed }),
      Error,
      "killed",
    );
    calls = 0;
    await segment([input], { ...options, predict: counted, resume: true });
    assert(calls < 0.8 * all, `${calls} of ${all} windows again`);
    assertEquals(await contents(options.out), await contents(straight));
  }));

Deno.test("segment() takes another diameter for another result, which is not overwritten silently", () =>
  inFolder(async (folder) => {
    const input = await cells(folder, discs(260, 180));
    const run = async (diameter?: ResultSettings["diameter"]) => {
      const settings = { ...window, ...(diameter && { diameter }) };
      const options = { ...base, settings, out: join(folder, "out") };
      return (await segment([input], options)).files[0]!;
    };
    await run(base.settings.diameter);
    assert("skipped" in await run(base.settings.diameter));
    for (
      const other of [
        undefined,
        { ...base.settings.diameter, wanted: 70 },
        { ...base.settings.diameter, kept: ["minimalArea"] as const },
      ]
    ) {
      const file = await run(other);
      assert("error" in file && /found one made with/.test(file.error.message));
    }
  }));

Deno.test("segment() with a diameter that the network learned gives what it gives without", () =>
  inFolder(async (folder) => {
    const input = await cells(folder, discs(200, 150));
    const outs: Record<string, string>[] = [];
    for (const diameter of [undefined, { wanted: 20, ...learned }]) {
      const out = join(folder, `out${outs.length}`);
      const settings = { ...window, ...(diameter && { diameter }) };
      await segment([input], {
        ...base,
        settings,
        out,
        formats: outputFormats,
      });
      outs.push(await contents(out));
    }
    assertEquals(outs[1], outs[0]);
  }));

Deno.test("segment() that measures an image gives what it gives with that diameter, in memory, streamed and resumed", () =>
  inFolder(async (folder) => {
    const input = await cells(folder, discs(300, 700));
    const auto = { wanted: "auto" as const, ...learned };
    const options = ruledBy(folder, {
      settings: { ...window, diameter: auto },
    });
    const { files: [file] } = await segment([input], {
      ...{ ...options, out: join(folder, "memory") },
    });
    assert(file && "foreground" in file);
    const { diameter, scale } = file.imageScale!;
    assert(Math.abs(diameter! - 60) <= 3, `${diameter}`);
    assertEquals(scale, 20 / diameter!);
    await segment([input], {
      ...{ ...options, out: join(folder, "given") },
      settings: { ...window, diameter: { wanted: diameter!, ...learned } },
    });
    const expected = await contents(join(folder, "given"));
    assertEquals(await contents(join(folder, "memory")), expected);

    const streamed = { ...options, streamAbove: 100, batchSize: 1 };
    let calls = 0;
    const counted: Predict = (...given) => {
      calls++;
      return red(...given);
    };
    const out = join(folder, "streamed");
    await segment([input], { ...streamed, predict: counted, out });
    assertEquals(await contents(out), expected);
    const killed = killedAfter(Math.floor(0.7 * calls));
    await assertRejects(
      () => segment([input], { ...streamed, predict: killed }),
      Error,
      "killed",
    );
    const all = calls;
    calls = 0;
    await segment([input], { ...streamed, predict: counted, resume: true });
    assert(calls < all, `${calls} of ${all} windows again`);
    assertEquals(await contents(streamed.out), expected);
  }));

Deno.test("segment() shows a small image once whose objects are of a size that the network learned, and gives what it gives unmeasured", () =>
  inFolder(async (folder) => {
    const input = await cells(folder, discs(260, 180));
    const known = { low: 40, median: 60, high: 90 };
    for (const views of [1, 4] as const) {
      const settings = { ...window, tile: 256, views };
      let calls = 0;
      const predict: Predict = (...given) => {
        calls++;
        return red(...given);
      };
      const run = async (given: ResultSettings) => {
        const out = join(folder, `out-${views}-${calls}`);
        const options = { ...ruledBy(out, { predict, settings: given }), out };
        const report = await segment([input], options);
        return { file: report.files[0]!, contents: await contents(out) };
      };
      const off = await run(settings);
      const auto = await run({
        ...settings,
        diameter: { wanted: "auto", ...known },
      });
      // Mirrored views are other windows than the one that was measured.
      assertEquals(calls, views === 1 ? 2 : 2 * views + 1);
      assert("imageScale" in auto.file);
      assertEquals(auto.file.imageScale?.scale, 1);
      assertEquals(auto.contents, off.contents);
    }
  }));

Deno.test("segment() sees an image as it is in which it finds nothing to measure", () =>
  inFolder(async (folder) => {
    const image = discs(120, 90);
    const data = new Uint8Array(image.data.length).fill(9);
    const input = await cells(folder, { ...image, data });
    const diameter = { wanted: "auto" as const, ...learned };
    const { files: [file] } = await segment([input], {
      ...{ ...base, settings: { ...window, diameter } },
      out: join(folder, "out"),
    });
    assert(file && "foreground" in file);
    assertEquals(file.imageScale, { diameter: null, scale: 1 });
  }));

Deno.test("segment() brings all planes of a stack to one size", () =>
  inFolder(async (folder) => {
    const input = join(folder, "z.tif");
    const planes = [0, 20, 40].map((at) => discs(150, 100, at));
    {
      await using tiff = await TiffWriter.open(input, {
        ...{ width: 150, height: 100, type: "uint8", tile: 32 },
        stack: { axis: "plane", count: 3 },
      });
      for (const { data } of planes) await tiff.writeRows(data as Uint8Array);
      await tiff.finish();
    }
    const settings = { ...base.settings, plane: "all" as const };
    const out = join(folder, "out");
    const { files: [file] } = await segment([input], {
      ...{ ...base, settings, out, formats: ["labels"] },
    });
    if (file && "error" in file) throw file.error;
    assert(file && "foreground" in file);
    assertEquals(file.imageScale, { diameter: 60, scale: 1 / 3 });
    let sections = 0;
    for (const plane of planes) {
      const found = await segmentImage(plane, red, {
        ...{ ...window, scale: 1 / 3 },
      });
      sections +=
        findInstances(found, scaledInstances(settle({}), 1 / 3)).length;
    }
    assertEquals(file.stack?.sections, sections);
  }));

Deno.test("segment() refuses a diameter beside a pixel size before any work", () =>
  inFolder(async (folder) => {
    const settings = { ...base.settings, pixelSize: 0.5 };
    await assertRejects(
      () => segment([folder], { ...base, settings, out: join(folder, "out") }),
      UsageError,
      "found `pixelSize` beside it",
    );
  }));
