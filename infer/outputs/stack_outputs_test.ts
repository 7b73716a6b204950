import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { openStack } from "@unet/data";
import type { StackAxis } from "../instances/instance.ts";
import { writeBatchTable } from "./batch_table.ts";
import { encodeRoi } from "./encode_roi.ts";
import judged from "./fixtures/judged_stacks.json" with { type: "json" };
import { instanceOf } from "./fixtures/sample_instances.ts";
import {
  stackSamples,
  stackSize,
  valuesOfSample,
  writeStackSamples,
} from "./fixtures/write_stack_samples.ts";
import { InstanceGeoJson } from "./instance_geojson.ts";
import { LabelTiff } from "./label_tiff.ts";
import { measureInstance } from "./measure_instance.ts";
import { MeasurementCsv } from "./measurement_csv.ts";
import { type TiffOptions, TiffWriter } from "./tiff_writer.ts";
import type { Values } from "./values.ts";

const folder = await Deno.makeTempDir();

const create = {
  uint8: (length: number) => new Uint8Array(length),
  uint16: (length: number) => new Uint16Array(length),
  uint32: (length: number) => new Uint32Array(length),
  float32: (length: number) => new Float32Array(length),
};

/** Values that differ from plane to plane. */
function valuesOf(type: TiffOptions["type"], length: number): Values {
  const values = create[type](length);
  for (let at = 0; at < length; at++) values[at] = (at * 7919) % 251;
  return values;
}

/** The planes of a file, as the package's own reader has them. */
async function planesOf(path: string, axis: StackAxis) {
  await using stack = await openStack(path);
  const planes: number[][] = [];
  const count = axis === "plane" ? stack.planes : stack.times;
  for (let index = 0; index < count; index++) {
    await using image = await stack.open({ [axis]: index });
    const { width, height } = image;
    planes.push([...(await image.read(0, 0, width, height)).data]);
  }
  await using image = await stack.open({});
  const { pixelSize, levels } = image;
  return { counts: [stack.planes, stack.times], planes, pixelSize, levels };
}

Deno.test("TiffWriter writes the planes of a stack as pages, however their rows come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        type: fc.constantFrom("uint8", "uint16", "uint32", "float32"),
        width: fc.integer({ min: 1, max: 40 }),
        height: fc.integer({ min: 1, max: 40 }),
        channels: fc.constantFrom(1, 3),
        count: fc.integer({ min: 1, max: 5 }),
        pyramid: fc.constantFrom(undefined, "nearest", "mean"),
        axis: fc.constantFrom("plane", "time"),
        rows: fc.integer({ min: 1, max: 90 }),
        largestClassic: fc.constantFrom(undefined, 100),
      }),
      async ({ rows, axis, count, pyramid, largestClassic, ...options }) => {
        const { width, height, channels, type } = options;
        const path = `${folder}/stack.tif`, row = width * channels;
        const values = valuesOf(type, row * height * count);
        {
          await using tiff = await TiffWriter.open(path, {
            ...{ ...options, tile: 16, stack: { axis, count } },
            ...(pyramid && { pyramid }),
            ...(largestClassic !== undefined && { largestClassic }),
            pixelSize: { x: 0.25, y: 0.5 },
          });
          for (let from = 0; from < values.length; from += rows * row) {
            await tiff.writeRows(values.subarray(from, from + rows * row));
          }
          await tiff.finish();
        }
        const read = await planesOf(path, axis);
        assertEquals(
          read.counts,
          axis === "plane" ? [count, 1] : [1, count],
        );
        assertEquals(read.planes.flat(), [...values]);
        assertEquals(read.pixelSize, { x: 0.25, y: 0.5 });
        // A level counts where it is narrower.
        const isLarge = Math.max(width, height) > 16 && width > 1;
        assertEquals(read.levels.length > 1, pyramid !== undefined && isLarge);
      },
    ),
    { numRuns: 60 },
  );
});

