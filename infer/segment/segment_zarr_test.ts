import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { openImage } from "@unet/data";
import { FileError, UsageError } from "@unet/errors";
import { inFolder } from "../fixtures/in_folder.ts";
import { killedAfter, red } from "../fixtures/red.ts";
import { classStyles } from "../outputs/class_color.ts";
import { LabelZarr, type ZarrAxisShape } from "../outputs/label_zarr.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";

const width = 70, height = 50;

/** Two objects in each plane, which move from plane to plane. */
function pixelsOf(plane: number): Uint8Array {
  return Uint8Array.from({ length: width * height }, (_, at) => {
    const x = at % width - plane, y = Math.floor(at / width);
    const isIn = y > 4 && y < 30 && (x > 3 && x < 20 || x > 40 && x < 60);
    return isIn ? 255 : 0;
  });
}

const lateral = { unit: "micrometer", offset: 3 };

/** Axes of an image, with the third of a series of two and three planes. */
function axesOf(planes?: number): ZarrAxisShape[] {
  return [
    ...planes === undefined ? [] : [
      { name: "z", unit: "micrometer", length: planes, scale: 2, offset: 1 },
    ] as const,
    { name: "y", length: height, scale: 0.5, ...lateral },
    { name: "x", length: width, scale: 0.25, ...lateral },
  ];
}

/** Writes an image of 8 bits. */
async function writeImage(
  path: string,
  { version = "0.4", planes }: {
    readonly version?: "0.4" | "0.5";
    readonly planes?: number;
  } = {},
): Promise<void> {
  await using zarr = await LabelZarr.open(path, {
    ...{ version, axes: axesOf(planes), side: 32 },
    classes: classStyles(["background"]),
  });
  for (let plane = 0; plane < (planes ?? 1); plane++) {
    await zarr.writeRows(pixelsOf(plane));
  }
  await zarr.finish();
}

const run = (
  inputs: string | readonly string[],
  options: Partial<SegmentOptions> & Pick<SegmentOptions, "out">,
) =>
  segment([inputs].flat(), {
    ...{ predict: red, model: "red", formats: ["ome-zarr"] },
    ...options,
    settings: { tile: 32, margin: 16, ...options.settings },
  });

async function read(path: string, plane = 0): Promise<number[]> {
  await using image = await openImage(path, { plane });
  return [...(await image.read(0, 0, image.width, image.height)).data];
}

// deno-lint-ignore no-explicit-any
async function json(...path: string[]): Promise<any> {
  return JSON.parse(await Deno.readTextFile(join(...path)));
}

/** The files below a folder, with what is in them. */
function contentOf(folder: string, below = ""): Record<string, string> {
  return Object.assign(
    {},
    ...[...Deno.readDirSync(join(folder, below))].map((entry) => {
      const name = `${below}${entry.name}`;
      return entry.isDirectory
        ? contentOf(folder, `${name}/`)
        : { [name]: Deno.readFileSync(join(folder, name)).toHex() };
    }),
  );
}

