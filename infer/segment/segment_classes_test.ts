import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, type Image, openImage } from "@unet/data";
import { UsageError } from "@unet/errors";
import { fibers, shadeNames, shades } from "../fixtures/shades.ts";
import { formatsOf, outputFormats } from "../formats/formats.ts";
import { readManifest } from "../batch/read_manifest.ts";
import { classColor } from "../outputs/class_color.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import { segmentImage } from "../windows/segment_image.ts";
import type { Predict } from "../windows/predict.ts";
import { toClassMap } from "../windows/to_class_map.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type { SegmentedFile } from "./segment_report.ts";
import { contentsOf, inFolder } from "../fixtures/in_folder.ts";
import { killedAfter } from "../fixtures/red.ts";

const formats = outputFormats.filter((format) => formatsOf.classes[format]);

const base = {
  predict: shades,
  formats,
  settings: { tile: 48, margin: 8, multiple: 8 },
} as const;

/** Segments an image of fibers into a new folder. */
async function segmented(
  folder: string,
  given: Partial<SegmentOptions> = {},
): Promise<{ out: string; file: SegmentedFile }> {
  const input = join(folder, "nerve.png");
  await Deno.writeFile(input, await encodePng(fibers(200, 130)));
  const out = await Deno.makeTempDir({ dir: folder });
  const report = await segment([input], { ...base, out, ...given });
  const [file] = report.files;
  if (!file || "error" in file) throw file?.error;
  assert("written" in file);
  return { out, file };
}

/** Every output; the manifest and the table of all aside. */
const contents = (folder: string): Promise<Record<string, string>> =>
  contentsOf(folder, /manifest|^measurements|_rois/);

/** Class numbers as the network gives them for the whole image at once. */
async function expectedMap(): Promise<Uint8Array> {
  const image = fibers(200, 130);
  return toClassMap(await segmentImage(image, shades)).data as Uint8Array;
}

Deno.test("segment() writes the most probable class of each pixel as palette PNG and as numbers in TIFF", () =>
  inFolder(async (folder) => {
    const { out } = await segmented(folder);
    const expected = await expectedMap();
    assertEquals([...new Set(expected)].sort(), [0, 1, 2]);
    await using tiff = await openImage(join(out, "nerve.tif"));
    assertEquals((await tiff.read(0, 0, 200, 130)).data, expected);
    const path = join(out, "nerve.png"), bytes = await Deno.readFile(path);
    const colors = await decodeImage(bytes, path);
    assertEquals(
      [...colors.data],
      [...expected].flatMap((number) => classColor(number)),
    );
  }));

Deno.test("segment() counts each class, in the report, the table, and the manifest", () =>
  inFolder(async (folder) => {
    const { out, file } = await segmented(folder, {
      settings: { ...base.settings, imagePixelSize: 0.5 },
    });
    const expected = await expectedMap(), all = expected.length;
    const areas = shadeNames.map((name, number) => ({
      name,
      pixels: expected.filter((own) => own === number).length,
    }));
    assertEquals(areas.reduce((sum, { pixels }) => sum + pixels, 0), all);
    assertEquals(
      file.classes,
      areas.map((area) => ({ ...area, share: area.pixels / all })),
    );
    assert(!("objects" in file) && !("foreground" in file));
    const rows = areas.map(({ name, pixels }, number) => [
      ...[name, number, pixels, pixels / 4],
      Number((pixels / all).toPrecision(10)),
    ]);
    const header = "class,number,area_px,area_um2,share";
    assertEquals(
      await Deno.readTextFile(join(out, "nerve.csv")),
      [header, ...rows, ""].join("\r\n"),
    );
    const { files } = await readManifest(join(out, "manifest.jsonl"));
    const { done } = files.get("nerve.png")!;
    assertEquals(done?.classes, areas);
    assertEquals(done?.counts, { width: 200, height: 130 });
    const table = await Deno.readTextFile(join(out, "measurements.csv"));
    assertEquals(
      table,
      [
        `file,${header},setup`,
        ...rows.map((row) => `nerve.png,${row},${done?.setup}`),
        "",
      ].join("\r\n"),
    );
  }));

