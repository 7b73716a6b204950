import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { openImage, openStack } from "@unet/data";
import { UsageError } from "@unet/errors";
import { fibers, shadeNames, shades } from "../fixtures/shades.ts";
import { formatsOf, outputFormats } from "../formats/formats.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type { SegmentedFile } from "./segment_report.ts";

const width = 90, height = 70;

const formats = outputFormats.filter((format) =>
  formatsOf.classes[format]?.holdsStacks
);

/** A stack of fibers, the second plane of which is cut differently. */
async function inPlace(
  work: (place: {
    readonly at: (name: string) => string;
    readonly run: (
      plane: number | "all",
      options?: Partial<SegmentOptions>,
    ) => Promise<SegmentedFile>;
  }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const at = (name: string) => join(folder, name);
  try {
    await using tiff = await TiffWriter.open(at("nerve.tif"), {
      ...{ width, height, type: "uint8", channels: 3 },
      stack: { axis: "plane", count: 2 },
    });
    const { data } = fibers(width, height);
    await tiff.writeRows(data as Uint8Array);
    const row = width * 3;
    await tiff.writeRows(data.subarray(9 * row) as Uint8Array);
    await tiff.writeRows(data.subarray(0, 9 * row) as Uint8Array);
    await tiff.finish();
    await work({
      at,
      async run(plane, options) {
        const { files: [file] } = await segment([at("nerve.tif")], {
          ...{ predict: shades, formats, out: at(`out-${plane}`) },
          ...options,
          settings: { tile: 48, margin: 8, plane, ...options?.settings },
        });
        if (file && "error" in file) throw file.error;
        assert(file && "written" in file);
        return file;
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function rowsOf(path: string): Promise<string[]> {
  return (await Deno.readTextFile(path)).trimEnd().split("\r\n");
}

Deno.test("segment() with a network of classes writes stacks of class maps and probabilities, each plane as if alone", () =>
  inPlace(async ({ at, run }) => {
    const all = await run("all");
    assertEquals(all.stack?.count, 2);
    const sums = shadeNames.map(() => 0);
    await using maps = await openStack(at("out-all/nerve.tif"));
    await using overlays = await openStack(at("out-all/nerve_overlay.tif"));
    const window = [0, 0, width, height] as const;
    for (const index of [0, 1]) {
      const alone = await run(index, { pyramid: true });
      alone.classes!.forEach(({ pixels }, number) => sums[number]! += pixels);
      await using map = await maps.open({ plane: index });
      await using one = await openImage(at(`out-${index}/nerve.tif`));
      assertEquals(
        (await map.read(...window)).data,
        (await one.read(...window)).data,
      );
      await using drawn = await overlays.open({ plane: index });
      await using picture = await openImage(
        at(`out-${index}/nerve_overlay.tif`),
      );
      assertEquals(
        (await drawn.read(...window)).data,
        (await picture.read(...window)).data,
      );
      for (const [channel, name] of shadeNames.entries()) {
        await using stacked = await openImage(
          at("out-all/nerve_probability.tif"),
          { plane: index, channel: name },
        );
        await using single = await openImage(
          at(`out-${index}/nerve_probability.tif`),
          { channel },
        );
        assertEquals(
          (await stacked.read(...window)).data,
          (await single.read(...window)).data,
        );
      }
    }
    assertEquals(all.classes?.map(({ pixels }) => pixels), sums);
    const share = all.classes!.reduce((sum, { share }) => sum + share, 0);
    assert(Math.abs(share - 1) < 1e-12);
  }));

Deno.test("segment() with a network of classes has the planes of a stack in tables and outlines", () =>
  inPlace(async ({ at, run }) => {
    await run("all", { summary: true });
    for (const index of [0, 1]) await run(index);
    const [header, ...rows] = await rowsOf(at("out-all/nerve.csv"));
    assertEquals(header, "class,plane,number,area_px,area_um2,share");
    const expected: string[] = [];
    for (const index of [0, 1]) {
      const [, ...alone] = await rowsOf(at(`out-${index}/nerve.csv`));
      expected.push(
        ...alone.map((row) => row.replace(",", `,${index},`)),
      );
    }
    assertEquals(rows, expected);
    const [first, ...table] = await rowsOf(at("out-all/measurements.csv"));
    assertEquals(first!.split(",").slice(0, 4), [
      ...["file", "class", "plane", "number"],
    ]);
    assertEquals(table.length, 6);
    const featuresOf = async (folder: string) =>
      JSON.parse(await Deno.readTextFile(at(`${folder}/nerve.geojson`)))
        .features;
    const features = await featuresOf("out-all");
    const ones = [...await featuresOf("out-0"), ...await featuresOf("out-1")];
    assertEquals(features.length, ones.length);
    const planes = features.map((
      { geometry }: { geometry: { plane: { z: number } } },
    ) => geometry.plane.z);
    assertEquals([...new Set(planes)], [0, 1]);
    const labels = features.map((
      { properties }: { properties: { measurements: { Label: number } } },
    ) => properties.measurements.Label);
    assertEquals(labels, labels.map((_: number, at: number) => at + 1));
    const page = await Deno.readTextFile(at("out-all/summary.html"));
    assert(page.includes("90 × 70, 2 planes"));
  }));

Deno.test("segment() with a network of classes refuses links, and names formats that hold stacks", () =>
  inPlace(async ({ run }) => {
    await assertRejects(
      () => run("all", { settings: { link: 0.25 } }),
      UsageError,
      'Cannot use setting "link": found a network that predicts a class per pixel',
    );
    await assertRejects(
      () => run("all", { formats: ["png"] }),
      UsageError,
      "expected tiff, probability, overlay, ome-zarr, geojson, roi, csv",
    );
  }));