for (const version of ["0.4", "0.5"] as const) {
  Deno.test(`segment() writes labels of an OME-Zarr ${version} beside other outputs, in its version and place`, () =>
    inFolder(async (folder) => {
      const path = join(folder, "cells.ome.zarr"), out = join(folder, "out");
      await writeImage(path, { version });
      const before = contentOf(path);
      const report = await run(path, { out, formats: ["labels", "ome-zarr"] });
      assertEquals([report.segmented, report.failed], [1, 0]);
      assertEquals(contentOf(path), before);
      const labels = join(out, "cells_labels.ome.zarr");
      const found = await read(labels);
      assertEquals(Math.max(...found), 2);
      assertEquals(found, await read(join(out, "cells_labels.tif")));
      const { ome, multiscales } = version === "0.5"
        ? (await json(labels, "zarr.json")).attributes
        : await json(labels, ".zattrs");
      const [{ axes, datasets }] = ome?.multiscales ?? multiscales;
      assertEquals(axes.map(({ name }: { name: string }) => name), ["y", "x"]);
      assertEquals(datasets[0].coordinateTransformations, [
        { type: "scale", scale: [0.5, 0.25] },
        { type: "translation", translation: [3, 3] },
      ]);
      const again = await run(path, { out, formats: ["labels", "ome-zarr"] });
      assertEquals(again.skipped, 1);
    }));

  Deno.test(`segment() with intoLabels writes into an OME-Zarr ${version}, lists the labels, and leaves all else`, () =>
    inFolder(async (folder) => {
      const path = join(folder, "cells.zarr"), out = join(folder, "out");
      await writeImage(path, { version });
      const before = contentOf(path);
      const nuclei = { out, intoLabels: "nuclei" };
      assertEquals((await run(path, nuclei)).failed, 0);
      const other = { out: join(folder, "other"), intoLabels: "cells" };
      assertEquals((await run(path, other)).failed, 0);
      const after = contentOf(path);
      for (const [name, bytes] of Object.entries(before)) {
        assertEquals(after[name], bytes);
      }
      const labels = version === "0.5"
        ? (await json(path, "labels/zarr.json")).attributes.ome
        : await json(path, "labels/.zattrs");
      assertEquals(labels.labels, ["nuclei", "cells"]);
      assertEquals(labels.version, version === "0.5" ? "0.5" : undefined);
      assertEquals([...Deno.readDirSync(out)].map(({ name }) => name).sort(), [
        "manifest.jsonl",
      ]);
      const found = await read(join(path, "labels/nuclei"));
      assertEquals(Math.max(...found), 2);
      // The labels are no change of the image.
      assertEquals((await run(path, nuclei)).skipped, 1);
      const [refused] = (await run(path, {
        ...{ out: join(folder, "third"), intoLabels: "nuclei" },
      })).files;
      assert(refused && "error" in refused);
      assertStringIncludes(refused.error.message, "found a file of that name");
      const forced = { ...nuclei, out: join(folder, "third"), force: true };
      assertEquals((await run(path, forced)).segmented, 1);
      assertEquals(await read(join(path, "labels/nuclei")), found);
    }));
}

Deno.test("segment() writes all planes into one OME-Zarr, and one plane at its place", () =>
  inFolder(async (folder) => {
    const path = join(folder, "stack.zarr");
    await writeImage(path, { planes: 3 });
    const whole = join(folder, "whole"), one = join(folder, "one");
    const all = { settings: { plane: "all" } } as const;
    const formats = ["labels", "ome-zarr"] as const;
    assertEquals((await run(path, { ...all, out: whole, formats })).failed, 0);
    for (const plane of [0, 1, 2]) {
      const found = await read(join(whole, "stack_labels.ome.zarr"), plane);
      assertEquals(
        found,
        await read(join(whole, "stack_labels.tif"), plane),
      );
      assertEquals(Math.max(...found), 2 * plane + 2);
    }
    await run(path, { out: one, settings: { plane: 2 } });
    const labels = join(one, "stack_labels.ome.zarr");
    assertEquals((await json(labels, "0/.zarray")).shape, [1, height, width]);
    const [{ datasets }] = (await json(labels, ".zattrs")).multiscales;
    assertEquals(datasets[0].coordinateTransformations, [
      { type: "scale", scale: [2, 0.5, 0.25] },
      { type: "translation", translation: [5, 3, 3] },
    ]);
  }));

Deno.test("segment() with intoLabels writes into each field of a plate", () =>
  inFolder(async (folder) => {
    const plate = join(folder, "plate.zarr"), out = join(folder, "out");
    const write = (path: string, content: unknown) =>
      Deno.writeTextFile(join(plate, path), JSON.stringify(content));
    for (const field of ["A/1/0", "A/1/1", "B/2/0"]) {
      await writeImage(join(plate, field));
    }
    const wells = [
      { path: "A/1", rowIndex: 0, columnIndex: 0 },
      { path: "B/2", rowIndex: 1, columnIndex: 1 },
    ];
    for (const path of ["", "A", "A/1", "B", "B/2"]) {
      await write(join(path, ".zgroup"), { zarr_format: 2 });
    }
    await write(".zattrs", { plate: { version: "0.4", wells } });
    const well = (...paths: string[]) => ({
      well: { version: "0.4", images: paths.map((path) => ({ path })) },
    });
    await write("A/1/.zattrs", well("0", "1"));
    await write("B/2/.zattrs", well("0"));
    const options = { out, intoLabels: "nuclei" } as const;
    const report = await run(plate, {
      ...options,
      formats: ["ome-zarr", "csv"],
    });
    assertEquals([report.segmented, report.failed], [3, 0]);
    for (const field of ["A/1/0", "A/1/1", "B/2/0"]) {
      const found = await read(join(plate, field, "labels/nuclei"));
      assertEquals(Math.max(...found), 2);
    }
    const table = await Deno.readTextFile(join(out, "measurements.csv"));
    assertStringIncludes(table, "plate.zarr/B/2/0");
    const again = await run(plate, {
      ...options,
      formats: ["ome-zarr", "csv"],
    });
    assertEquals([again.segmented, again.skipped], [0, 3]);
  }));