Deno.test("segment() writes regions whose areas add up to those of the class map", () =>
  inFolder(async (folder) => {
    const { out, file } = await segmented(folder);
    const { features } = JSON.parse(
      await Deno.readTextFile(join(out, "nerve.geojson")),
    );
    const areas = new Map<string, number>();
    for (const { geometry, properties } of features) {
      const { name, color } = properties.classification;
      const number = shadeNames.indexOf(name);
      assertEquals(color, [...classColor(number)]);
      const polygons = geometry.type === "Polygon"
        ? [geometry.coordinates]
        : geometry.coordinates;
      const area = polygons.flat().reduce(
        (sum: number, ring: [number, number][]) => sum + signedArea(ring),
        0,
      );
      assertEquals(Math.abs(area), properties.measurements["Area px^2"]);
      areas.set(name, (areas.get(name) ?? 0) + Math.abs(area));
    }
    const [, ...found] = file.classes!;
    assertEquals(
      found.map(({ name, pixels }) => [name, pixels]),
      found.map(({ name }) => [name, areas.get(name)]),
    );
  }));

/** The shoelace formula: holes run the other way and subtract. */
function signedArea(ring: readonly [number, number][]): number {
  return ring.slice(1).reduce(
    (sum, [x, y], at) => sum + ring[at]![0] * y - x * ring[at]![1],
    0,
  ) / 2;
}

Deno.test("segment() writes the same classes of an image in memory and of one that streams", () =>
  inFolder(async (folder) => {
    const whole = await segmented(folder, { streamAbove: 1e9 });
    const streamed = await segmented(folder, { streamAbove: 100 });
    assertEquals(await contents(streamed.out), await contents(whole.out));
    assertEquals(streamed.file.classes, whole.file.classes);
  }));

Deno.test("segment() resumes a class map that was interrupted, with the same files", () =>
  inFolder(async (folder) => {
    const options = { streamAbove: 100, batchSize: 1 };
    const whole = await segmented(folder, options);
    const killed = killedAfter(8, shades);
    const input = join(folder, "nerve.png"), out = join(folder, "out");
    await assertRejects(
      () => segment([input], { ...base, ...options, out, predict: killed }),
      Error,
      "killed",
    );
    let calls = 0;
    const counted: Predict = Object.assign(
      (...given: Parameters<Predict>) => {
        calls++;
        return shades(...given);
      },
      { heads: shades.heads! },
    );
    await segment([input], {
      ...{ ...base, ...options, out, predict: counted, resume: true },
    });
    assert(calls > 0 && calls < 15, `${calls} windows again`);
    assertEquals(await contents(out), await contents(whole.out));
  }));

for (const format of ["tiff", "png"] as const) {
  Deno.test(`segment() draws what is missing from a class map in ${format}, without the network`, () =>
    inFolder(async (folder) => {
      const formats = ["png", "tiff", "overlay"] as const;
      const whole = await segmented(folder, { formats });
      const { out } = await segmented(folder, { formats: [format] });
      const forbidden: Predict = Object.assign(
        () => Promise.reject(new Error("the network ran")),
        { heads: shades.heads! },
      );
      const report = await segment([join(folder, "nerve.png")], {
        ...{ ...base, out, formats, predict: forbidden },
      });
      const [file] = report.files;
      assert(file && "drawnFrom" in file && file.drawnFrom === "class map");
      assertEquals(file.classes, whole.file.classes);
      for (const name of ["nerve.png", "nerve.tif", "nerve_overlay.png"]) {
        const [again, first] = await Promise.all(
          [out, whole.out].map(async (folder) => {
            const path = join(folder, name);
            return await decodeImage(await Deno.readFile(path), path);
          }),
        );
        assertEquals(again, first, name);
      }
    }));
}

Deno.test("segment() draws nothing from a class map whose values no class has", () =>
  inFolder(async (folder) => {
    const { out } = await segmented(folder, { formats: ["tiff"] });
    const path = join(out, "nerve.tif");
    await using tiff = await TiffWriter.open(path, {
      ...{ width: 200, height: 130, type: "uint8" },
    });
    await tiff.writeRows(new Uint8Array(200 * 130).fill(7));
    await tiff.finish();
    const report = await segment([join(folder, "nerve.png")], {
      ...{ ...base, out, formats: ["tiff", "overlay"] },
    });
    const [file] = report.files;
    assert(file && "error" in file);
    assert(file.error.message.includes("found values that no class has"));
  }));

Deno.test("segment() interpolates probabilities of classes, not their numbers", () =>
  inFolder(async (folder) => {
    const { out } = await segmented(folder, {
      formats: ["tiff"],
      settings: { ...base.settings, pixelSize: 2, imagePixelSize: 1 },
    });
    await using tiff = await openImage(join(out, "nerve.tif"));
    assertEquals([tiff.width, tiff.height], [200, 130]);
    const { data } = await tiff.read(0, 0, 200, 130);
    assert(data.every((number) => number <= 2));
    const expected = await expectedMap();
    const same = expected.filter((number, at) => number === data[at]).length;
    assert(same > 0.85 * expected.length, `${same} of ${expected.length}`);
  }));

