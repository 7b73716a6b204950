import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, type Image } from "@unet/data";
import { objectTask } from "@unet/task";
import { classColor } from "../outputs/class_color.ts";
import type { Predict } from "../windows/predict.ts";
import { segment } from "./segment.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type { SegmentedFile } from "./segment_report.ts";
import { inFolder } from "../fixtures/in_folder.ts";

const names = ["background", "dim", "bright"];

/** Red is the probability of an object, green that of its class "bright". */
const kinds: Predict = Object.assign(
  (x: Float32Array) => {
    const values = new Float32Array(x.length / 3 * 4);
    for (let at = 0, to = 0; at < x.length; at += 3, to += 4) {
      const bright = x[at + 1]!;
      values.set([x[at]!, 0.5, (1 - bright) / 2, bright / 2], to);
    }
    return Promise.resolve(values);
  },
  { heads: objectTask({ classes: names }).heads },
);

/** Squares, of which every third is bright but for a part of it. */
function squares(width: number, height: number): Image {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (x % 20 < 8 || y % 20 < 8) continue;
      const number = Math.floor(x / 20) + Math.floor(y / 20);
      const isBright = number % 3 === 0 && x % 20 > 10;
      data.set([250, isBright ? 240 : 20, 0], 3 * (y * width + x));
    }
  }
  return { width, height, channels: 3, depth: 8, data };
}

const [width, height] = [200, 100];

async function segmented(
  folder: string,
  given: Partial<SegmentOptions>,
): Promise<{ out: string; file: SegmentedFile }> {
  const input = join(folder, "cells.png");
  await Deno.writeFile(input, await encodePng(squares(width, height)));
  const out = given.out ?? await Deno.makeTempDir({ dir: folder });
  const report = await segment([input], {
    ...{ predict: kinds, settings: { tile: 48, margin: 8, multiple: 8 } },
    ...{ ...given, out },
  });
  const [file] = report.files;
  assert(file && "written" in file);
  return { out, file };
}

/** How many squares there are of each class. */
function expectedCounts(): Record<string, number> {
  const counts: Record<string, number> = { dim: 0, bright: 0 };
  for (let row = 0; row < height / 20; row++) {
    for (let column = 0; column < width / 20; column++) {
      counts[(row + column) % 3 === 0 ? "bright" : "dim"]!++;
    }
  }
  return counts;
}

Deno.test("segment() counts objects by class, and names each one's in table and GeoJSON", () =>
  inFolder(async (folder) => {
    const expected = expectedCounts();
    const { out, file } = await segmented(folder, {
      formats: ["csv", "geojson", "labels", "png"],
      summary: true,
    });
    assertEquals(
      Object.fromEntries(
        file.objectClasses!.map(({ name, objects }) => [name, objects]),
      ),
      expected,
    );
    assertEquals(file.objects, expected.dim! + expected.bright!);
    const [header, ...rows] = (await Deno.readTextFile(join(out, "cells.csv")))
      .trim().split("\r\n")
      .map((line) => line.split(","));
    const column = header!.indexOf("class");
    assertEquals(header![column - 1], "probability");
    const inTable = Object.groupBy(rows, (row) => row[column]!);
    assertEquals(inTable.dim?.length, expected.dim);
    assertEquals(inTable.bright?.length, expected.bright);
    const all = await Deno.readTextFile(join(out, "measurements.csv"));
    assert(all.includes(",bright,"));
    const { features } = JSON.parse(
      await Deno.readTextFile(join(out, "cells.geojson")),
    );
    const inGeoJson = Object.groupBy(
      features as { properties: { classification: { name: string } } }[],
      ({ properties }) => properties.classification.name,
    );
    assertEquals(inGeoJson.bright?.length, expected.bright);
    const page = await Deno.readTextFile(join(out, "summary.html"));
    assert(page.includes("Objects of <bdi>bright</bdi>"));
  }));

Deno.test("segment() draws each object in the color of its class, above a legend", () =>
  inFolder(async (folder) => {
    const { out } = await segmented(folder, { formats: ["overlay"] });
    const path = join(out, "cells_overlay.png");
    const drawn = await decodeImage(await Deno.readFile(path), path);
    assert(drawn.height > height);
    // The corner of the first square, which is bright, and of the next.
    const at = (x: number, y: number) => [
      ...drawn.data.subarray(3 * (y * drawn.width + x)).subarray(0, 3),
    ];
    assertEquals(at(8, 8), [...classColor(2)]);
    assertEquals(at(28, 8), [...classColor(1)]);
  }));

Deno.test("segment() draws classes of objects again with the network, not from labels that lack them", () =>
  inFolder(async (folder) => {
    const { out } = await segmented(folder, { formats: ["labels"] });
    const { file } = await segmented(folder, {
      ...{ formats: ["labels", "overlay"], out },
    });
    assertEquals(file.drawnFrom, undefined);
    assertEquals(file.written, [join(out, "cells_overlay.png")]);
  }));

Deno.test("segment() finds the same classes of objects whether an image streams or not", () =>
  inFolder(async (folder) => {
    const found = [];
    for (const streamAbove of [1, 1e9]) {
      const { out, file } = await segmented(folder, {
        ...{ formats: ["csv", "overlay"], streamAbove },
      });
      found.push([
        file.objectClasses,
        await Deno.readTextFile(join(out, "cells.csv")),
        (await Deno.readFile(join(out, "cells_overlay.png"))).toHex(),
      ]);
    }
    assertEquals(found[0], found[1]);
  }));
