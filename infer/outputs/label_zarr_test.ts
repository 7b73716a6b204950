import { assert, assertEquals, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import fc from "fast-check";
import { openImage } from "@unet/data";
import { FileError } from "@unet/errors";
import { inFolder } from "../fixtures/in_folder.ts";
import judged from "./fixtures/judged_zarr.json" with { type: "json" };
import {
  labelsOfSample,
  writeZarrSamples,
  zarrSamples,
} from "./fixtures/write_zarr_samples.ts";
import { LabelZarr, type LabelZarrOptions } from "./label_zarr.ts";

const plain = { scale: 1, offset: 0 };

/** Axes of an image, or of a stack of planes. */
function axesOf(width: number, height: number, planes?: number) {
  return [
    ...planes === undefined
      ? []
      : [{ name: "z" as const, length: planes, ...plain }],
    { name: "y" as const, length: height, ...plain },
    { name: "x" as const, length: width, ...plain },
  ];
}

/** Every second pixel of every second row, so many times. */
function halved(labels: readonly number[], width: number, times: number) {
  const height = labels.length / width, step = 2 ** times;
  return labels.filter((_, at) =>
    Math.floor(at / width) % step === 0 && at % width % step === 0 &&
    Math.floor(at / width) < height
  );
}

/** The pixels of a plane at each level. */
async function readLevels(path: string, plane = 0): Promise<number[][]> {
  const found: number[][] = [];
  for (let level = 0, levels = 1; level < levels; level++) {
    await using image = await openImage(path, { level, plane });
    levels = image.levels.length;
    const { data } = await image.read(0, 0, image.width, image.height);
    found.push([...data]);
  }
  return found;
}

/** The files of a folder, by their paths in it. */
function filesIn(folder: string, below = ""): string[] {
  return [...Deno.readDirSync(join(folder, below))].flatMap((entry) =>
    entry.isDirectory
      ? filesIn(folder, `${below}${entry.name}/`)
      : [below + entry.name]
  ).sort();
}

const sha256 = (bytes: Uint8Array): string =>
  createHash("sha256").update(bytes).digest("hex");

Deno.test("LabelZarr writes what ome-zarr, ome-zarr-models and zarr judged", () =>
  inFolder(async (folder) => {
    await writeZarrSamples(folder);
    for (const [name, about] of Object.entries(judged)) {
      const path = join(folder, name);
      const files = filesIn(path).filter((file) => file in about.metadata);
      assertEquals(
        Object.fromEntries(
          files.map((
            file,
          ) => [file, sha256(Deno.readFileSync(join(path, file)))]),
        ),
        about.metadata as Record<string, string>,
      );
      const labels = labelsOfSample(name as keyof typeof zarrSamples);
      const [first] = about.levels,
        options = zarrSamples[
          name as keyof typeof zarrSamples
        ] as LabelZarrOptions;
      assertEquals(sha256(new Uint8Array(labels.buffer)), first!.sha256);
      assertEquals(first!.type, options.classes ? "uint8" : "uint32");
      assertEquals(
        about.axes.map(([axis, , unit]) => [axis, unit ?? undefined]),
        options.axes.map((axis) => [axis.name, axis.unit]),
      );
      const { length: width } = options.axes.at(-1)!;
      const planes = first!.shape.slice(0, -2).reduce((a, b) => a * b, 1);
      const size = labels.length / planes;
      if (options.axes[0]!.name === "t" && planes > 1) continue;
      for (let plane = 0; plane < planes; plane++) {
        const own = [...labels.subarray(plane * size, (plane + 1) * size)];
        for (const [level, read] of (await readLevels(path, plane)).entries()) {
          assertEquals(read, halved(own, width, level));
        }
      }
    }
  }));

Deno.test("LabelZarr says how ome-zarr places levels, and names classes with their colors", () => {
  const { axes, levels } = judged["objects05.ome.zarr"];
  assertEquals(axes.map(([name, type]) => [name, type]), [
    ["t", "time"],
    ...["z", "y", "x"].map((name) => [name, "space"]),
  ]);
  assertEquals(levels.map(({ transformations }) => transformations), [
    [
      { type: "scale", values: [2, 1, 0.5, 0.25] },
      { type: "translation", values: [6, 0, 0, 0] },
    ],
    [
      { type: "scale", values: [2, 1, 1, 0.5] },
      { type: "translation", values: [6, 0, 0, 0] },
    ],
    [
      { type: "scale", values: [2, 1, 2, 1] },
      { type: "translation", values: [6, 0, 0, 0] },
    ],
  ]);
  for (const name of ["classes04.ome.zarr", "classes05.ome.zarr"] as const) {
    const { colors, properties } = judged[name];
    assertEquals(colors, {
      ...{ 0: [0, 0, 0, 0], 1: [230, 159, 0, 255], 2: [86, 180, 233, 255] },
    });
    assertEquals(properties[1], { class: "axon" });
  }
});

Deno.test("LabelZarr gives back any labels, whatever the size, the chunks and the bands", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        width: fc.integer({ min: 1, max: 40 }),
        height: fc.integer({ min: 1, max: 40 }),
        planes: fc.integer({ min: 1, max: 3 }),
        side: fc.constantFrom(4, 8, 16),
        rows: fc.integer({ min: 1, max: 50 }),
        version: fc.constantFrom("0.4" as const, "0.5" as const),
        seed: fc.integer({ min: 1, max: 1000 }),
      }),
      ({ width, height, planes, side, rows, version, seed }) =>
        inFolder(async (folder) => {
          const path = join(folder, "labels.zarr");
          const length = width * height * planes;
          const labels = Uint32Array.from({ length }, (_, at) => {
            const value = (at * 7919 * seed) % 1013;
            return value % 3 === 0 ? value : 0;
          });
          await using zarr = await LabelZarr.open(path, {
            ...{ version, side, axes: axesOf(width, height, planes) },
          });
          for (let at = 0; at < length; at += rows * width) {
            await zarr.writeRows(labels.slice(at, at + rows * width));
          }
          await zarr.finish();
          const size = width * height;
          for (let plane = 0; plane < planes; plane++) {
            const own = [...labels.slice(plane * size, (plane + 1) * size)];
            const levels = await readLevels(path, plane);
            levels.forEach((read, level) =>
              assertEquals(read, halved(own, width, level))
            );
            assert(
              Math.ceil(Math.max(width, height) / 2 ** (levels.length - 1)) <=
                side,
            );
          }
        }),
    ),
    { numRuns: 12, seed: 0 },
  );
});