Deno.test("segment() leaves margins to the background", () =>
  inFolder(async (folder) => {
    const image = fibers(100, 80), data = new Uint8Array(140 * 120 * 3);
    for (let y = 0; y < 80; y++) {
      const row = image.data.subarray(y * 300, (y + 1) * 300);
      data.set(row, ((y + 20) * 140 + 20) * 3);
    }
    const input = join(folder, "framed.png"), out = join(folder, "out");
    const framed = { ...image, width: 140, height: 120, data };
    await Deno.writeFile(input, await encodePng(framed));
    await segment([input], {
      ...{ ...base, out, formats: ["tiff", "probability"] },
      settings: { ...base.settings, cropBorders: true },
    });
    await using map = await openImage(join(out, "framed.tif"));
    const corner = (await map.read(0, 0, 20, 120)).data;
    assertEquals(new Set(corner), new Set([0]));
    await using first = await openImage(join(out, "framed_probability.tif"), {
      channel: "background",
    });
    const background = (await first.read(0, 0, 20, 120)).data;
    assertEquals(new Set(background), new Set([255]));
  }));

Deno.test("segment() writes a channel per class, by its name, that add up to one", () =>
  inFolder(async (folder) => {
    const { out } = await segmented(folder, { formats: ["probability"] });
    const path = join(out, "nerve_probability.tif");
    const planes: Image["data"][] = [];
    for (const channel of shadeNames) {
      await using image = await openImage(path, { channel });
      planes.push((await image.read(0, 0, 200, 130)).data);
    }
    const values = await segmentImage(fibers(200, 130), shades);
    values.planes.classes!.forEach((value, at) => {
      const stored = planes[at % 3]![Math.floor(at / 3)]!;
      assertEquals(stored, Math.round(255 * value));
    });
  }));

Deno.test("segment() refuses formats and settings that classes have no use for", () =>
  inFolder(async (folder) => {
    const input = join(folder, "nerve.png"), out = join(folder, "out");
    await Deno.writeFile(input, await encodePng(fibers(20, 20)));
    await assertRejects(
      () => segment([input], { ...base, out, formats: ["labels"] }),
      UsageError,
      'Cannot write format "labels": found a network that predicts a class per',
    );
    for (const settings of [{ threshold: 0.5 }, { instances: {} }]) {
      await assertRejects(
        () => segment([input], { ...base, out, settings }),
        RangeError,
        `Cannot use setting "${Object.keys(settings)[0]}": found a network ` +
          "that predicts a class per pixel",
      );
    }
    await assertRejects(
      () => segment([input], { ...base, out, overlayStyle: "mask" }),
      RangeError,
      'Cannot use setting "overlayStyle"',
    );
  }));

Deno.test("segment() draws classes of small and of large images above a legend", () =>
  inFolder(async (folder) => {
    for (const [width, height] of [[5, 3], [300, 40], [2000, 30]] as const) {
      const input = join(folder, `${width}.png`), out = join(folder, "out");
      const image = fibers(width, height);
      await Deno.writeFile(input, await encodePng(image));
      await segment([input], { ...base, out, formats: ["overlay", "tiff"] });
      const path = join(out, `${width}_overlay.png`);
      const drawn = await decodeImage(await Deno.readFile(path), path);
      assert(drawn.width >= width && drawn.height > height);
      // The legend has both colors, the image none but its own and theirs.
      const legend = new Set<string>();
      for (let at = height * drawn.width * 3; at < drawn.data.length; at += 3) {
        legend.add(`${drawn.data.subarray(at, at + 3)}`);
      }
      assertEquals(
        [...legend].sort(),
        [[255, 255, 255], [0, 0, 0], classColor(1), classColor(2)]
          .map(String).sort(),
      );
    }
  }));

Deno.test("segment() sums classes up on the summary page", () =>
  inFolder(async (folder) => {
    const { out, file } = await segmented(folder, { summary: true });
    const page = await Deno.readTextFile(join(out, "summary.html"));
    const [, axon] = file.classes!;
    assert(page.includes(`${(100 * axon!.share).toFixed(1)} %`));
    assert(page.includes("<bdi>axon</bdi>"));
    // Classes have neither.
    assert(!/Threshold|Objects/.test(page));
  }));