Deno.test("TiffWriter refuses a stack of no plane, and one that lacks rows", async () => {
  const options = { width: 2, height: 2, type: "uint8" } as const;
  await assertRejects(
    () =>
      TiffWriter.open(`${folder}/none.tif`, {
        ...{ ...options, stack: { axis: "plane", count: 0 } },
      }),
    RangeError,
    "Cannot write TIFF: found a stack of 0, expected at least 1",
  );
  await using tiff = await TiffWriter.open(`${folder}/lacks.tif`, {
    ...{ ...options, stack: { axis: "plane", count: 2 } },
  });
  await tiff.writeRows(new Uint8Array(4));
  await assertRejects(
    () => tiff.finish(),
    RangeError,
    "Cannot write TIFF: found 2 rows at the end, expected 4",
  );
});

Deno.test("LabelTiff of a stack continues with 32 bits from any plane, as if it had begun so", async () => {
  const width = 40, height = 33, count = 4, path = `${folder}/labels.tif`;
  for (const wideFrom of [0, 1, 2.5, 3.9]) {
    const labels = Uint32Array.from(
      { length: width * height * count },
      (_, at) => at % 9 + (at >= wideFrom * width * height ? 70_000 : 0),
    );
    for (const pyramid of [false, true]) {
      await using tiff = await LabelTiff.open(path, {
        ...{ width, height, pyramid, stack: { axis: "time", count } },
      });
      for (let from = 0; from < labels.length; from += 5 * width) {
        await tiff.writeRows(labels.slice(from, from + 5 * width));
      }
      await tiff.finish();
      assertEquals(tiff.bits, 32);
      assertEquals((await planesOf(path, "time")).planes.flat(), [...labels]);
    }
  }
});

async function digestOf(values: Values): Promise<string> {
  const bytes = new Uint8Array(values.buffer as ArrayBuffer);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}

/** A sample's values in the order in which tifffile gives its axes. */
function inOrder(name: keyof typeof stackSamples): Values {
  const { values, most } = stackSamples[name], all = valuesOfSample(name);
  const pixels = stackSize.width * stackSize.height;
  const isByClass = name === "classes.tif";
  const ordered = all.map((value, at) => {
    if (!isByClass) return value;
    const pixel = at % pixels, channel = Math.floor(at / pixels) % values;
    const plane = Math.floor(at / pixels / values);
    return all[(plane * pixels + pixel) * values + channel]!;
  });
  return most > 255 ? ordered : Uint8Array.from(ordered);
}

Deno.test("stacks are what tifffile reads as Z and T, with their levels, channels and pixel size", async () => {
  await writeStackSamples(folder);
  for (const [name, sha256] of Object.entries(judged.files)) {
    // What was judged is what is written now.
    const bytes = await Deno.readFile(`${folder}/${name}`);
    assertEquals(await digestOf(bytes), sha256, name);
  }
  const { width, height } = stackSize;
  const half = [height / 2, width / 2], quarter = [10, 18];
  const expected = {
    "mask.tif": ["ZYX", [[3, height, width], [3, ...half], [3, ...quarter]]],
    "color.tif": [
      "TYXS",
      [[2, height, width, 3], [2, ...half, 3], [2, ...quarter, 3]],
    ],
    "labels.tif": ["ZYX", [[4, height, width]]],
    "one.tif": ["YX", [[height, width], half, quarter]],
    "classes.tif": ["TCYX", [[3, 4, height, width]]],
  } as const;
  for (const name of Object.keys(expected) as (keyof typeof expected)[]) {
    const { axes, type, levels, channels, pixelSize } = judged.tiffs[name];
    const [wanted, shapes] = expected[name];
    assertEquals(
      [axes, levels.map(({ shape }) => shape)],
      [wanted, shapes],
      name,
    );
    assertEquals(type, name === "labels.tif" ? "uint32" : "uint8");
    assertEquals(levels[0]!.sha256, await digestOf(inOrder(name)), name);
    assertEquals(
      channels,
      name === "classes.tif"
        ? ["background", "axon", "Zelle größer", "<&>"]
        : [null],
    );
    assertEquals(
      pixelSize,
      name === "labels.tif" ? [null, null] : ["0.5", "0.25"],
    );
  }
});