Deno.test("LabelZarr stores no chunk of background alone", () =>
  inFolder(async (folder) => {
    const path = join(folder, "labels.zarr");
    await using zarr = await LabelZarr.open(path, {
      ...{ axes: axesOf(20, 20), side: 8 },
    });
    const labels = new Uint32Array(400);
    labels[19 * 20 + 1] = 3;
    await zarr.writeRows(labels);
    await zarr.finish();
    assertEquals(filesIn(path), [
      ...[".zattrs", ".zgroup", "0/.zarray", "0/2/0"],
      ...["1/.zarray", "2/.zarray"],
    ]);
    // A single pixel of an odd row is in no smaller level.
    assertEquals((await readLevels(path))[0], [...labels]);
  }));

Deno.test("LabelZarr writes as many levels as it is asked for", () =>
  inFolder(async (folder) => {
    for (const levels of [1, 4]) {
      const path = join(folder, `${levels}.zarr`);
      await using zarr = await LabelZarr.open(path, {
        ...{ axes: axesOf(20, 3), side: 8, levels },
      });
      const labels = Uint32Array.from({ length: 60 }, (_, at) => at + 1);
      await zarr.writeRows(labels);
      await zarr.finish();
      const read = await readLevels(path);
      assertEquals(read.length, levels);
      for (const [level, values] of read.entries()) {
        assertEquals(values, halved([...labels], 20, level));
      }
    }
  }));

Deno.test("LabelZarr leaves nothing of labels that are not finished, and what was there", () =>
  inFolder(async (folder) => {
    const path = join(folder, "labels.zarr"), axes = axesOf(2, 2);
    {
      await using zarr = await LabelZarr.open(path, { axes });
      await zarr.writeRows(new Uint32Array([1, 2]));
      await assertRejects(() => zarr.finish(), RangeError, "found 1 rows");
    }
    assertEquals([...Deno.readDirSync(folder)], []);
    for (const value of [5, 6]) {
      await using zarr = await LabelZarr.open(path, { axes });
      await zarr.writeRows(new Uint32Array(4).fill(value));
      await zarr.finish();
      assertEquals(await readLevels(path), [[value, value, value, value]]);
    }
    {
      await using zarr = await LabelZarr.open(path, { axes });
      await zarr.writeRows(new Uint32Array([1, 2, 3, 4]));
    }
    assertEquals(await readLevels(path), [[6, 6, 6, 6]]);
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("LabelZarr refuses rows, axes and places that cannot be", () =>
  inFolder(async (folder) => {
    const path = join(folder, "labels.zarr"), axes = axesOf(2, 2);
    await using zarr = await LabelZarr.open(path, { axes });
    await assertRejects(
      () => zarr.writeRows(new Uint8Array(2)),
      TypeError,
      "found Uint8Array, expected Uint32Array",
    );
    await assertRejects(
      () => zarr.writeRows(new Uint32Array(3)),
      RangeError,
      "found 3 values, expected rows of 2",
    );
    const refused: [LabelZarrOptions, string][] = [
      [{ axes: axes.toReversed() }, 'the axes "xy"'],
      [{ axes: axesOf(0, 2) }, "found 0×2 pixels"],
      [{ axes: axesOf(2, 2, 0) }, "found 0 planes"],
      [{ axes, side: 3 }, "found chunks of 3"],
      [{ axes, levels: 0 }, "found 0 levels"],
    ];
    for (const [options, words] of refused) {
      await assertRejects(
        () => LabelZarr.open(path, options),
        RangeError,
        words,
      );
    }
    await Deno.mkdir(path);
    await Deno.writeTextFile(join(path, "thesis.txt"), "the only copy");
    await assertRejects(
      () => LabelZarr.open(path, { axes }),
      FileError,
      `Cannot write labels "${path}": found a folder without Zarr metadata`,
    );
  }));
