import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, type Image } from "@unet/data";
import { FileError } from "@unet/errors";
import type { Predict } from "../windows/predict.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";
import { outputFormats } from "../formats/formats.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import { inFolder } from "../fixtures/in_folder.ts";
import { killedAfter, red } from "../fixtures/red.ts";

/** Discs on black, some of which touch. */
function discs(width: number, height: number): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const inside = Math.hypot(x % 40 - 20, y % 40 - 20) < 9 ||
        Math.hypot(x % 80 - 36, y % 80 - 20) < 9;
      data.fill(
        inside ? 240 : 10,
        (y * width + x) * 3,
        (y * width + x) * 3 + 3,
      );
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

/** The outputs of images; the manifest and the table of all aside. */
async function contents(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (/manifest|^measurements/.test(name)) continue;
    const path = join(folder, name);
    found[name] = isDirectory
      ? JSON.stringify(await contents(path))
      : (await Deno.readFile(path)).toHex();
  }
  return Object.fromEntries(Object.entries(found).sort());
}

const base = {
  predict: red,
  formats: outputFormats,
  settings: { instances: {}, tile: 48, margin: 8, multiple: 8 },
};

Deno.test("segment() writes the same files of an image in memory and of one that streams", () =>
  inFolder(async (folder) => {
    const input = join(folder, "cells.png");
    await Deno.writeFile(input, await encodePng(discs(200, 130)));
    const runs: Record<string, string>[] = [];
    for (const streamAbove of [1e9, 100]) {
      const out = join(folder, `out${streamAbove}`);
      const report = await segment([input], { ...base, out, streamAbove });
      const [file] = report.files;
      assert(file && "objects" in file && file.objects! > 10);
      runs.push(await contents(out));
    }
    // The zip of ROIs holds the time of writing.
    for (const run of runs) delete run["cells_rois.zip"];
    assertEquals(Object.keys(runs[0]!).length, outputFormats.length - 1);
    assertEquals(runs[1], runs[0]);
  }));

Deno.test("segment() continues within an image that was interrupted, with the same files", () =>
  inFolder(async (folder) => {
    const input = join(folder, "cells.png"), out = join(folder, "out");
    await Deno.writeFile(input, await encodePng(discs(100, 300)));
    const options: SegmentOptions = {
      ...base,
      formats: ["png", "labels", "csv"],
      settings: { ...base.settings, overlap: 0.5 },
      streamAbove: 100,
      batchSize: 1,
      out,
    };
    const straight = join(folder, "straight");
    let calls = 0;
    const counted: Predict = (...given) => {
      calls++;
      return red(...given);
    };
    await segment([input], { ...options, out: straight, predict: counted });
    const all = calls;

    const killed = killedAfter(Math.floor(all / 2));
    await assertRejects(
      () => segment([input], { ...options, predict: killed }),
      Error,
      "killed",
    );
    assertEquals(Object.keys(await contentsOfFiles(out)), []);
    calls = 0;
    await segment([input], { ...options, predict: counted, resume: true });
    assert(calls < 0.8 * all, `${calls} of ${all} windows again`);
    assertEquals(await contents(out), await contents(straight));
  }));

/** As `contents()`, of a folder with folders in it. */
async function contentsOfFiles(
  folder: string,
): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = {};
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && !/manifest|^measurements/.test(name)) found[name] = true;
  }
  return found;
}

Deno.test("segment() starts anew without resume, and with another setting", () =>
  inFolder(async (folder) => {
    const input = join(folder, "cells.png");
    await Deno.writeFile(input, await encodePng(discs(100, 300)));
    let runs = 0;
    const once = async (given: Partial<SegmentOptions>): Promise<number> => {
      const out = join(folder, `out${runs++}`);
      const options = { ...base, streamAbove: 100, batchSize: 1, out };
      let calls = 0;
      const killed = killedAfter(10);
      await assertRejects(
        () => segment([input], { ...options, predict: killed }),
        Error,
        "killed",
      );
      const predict: Predict = (...given) => {
        calls++;
        return red(...given);
      };
      await segment([input], { ...options, ...given, predict });
      return calls;
    };
    const all = await once({});
    const settings = { ...base.settings, tile: 40 };
    assertEquals(await once({ resume: true, settings }), 3 * 8);
    assert(await once({ resume: true }) < all);
  }));