Deno.test("ROIs of stacks are what roifile and ImageJ read at their slice and frame", async () => {
  assertEquals(judged.rois, [
    { name: "nucleus-00001-plane-0000", position: [1, 0, 0, 0] },
    { name: "nucleus-00001-plane-0006", position: [0, 0, 7, 3] },
    { name: "nucleus-00002-time-0004", position: [0, 0, 0, 5] },
  ]);
  const seen = await Deno.readTextFile(
    new URL("fixtures/imagej_stacks.txt", import.meta.url),
  );
  assertEquals(seen.trimEnd().split("\n"), [
    "nucleus-00001-plane-0000 position 1 C 0 Z 1 T 0 hyperstack false",
    "nucleus-00001-plane-0006 position 0 C 0 Z 7 T 3 hyperstack true",
    "nucleus-00002-time-0004 position 0 C 0 Z 0 T 5 hyperstack true",
  ]);
});

const second = {
  ...instanceOf(["##"], { label: 7 }),
  place: { axis: "plane", plane: 2, time: 4 },
} as const;

Deno.test("InstanceGeoJson has the plane and time of objects of a stack, as QuPath has them", async () => {
  const path = `${folder}/stack.geojson`;
  await using file = await InstanceGeoJson.open(path);
  const { plane: _, ...time } = second.place;
  await file.add([second, { ...second, place: { ...time, axis: "time" } }]);
  await file.finish();
  const { features } = JSON.parse(await Deno.readTextFile(path));
  assertEquals(
    features.map(({ geometry }: { geometry: { plane: unknown } }) =>
      geometry.plane
    ),
    [{ c: -1, z: 2, t: 4 }, { c: -1, z: 0, t: 4 }],
  );
});

Deno.test("encodeRoi() has the slice and frame of objects of a stack, counted from 1", () => {
  const positionOf = (
    place: NonNullable<Parameters<typeof encodeRoi>[0]["place"]>,
  ) => {
    const bytes = encodeRoi({ ...second, place }, "a");
    const view = new DataView(bytes.buffer), header = view.getInt32(60);
    return [
      view.getInt32(56),
      ...[4, 8, 12].map((at) => view.getInt32(header + at)),
    ];
  };
  assertEquals(positionOf(second.place), [0, 0, 3, 5]);
  assertEquals(positionOf({ axis: "plane", plane: 0 }), [0, 0, 1, 0]);
  assertEquals(positionOf({ axis: "time", time: 9 }), [0, 0, 0, 10]);
  const isAlone = true;
  assertEquals(positionOf({ axis: "plane", plane: 6, isAlone }), [7, 0, 0, 0]);
  assertEquals(positionOf({ axis: "time", time: 0, isAlone }), [1, 0, 0, 0]);
});

Deno.test("writeBatchTable() puts tables of stacks and of images together, and counts linked objects once", async () => {
  const tableOf = async (name: string, axis?: StackAxis) => {
    const path = `${folder}/${name}.csv`;
    await using csv = await MeasurementCsv.open(path, {
      ...(axis && { axis }),
    });
    for (const index of [0, 1]) {
      const instance = instanceOf(["#"], { label: axis ? 5 : index + 1 });
      const place = axis && { axis, [axis]: index };
      await csv.add([
        measureInstance({ ...instance, ...(place && { place }) }),
      ]);
    }
    await csv.finish();
    return { name, path, setup: "0" };
  };
  const tables = [
    await tableOf("planes", "plane"),
    await tableOf("image"),
    await tableOf("times", "time"),
  ];
  const path = `${folder}/measurements.csv`;
  assertEquals(await writeBatchTable(path, tables), {
    ...{
      images: 3,
      stacks: 2,
      objects: 4,
      sections: 6,
      classes: 0,
      faults: [],
    },
  });
  const [header, ...rows] = (await Deno.readTextFile(path)).trimEnd()
    .split("\r\n").map((line) => line.split(",").slice(0, 4));
  assertEquals(header, ["file", "label", "plane", "time"]);
  assertEquals(rows, [
    ["planes", "5", "0", ""],
    ["planes", "5", "1", ""],
    ["image", "1", "", ""],
    ["image", "2", "", ""],
    ["times", "5", "", "0"],
    ["times", "5", "", "1"],
  ]);
});
