import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { openImage, openStack } from "@unet/data";
import { FileError, UsageError } from "@unet/errors";
import type { OutputFormat } from "../formats/formats.ts";
import type { StackAxis } from "../instances/instance.ts";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import { objectHead, type Predict } from "../windows/predict.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type { SegmentedFile } from "./segment_report.ts";
import { killedAfter, red } from "../fixtures/red.ts";

const width = 70, height = 50;

/** Discs that move by 3 pixels from plane to plane, each with its own gray. */
function planeOf(index: number, step = 3): Uint8Array {
  const data = new Uint8Array(width * height).fill(20);
  for (const [cx, cy, r, gray] of [[12, 12, 8, 230], [50, 30, 9, 200]]) {
    for (let at = 0; at < data.length; at++) {
      const x = at % width - step * index, y = Math.floor(at / width);
      if ((x - cx!) ** 2 + (y - cy!) ** 2 <= r! ** 2) data[at] = gray!;
    }
  }
  return data;
}

async function writeStack(
  path: string,
  planes: readonly Uint8Array[],
  axis: StackAxis = "plane",
): Promise<void> {
  await using tiff = await TiffWriter.open(path, {
    ...{ width, height, type: "uint8", tile: 32 },
    stack: { axis, count: planes.length },
    pixelSize: { x: 0.5, y: 0.5 },
  });
  for (const plane of planes) await tiff.writeRows(plane);
  await tiff.finish();
}

const formats: readonly OutputFormat[] = [
  ...["tiff", "probability", "overlay", "labels"] as const,
  ...["geojson", "roi", "csv"] as const,
];