Deno.test("segment() leaves empty margins out and puts the mask back into the frame", () =>
  inFolder(async (folder) => {
    const inner = discs(100, 90);
    const data = new Uint8Array(130 * 120 * 3);
    for (let y = 0; y < 90; y++) {
      const row = inner.data.subarray(y * 300, (y + 1) * 300);
      data.set(row, ((y + 20) * 130 + 10) * 3);
    }
    const input = join(folder, "framed.png"), out = join(folder, "out");
    const framed: Image = {
      width: 130,
      height: 120,
      channels: 3,
      depth: 8,
      data,
    };
    await Deno.writeFile(input, await encodePng(framed));
    const { files: [file] } = await segment([input], {
      predict: red,
      out,
      settings: { cropBorders: true },
    });
    assert(file && "margins" in file);
    assertEquals(file.margins, { left: 10, top: 20, right: 20, bottom: 10 });
    const mask = await decodeImage(
      await Deno.readFile(join(out, "framed.png")),
      "framed.png",
    );
    const expected = Uint8Array.from(
      { length: 130 * 120 },
      (_, at) => data[at * 3]! > 127 ? 255 : 0,
    );
    assertEquals([mask.width, mask.height], [130, 120]);
    assertEquals(mask.data, expected);
  }));

Deno.test("segment() brings images to the network's pixel size, and masks back", () =>
  inFolder(async (folder) => {
    const input = join(folder, "cells.png"), out = join(folder, "out");
    await Deno.writeFile(input, await encodePng(discs(120, 80)));
    const sizes: number[] = [];
    const predict: Predict = (x, shape) => {
      sizes.push(shape[1], shape[2]);
      return red(x, shape);
    };
    const { files: [file] } = await segment([input], {
      predict,
      out,
      settings: {
        ...{ tile: 64, margin: 0 },
        ...{ pixelSize: 0.5, imagePixelSize: 0.25 },
      },
    });
    assert(file && "foreground" in file);
    assertEquals(sizes, [64, 64]);
    assertEquals([file.width, file.height], [120, 80]);
    const truth = discs(120, 80).data;
    const share = truth.filter((value, at) => at % 3 === 0 && value > 127)
      .length / (120 * 80);
    assert(Math.abs(file.foreground - share) < 0.02);

    const report = await segment([input], {
      predict,
      out: join(folder, "none"),
      settings: { pixelSize: 0.5 },
    });
    const [failed] = report.files;
    assert(failed && "error" in failed);
    assertEquals(
      failed.error.message,
      `Cannot rescale image "${input}": found no pixel size in it, expected ` +
        "one, to rescale it to the network's; give the image's as " +
        "`imagePixelSize`",
    );
  }));

Deno.test("segment() sums a batch up, and skips finished files", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out");
    await Deno.writeFile(join(folder, "a.png"), await encodePng(discs(90, 50)));
    await Deno.writeTextFile(join(folder, "<b>.png"), "no image");
    const options: SegmentOptions = {
      predict: red,
      out,
      formats: ["csv", "png"],
      summary: true,
    };
    const inputs = [join(folder, "a.png"), join(folder, "<b>.png")];
    const first = await segment(inputs, options);
    assertEquals([first.segmented, first.skipped, first.failed], [1, 0, 1]);
    const page = await Deno.readTextFile(join(out, "summary.html"));
    assert(page.includes("&lt;b&gt;.png"));
    assert(page.includes('src="./summary/a.jpg"'));
    const again = await segment(inputs, options);
    assertEquals([again.segmented, again.skipped, again.failed], [0, 1, 1]);
    const other = await segment(inputs, {
      ...options,
      settings: { views: 4 },
    });
    assertEquals([other.segmented, other.skipped], [0, 0]);
  }));

Deno.test("segment() reports a TIFF whose tiles are damaged half way, leaves nothing of it, and continues", () =>
  inFolder(async (folder) => {
    const size = { width: 200, height: 600 };
    const input = join(folder, "a.tif"), out = join(folder, "out");
    const tiff = await TiffWriter.open(input, {
      ...size,
      channels: 3,
      type: "uint8",
      tile: 64,
    });
    await tiff.writeRows(discs(size.width, size.height).data as Uint8Array);
    await tiff.finish();
    const bytes = await Deno.readFile(input);
    bytes.fill(0xee, bytes.length >> 1, (bytes.length >> 1) + 3000);
    await Deno.writeFile(input, bytes);
    await Deno.writeFile(join(folder, "b.png"), await encodePng(discs(90, 50)));
    const report = await segment([input, join(folder, "b.png")], {
      ...base,
      out,
      streamAbove: 100,
    });
    const [first, second] = report.files;
    assert(first && "error" in first && first.error instanceof FileError);
    assert(first.error.message.startsWith(`Cannot read image "${input}"`));
    assert(second && "foreground" in second);
    const files = Object.keys(await contentsOfFiles(out));
    assertEquals(files.filter((name) => !name.startsWith("b")), []);
  }));