Deno.test("segment() that is killed leaves no labels that a reader takes for a result, and continues", () =>
  inFolder(async (folder) => {
    const path = join(folder, "cells.zarr"), out = join(folder, "out");
    await writeImage(path);
    const options = { out, intoLabels: "nuclei", streamAbove: 1 };
    await assertRejects(
      () => run(path, { ...options, batchSize: 1, predict: killedAfter(3) }),
      Error,
      "killed",
    );
    assertEquals(
      Object.keys(contentOf(path)).filter((name) => /^labels/.test(name)),
      [],
    );
    // What a kill that nothing could clean up leaves.
    const left = join(path, "labels", `.${crypto.randomUUID()}.new`);
    await Deno.mkdir(left, { recursive: true });
    const report = await run(path, { ...options, resume: true });
    assertEquals([report.segmented, report.failed], [1, 0]);
    assertEquals(
      Object.keys(contentOf(path)).filter((name) => name.includes(".new")),
      [],
    );
    assertEquals((await json(path, "labels/.zattrs")).labels, ["nuclei"]);
    assertEquals([...Deno.readDirSync(join(path, "labels"))].length, 3);
  }));

Deno.test("segment() writes labels again that a kill left out of the list", () =>
  inFolder(async (folder) => {
    const path = join(folder, "cells.zarr"), out = join(folder, "out");
    await writeImage(path);
    const options = { out, intoLabels: "nuclei" };
    await run(path, options);
    const list = join(path, "labels/.zattrs");
    await Deno.remove(list);
    const manifest = join(out, "manifest.jsonl");
    const lines = (await Deno.readTextFile(manifest)).split("\n");
    const done = lines.findIndex((line) => line.includes('"event":"done"'));
    await Deno.writeTextFile(manifest, lines.slice(0, done).join("\n") + "\n");
    assertEquals((await run(path, options)).segmented, 1);
    assertEquals((await json(list)).labels, ["nuclei"]);
  }));

Deno.test("segment() with intoLabels refuses what no labels can go into, in words", () =>
  inFolder(async (folder) => {
    const out = join(folder, "out"), intoLabels = "nuclei";
    const image = join(folder, "image.zarr");
    await writeImage(image);
    const refuse = async (
      path: string,
      words: string,
      damage: () => Promise<void> = () => Promise.resolve(),
    ) => {
      await damage();
      const [file] = (await run(path, { out, intoLabels })).files;
      assert(file && "error" in file);
      assert(file.error instanceof FileError);
      assertStringIncludes(file.error.message, words);
      assertStringIncludes(
        file.error.message,
        `Cannot write labels "${path}/labels`,
      );
    };
    const marked = join(image, ".zmetadata");
    await refuse(
      image,
      "found consolidated metadata in .zmetadata",
      () => Deno.writeTextFile(marked, "{}"),
    );
    await Deno.remove(marked);
    await refuse(
      image,
      "found OME-Zarr 0.3 in .zattrs, expected 0.4 or 0.5",
      async () => {
        const about = await json(image, ".zattrs");
        about.multiscales[0].version = "0.3";
        await Deno.writeTextFile(
          join(image, ".zattrs"),
          JSON.stringify(about),
        );
      },
    );
    const blocked = join(folder, "blocked.zarr");
    await writeImage(blocked);
    await Deno.writeTextFile(join(blocked, "labels"), "no folder");
    await refuse(blocked, "found a file as a folder");
    for (
      const [name, words] of [
        ["a.tif", "found an image that is no OME-Zarr"],
        ["b.zarr.zip", "found an image in a zip"],
      ] as const
    ) {
      const path = join(folder, name);
      await Deno.copyFile(join(image, ".zgroup"), path);
      await assertRejects(
        () => run(path, { out, intoLabels }),
        FileError,
        words,
      );
    }
    for (
      const name of [
        ...["", "a/b", "..", ".hidden", "a:b", " a", "a ", "a."],
        "<b>",
      ]
    ) {
      await assertRejects(
        () => run(image, { out, intoLabels: name }),
        UsageError,
        `Cannot write labels "${name}": found no name of a folder`,
      );
    }
    await assertRejects(
      () => run(image, { out, intoLabels, formats: ["png"] }),
      UsageError,
      "found the formats png, expected ome-zarr among them",
    );
  }));