/** Runs work on a folder with a file of five planes. */
async function inPlace(
  work: (place: {
    readonly at: (...names: string[]) => string;
    readonly run: (options: Partial<SegmentOptions>) => Promise<SegmentedFile>;
  }) => Promise<void>,
  planes: readonly Uint8Array[] = [0, 1, 2, 3, 4].map((index) =>
    planeOf(index)
  ),
  axis: StackAxis = "plane",
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const at = (...names: string[]) => join(folder, ...names);
  try {
    await writeStack(at("cells.tif"), planes, axis);
    await work({
      at,
      async run(options) {
        const { files: [file] } = await segment([at("cells.tif")], {
          ...{ predict: red, out: at("out"), formats },
          ...options,
          settings: { tile: 32, margin: 4, plane: "all", ...options.settings },
        });
        if (file && "error" in file) throw file.error;
        assert(file && "foreground" in file);
        return file;
      },
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The values of a file's planes. */
async function valuesOf(path: string, axis: StackAxis = "plane") {
  await using stack = await openStack(path);
  const planes: number[][] = [];
  const count = axis === "plane" ? stack.planes : stack.times;
  for (let index = 0; index < count; index++) {
    await using image = await stack.open({ [axis]: index });
    planes.push([...(await image.read(0, 0, width, height)).data]);
  }
  return planes;
}

/** Some columns of a table. */
async function columnsOf(path: string, names: readonly string[]) {
  const [header = [], ...rows] = (await Deno.readTextFile(path)).trimEnd()
    .split("\r\n").map((line) => line.split(","));
  return rows.map((row) =>
    names.map((name) => Number(row[header.indexOf(name)]))
  );
}

/** All outputs but manifests, by their names. */
async function contentsOf(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (!isFile || name.includes("manifest")) continue;
    found[name] = (await Deno.readFile(join(folder, name))).toHex();
  }
  return found;
}

for (const axis of ["plane", "time"] as const) {
  Deno.test(`segment() with ${axis} "all" writes what each ${axis} alone would be`, () =>
    inPlace(
      async ({ at, run }) => {
        const all = { plane: 0, time: 0, [axis]: "all" } as const;
        // Colors of instances go by their numbers.
        const overlayStyle = "mask";
        const file = await run({ settings: all, overlayStyle });
        assertEquals(file.stack, {
          ...{ axis, count: 5, sections: 10, isLinked: false },
        });
        assertEquals(file.objects, 10);
        const names = ["", "_probability", "_labels"];
        const stacks = new Map<string, number[][]>();
        for (const name of names) {
          stacks.set(name, await valuesOf(at(`out/cells${name}.tif`), axis));
        }
        let share = 0;
        for (let index = 0; index < 5; index++) {
          const out = at(`out${index}`);
          const alone = await run({
            ...{ out, overlayStyle },
            settings: { plane: 0, time: 0, [axis]: index },
          });
          share += alone.foreground! / 5;
          for (const name of names) {
            const [expected] = await valuesOf(join(out, `cells${name}.tif`));
            const found = stacks.get(name)![index]!;
            const first = 2 * index;
            assertEquals(
              found,
              name === "_labels"
                ? expected!.map((label) => label === 0 ? 0 : first + label)
                : expected,
            );
          }
          await using overlay = await openImage(at("out/cells_overlay.tif"), {
            [axis]: index,
          });
          await using drawn = await openImage(join(out, "cells_overlay.png"));
          const window = [0, 0, width, height] as const;
          assertEquals(
            (await overlay.read(...window)).data,
            (await drawn.read(...window)).data,
          );
        }
        assert(Math.abs(file.foreground! - share) < 1e-12);
        assertEquals(
          await columnsOf(at("out/cells.csv"), ["label", axis]),
          Array.from({ length: 10 }, (_, at) => [at + 1, Math.floor(at / 2)]),
        );
        assertEquals(
          (await columnsOf(at("out/measurements.csv"), [axis])).length,
          10,
        );
        const { features } = JSON.parse(
          await Deno.readTextFile(at("out/cells.geojson")),
        );
        assertEquals(features.at(-1).geometry.plane, {
          ...{ c: -1, z: 0, t: 0, [axis === "plane" ? "z" : "t"]: 4 },
        });
      },
      undefined,
      axis,
    ));
}

Deno.test("segment() with link has one number through the planes for objects that overlap", () =>
  inPlace(async ({ at, run }) => {
    const file = await run({ settings: { link: 0.25 } });
    assertEquals([file.objects, file.stack?.sections], [2, 10]);
    assertEquals(file.stack?.isLinked, true);
    const labels = await valuesOf(at("out/cells_labels.tif"));
    for (const plane of labels) {
      assertEquals([...new Set(plane)].sort(), [0, 1, 2]);
    }
    assertEquals(
      await columnsOf(at("out/cells.csv"), ["label", "plane"]),
      Array.from({ length: 10 }, (_, at) => [at % 2 + 1, Math.floor(at / 2)]),
    );
    // Moved by 3 pixels, discs of radius 8 and 9 overlap by less than 0.9.
    const apart = await run({ out: at("apart"), settings: { link: 0.9 } });
    assertEquals([apart.objects, apart.stack?.sections], [10, 10]);
  }));

Deno.test("segment() of equal planes has constant numbers", () =>
  inPlace(async ({ at, run }) => {
    const file = await run({ settings: { link: 1 } });
    assertEquals([file.objects, file.stack?.sections], [2, 8]);
    const [first, ...rest] = await valuesOf(at("out/cells_labels.tif"));
    for (const plane of rest) assertEquals(plane, first);
  }, [0, 0, 0, 0].map((index) => planeOf(index))));

Deno.test("segment() of a file with one plane among stacks writes one page", () =>
  inPlace(async ({ at, run }) => {
    const file = await run({});
    assertEquals(file.stack?.count, 1);
    assertEquals((await valuesOf(at("out/cells.tif"))).length, 1);
    assertEquals(Object.keys(file.outputs).sort(), [...formats].sort());
  }, [planeOf(0)]));

Deno.test("segment() resumes a stack in the plane that it was killed in, and leaves what an unbroken run does", () =>
  inPlace(async ({ at, run }) => {
    for (const link of [undefined, 0.25]) {
      const settings = { ...(link !== undefined && { link }) };
      const options = { streamAbove: 100, batchSize: 1, settings };
      const straight = at(`straight${link}`), out = at(`out${link}`);
      let calls = 0;
      const counted: Predict = (...given) => {
        calls++;
        return red(...given);
      };
      await run({ ...options, out: straight, predict: counted });
      const all = calls;
      for (const share of [0.1, 0.35, 0.4]) {
        const killed = killedAfter(Math.floor(all * share));
        await assertRejects(
          () => run({ ...options, out, predict: killed, resume: true }),
          Error,
          "killed",
        );
        assertEquals(await contentsOf(out), {});
      }
      calls = 0;
      await run({ ...options, out, predict: counted, resume: true });
      assert(calls < 0.3 * all, `${calls} of ${all} windows again`);
      assertEquals(await contentsOf(out), await contentsOf(straight));
      const rest = [...Deno.readDirSync(out)].map(({ name }) => name);
      assertEquals(rest.filter((name) => name.endsWith(".partial")), []);
    }
  }));

Deno.test("segment() starts a stack anew where it is another by now, or nobody resumes", () =>
  inPlace(async ({ at, run }) => {
    const options = { streamAbove: 100, batchSize: 1 };
    const straight = at("straight");
    const other = [4, 3, 2, 1, 0].map((index) => planeOf(index, 2));
    for (const resume of [true, false]) {
      const killed = killedAfter(20);
      const out = at(`out${resume}`);
      await assertRejects(
        () => run({ ...options, out, predict: killed }),
        Error,
        "killed",
      );
      if (resume) await writeStack(at("cells.tif"), other);
      await Deno.remove(straight, { recursive: true }).catch(() => {});
      await run({ ...options, out: straight });
      await run({ ...options, out, resume });
      assertEquals(await contentsOf(out), await contentsOf(straight));
    }
  }));

Deno.test("segment() refuses what a stack cannot be, before any work", () =>
  inPlace(async ({ at, run }) => {
    const refused = async (
      options: Partial<SegmentOptions>,
      message: string,
    ) => {
      await assertRejects(() => run(options), UsageError, message);
      assertEquals([...Deno.readDirSync(at())].length, 1);
    };
    await refused(
      { formats: ["png"] },
      'Cannot write format "png": found `plane all`, and a PNG holds one plane',
    );
    await refused(
      { settings: { time: "all" } },
      'Cannot use setting "time": found "all" beside `plane all`',
    );
    await refused(
      { settings: { plane: 0, link: 0.25 } },
      'Cannot use setting "link": found one plane of each file',
    );
    await refused(
      { settings: { link: 0 } },
      'Cannot use setting "link": found 0',
    );
  }));

Deno.test("segment() skips finished stacks, and keeps them from other settings", () =>
  inPlace(async ({ at, run }) => {
    await run({});
    const { files: [again] } = await segment([at("cells.tif")], {
      ...{ predict: red, out: at("out"), formats },
      settings: { tile: 32, margin: 4, plane: "all" },
    });
    assert(again && "skipped" in again);
    await assertRejects(
      () => run({ settings: { link: 0.5 } }),
      FileError,
      "link",
    );
  }));

Deno.test("segment() sums up stacks in the summary, with the picture of the middle plane", () =>
  inPlace(async ({ at, run }) => {
    await run({ formats: ["csv"], summary: true, settings: { link: 0.25 } });
    const page = await Deno.readTextFile(at("out/summary.html"));
    assert(page.includes("70 × 50, 5 planes"));
    assert(page.includes("2 in 10 sections"));
    assert(page.includes("<dt>Objects</dt><dd>2</dd>"));
    await using picture = await openImage(at("out/summary/cells.jpg"));
    assertEquals([picture.width, picture.height], [width, height]);
    await using image = await openImage(at("cells.tif"), { plane: 2 });
    const { data } = await picture.read(0, 0, width, height);
    const { data: gray } = await image.read(0, 0, width, height);
    // Outlines aside, which are few, and JPEG's rounding.
    const off = gray.filter((value, index) =>
      Math.abs(value - data[3 * index]!) > 30
    );
    assert(off.length < 0.12 * gray.length, `${off.length} pixels`);
  }));

Deno.test("segment() draws what is missing of a stack from what is there, as one run would have written it", () =>
  inPlace(async ({ at, run }) => {
    for (
      const [stored, missing, kind] of [
        ["tiff", "overlay", "mask"],
        ["labels", "overlay", "labels"],
      ] as const
    ) {
      const settings = { link: 0.25 };
      const overlayStyle = kind === "mask" ? "mask" : "instances";
      const whole = at(`whole-${kind}`), parts = at(`parts-${kind}`);
      const summary = true;
      const shared = { settings, overlayStyle, summary } as const;
      await run({ ...shared, out: whole, formats: [stored, missing] });
      await run({ ...shared, out: parts, formats: [stored], summary: false });
      const none: Predict = () => Promise.reject(new Error("seen again"));
      const again = await run({
        ...{ ...shared, out: parts, predict: none },
        formats: [stored, missing],
      });
      assertEquals(again.drawnFrom, kind);
      assertEquals([again.objects, again.stack?.sections], [2, 10]);
      const { "summary.html": _w, ...expected } = await contentsOf(whole);
      const { "summary.html": _p, ...found } = await contentsOf(parts);
      assertEquals(found, expected);
      assertEquals(
        await Deno.readFile(join(parts, "summary/cells.jpg")),
        await Deno.readFile(join(whole, "summary/cells.jpg")),
      );
    }
  }));

Deno.test("segment() says in the summary whether sections are linked, also where none are", () =>
  inPlace(async ({ at, run }) => {
    for (const link of [undefined, 0.25]) {
      const settings = { ...(link !== undefined && { link }) };
      const out = at(`out-${link}`);
      await run({ formats: ["csv"], summary: true, out, settings });
      const page = await Deno.readTextFile(join(out, "summary.html"));
      assertEquals(page.includes(">2 in 2 sections<"), link !== undefined);
      assertEquals(
        page.includes("<dt>Objects, and sections that are not linked</dt>"),
        link === undefined,
      );
    }
  }, [planeOf(0)]));

Deno.test("segment() of a stack of several channels shows the network all of each plane, and measures them", () =>
  inPlace(async ({ at, run }) => {
    const channels = ["actin", "DAPI"];
    const description =
      `<OME><Image><Pixels DimensionOrder="XYCZT" Type="uint8" SizeX="${width}" SizeY="${height}" SizeC="2" SizeZ="3" SizeT="1"><Channel Name="DAPI"/><Channel Name="actin"/><TiffData/></Pixels></Image></OME>`;
    {
      await using tiff = await TiffWriter.open(at("cells.tif"), {
        ...{ width, height, planes: 2, type: "uint8", description },
        stack: { axis: "plane", count: 3 },
      });
      for (const index of [0, 1, 2]) {
        const dapi = planeOf(index);
        await tiff.writeRows(
          Uint8Array.from(
            { length: 2 * dapi.length },
            (_, at) => at % 2 === 0 ? dapi[at / 2]! : (at * 7 + index) % 97,
          ),
        );
      }
      await tiff.finish();
    }
    const mean: Predict = Object.assign(
      (x: Float32Array) =>
        Promise.resolve(
          Float32Array.from(
            { length: x.length / 2 },
            (_, at) => 0.2 * x[2 * at]! + 0.8 * x[2 * at + 1]!,
          ),
        ),
      {
        heads: [objectHead],
        input: {
          channels: channels.map((name) => ({ name })),
          normalization: "percentiles" as const,
        },
      },
    );
    const shared = { predict: mean, formats: ["probability", "csv"] } as const;
    const all = await run({ ...shared, settings: { channels } });
    assertEquals(all.stack?.count, 3);
    const stack = await valuesOf(at("out/cells_probability.tif"));
    const names = ["plane", "area_px", "mean_DAPI", "mean_actin"];
    const table = await columnsOf(at("out/cells.csv"), names);
    for (const index of [0, 1, 2]) {
      const out = at(`out${index}`);
      await run({ ...shared, out, settings: { channels, plane: index } });
      const [alone] = await valuesOf(join(out, "cells_probability.tif"));
      assertEquals(stack[index], alone);
      const own = await columnsOf(join(out, "cells.csv"), names.slice(1));
      assertEquals(
        table.filter(([plane]) => plane === index).map(([, ...row]) => row),
        own,
      );
    }
    assert(
      table.length > 0 && table.every((row) => row.every(Number.isFinite)),
    );
  }));
