import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { FileError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import expectations from "./fixtures/expected.json" with { type: "json" };
import { paintAnnotations } from "./paint_annotations.ts";
import { type Annotation, readAnnotations } from "./read_annotations.ts";

const size = { width: 40, height: 30 };
const expected: Record<string, string[]> = expectations.expected;

const fixture = (name: string): string =>
  fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));

/** The pixels of one annotation alone, a text per row. */
function rowsOf(annotation: Annotation): string[] {
  const { labels } = paintAnnotations([annotation], size);
  return Array.from({ length: size.height }, (_, y) =>
    Array.from(
      labels.data.subarray(y * size.width, (y + 1) * size.width),
      (label) => label ? "#" : ".",
    ).join(""));
}

Deno.test("readAnnotations() reads COCO's polygons and masks as shapely and pycocotools do", async () => {
  const { format, images } = await readAnnotations(fixture("coco.json"));
  assertEquals(format, "COCO");
  assertEquals(images.map(({ image, size }) => [image, size]), [[
    "cells.png",
    size,
  ]]);
  const { annotations } = images[0]!;
  for (const [at, name] of expectations.coco_names.entries()) {
    assertEquals(rowsOf(annotations[at]!), expected[name], name);
  }
  assertEquals(annotations.map(({ className }) => className), [
    ...["cell", "cell", "cell", "cell", "debris", "debris"],
  ]);
});

Deno.test("readAnnotations() differs from pycocotools' polygons along slanted edges alone", async () => {
  const { images } = await readAnnotations(fixture("coco.json"));
  const polygons: Record<string, { pixels: string[]; near: string[] }> =
    expectations.coco_polygons;
  for (
    const [at, [name, { pixels, near }]] of Object.entries(polygons).entries()
  ) {
    const own = rowsOf(images[0]!.annotations[at]!);
    if (name !== "slanted") assertEquals(own, pixels, name);
    for (const [y, row] of own.entries()) {
      for (const [x, pixel] of [...row].entries()) {
        assert(
          pixel === pixels[y]![x] || near[y]![x] === "#",
          `${name} ${x} ${y}`,
        );
      }
    }
  }
});

Deno.test("readAnnotations() reads ROIs that roifile wrote", async () => {
  const { format, images } = await readAnnotations(fixture("cells_rois.zip"));
  assertEquals([format, images[0]!.image], ["ImageJ", "cells"]);
  const names = ["corner", "ell", "slanted", "last", "star", "box"];
  for (const [at, name] of names.entries()) {
    assertEquals(rowsOf(images[0]!.annotations[at]!), expected[name], name);
  }
});

Deno.test("readAnnotations() reads LabelMe's shapes, and leaves out points", async () => {
  const { format, images } = await readAnnotations(fixture("labelme.json"));
  assertEquals([format, images[0]!.image], ["LabelMe", "cells.png"]);
  assertEquals(images[0]!.leftOut, ["1 point"]);
  for (const [at, name] of ["ell", "slanted", "box", "round"].entries()) {
    assertEquals(rowsOf(images[0]!.annotations[at]!), expected[name], name);
  }
});

Deno.test("readAnnotations() reads QuPath's polygons with holes, parts and classes", async () => {
  const { format, images } = await readAnnotations(fixture("cells.geojson"));
  assertEquals([format, images[0]!.image], ["GeoJSON", "cells"]);
  const [hole, parts] = images[0]!.annotations;
  assertEquals(rowsOf(hole!), expected.hole);
  const both = rowsOf(parts!);
  for (const [y, row] of both.entries()) {
    for (const [x, pixel] of [...row].entries()) {
      const isIn = expected.corner![y]![x] === "#" ||
        expected.last![y]![x] === "#";
      assertEquals(pixel, isIn ? "#" : ".");
    }
  }
  assertEquals([hole!.className, parts!.className], [
    "Tumor",
    "Stroma: Positive",
  ]);
  assertEquals(images[0]!.leftOut, ["1 point or line"]);
});

/** Files that lie, and what is said of them. */
const damaged:
  readonly (readonly [name: string, content: unknown, words: string])[] = [
    ["a.json", { a: 1 }, "JSON of another kind"],
    ["a.json", "nothing", "JSON of another kind"],
    ["a.json", {
      images: [{ id: 1, file_name: "a.png", width: 1e9, height: 1e9 }],
      annotations: [],
    }, "an id of its own, file_name, width and height"],
    ["a.json", {
      images: [{ id: 1, file_name: "a.png", width: 4, height: 4 }],
      annotations: [{ image_id: 2 }],
    }, "image_id of an image"],
    [
      "a.json",
      coco({ size: [4, 4], counts: [20] }),
      "lengths that sum up to 16 pixels",
    ],
    [
      "a.json",
      coco({ size: [4, 4], counts: "0ooooooooooooooooooo" }),
      "lengths that sum up to 16 pixels",
    ],
    [
      "a.json",
      coco({ size: [4, 5], counts: [16] }),
      "height and width of its image, 4 and 4",
    ],
    [
      "a.json",
      coco([[1, 2, 3]]),
      "polygon [1,2,3] of annotation 7, expected x and y of at least three",
    ],
    ["a.json", coco([]), "an empty segmentation of annotation 7"],
    ["a.json", coco(5), "5 as segmentation of annotation 7"],
    [
      "a.geojson",
      [{ type: "Feature", geometry: { type: "Curve" } }],
      'a geometry of type "Curve"',
    ],
    ["a.geojson", [{
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [[[0, "1"]]] },
    }], "three corners or more"],
    [
      "a.json",
      { shapes: [{ points: [[1]] }], imagePath: "a.png" },
      "pairs of numbers",
    ],
    ["a.json", coco([[1, 1, 2e9, 1, 1, 3]]), "2000000000, 1 of annotation 7"],
    [
      "a.json",
      named("a\0.png"),
      'image "a\\u0000.png", expected a file\'s name',
    ],
    ["a.json", named("a.png", "a\nb"), 'class "a\\nb" of annotation 1'],
    ["a.json", named("a.png", "\x1b[2J"), "without control characters"],
    ["a.json", named("a.png", "=cmd|x"), "no formula of a spreadsheet"],
    ["a.json", {
      ...coco([[1, 1, 3, 1, 1, 3]]),
      categories: [{ id: 1, name: "a" }, { id: 1, name: "b" }],
    }, 'category_id 1 twice, as "a" and "b"'],
    ["a.json", {
      images: [{ id: 1, file_name: "a.png", width: 4, height: 4 }],
      annotations: [{ image_id: 1, iscrowd: "yes" }],
    }, 'iscrowd "yes" of annotation 1 of the list, expected 0 or 1'],
  ];

/** LabelMe's, with a triangle. */
function named(imagePath: string, label = "cell") {
  return { imagePath, shapes: [{ label, points: [[0, 0], [3, 0], [0, 3]] }] };
}

function coco(segmentation: unknown) {
  return {
    images: [{ id: 1, file_name: "a.png", width: 4, height: 4 }],
    annotations: [{ id: 7, image_id: 1, segmentation }],
  };
}

for (const [name, content, words] of damaged) {
  Deno.test(`readAnnotations() refuses ${JSON.stringify(content).slice(0, 90)}`, async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, name);
    await Deno.writeTextFile(path, JSON.stringify(content));
    const error = await assertRejects(() => readAnnotations(path), FileError);
    assertStringIncludes(error.message, words);
  });
}

Deno.test("readAnnotations() refuses files of other kinds by their names", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.json");
  await Deno.writeFile(path, new Uint8Array([0x89, 0x50, 0x4e, 0x47]));
  const error = await assertRejects(() => readAnnotations(path), FileError);
  assertStringIncludes(
    error.message,
    "expected JSON of COCO, QuPath or LabelMe",
  );
  const array = join(folder.path, "a_seg.npy");
  await Deno.writeFile(
    array,
    new Uint8Array([0x93, ...new TextEncoder().encode("NUMPY\x01")]),
  );
  const other = await assertRejects(() => readAnnotations(array), FileError);
  assertStringIncludes(
    other.message,
    "found a file of NumPy that is cut off, expected Cellpose's _seg.npy",
  );
});

Deno.test("readAnnotations() reads the objects of Cellpose's masks, pixel for pixel", async () => {
  const path = fromFileUrl(
    new URL("../fixtures/cells_seg.npy", import.meta.url),
  );
  const { format, images } = await readAnnotations(path);
  const [{ image, isWholeName, annotations, size } = fail()] = images;
  assertEquals([format, image, isWholeName], ["Cellpose", "cells", false]);
  const { labels } = paintAnnotations(annotations, size!);
  const rows = Array.from(
    { length: 6 },
    (_, y) => labels.data.slice(9 * y, 9 * y + 9).join(""),
  );
  assertEquals(rows, [
    ...["110000022", "110030022", "000333000"],
    ...["403030305", "440333055", "400030005"],
  ]);
});

function fail(): never {
  throw new Error("Expected an image");
}

Deno.test("readAnnotations() refuses coordinates that are not finite", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.json");
  // JSON has no NaN, but numbers beyond what a double holds.
  const texts = [
    JSON.stringify(coco([[1, 1, 77, 1, 1, 3]])),
    JSON.stringify(named("a.png")).replace("[3,0]", "[77,0]"),
    JSON.stringify([{
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [[[0, 0], [77, 0], [0, 3]]] },
    }]),
  ];
  for (const text of texts) {
    await Deno.writeTextFile(path, text.replace("77", "1e999"));
    const error = await assertRejects(() => readAnnotations(path), FileError);
    assertStringIncludes(error.message, "all finite");
  }
  const roi = new Uint8Array(64), view = new DataView(roi.buffer);
  view.setUint32(0, 0x496f7574);
  view.setInt16(4, 228);
  view.setUint8(6, 2);
  view.setInt16(50, 128);
  view.setFloat32(18, NaN);
  await Deno.writeFile(path, roi);
  const error = await assertRejects(() => readAnnotations(path), FileError);
  assertStringIncludes(error.message, "a box of NaN, 0, 0, 0");
});

Deno.test("readAnnotations() takes QuPath's cells, and says that their nuclei are left out", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.geojson");
  const square = (from: number, to: number) => ({
    type: "Polygon",
    coordinates: [[[from, from], [to, from], [to, to], [from, to]]],
  });
  const cell = {
    type: "Feature",
    geometry: square(0, 9),
    nucleusGeometry: square(3, 6),
    properties: { objectType: "cell" },
  };
  await Deno.writeTextFile(path, JSON.stringify([cell, cell]));
  const { annotations, leftOut } = (await readAnnotations(path)).images[0]!;
  assertEquals(annotations[0]!.polygons[0]![0]![2], [9, 9]);
  assertEquals(leftOut, [
    "2 nuclei (nucleusGeometry) within the cells, which are the objects,",
  ]);
});

/** A ROI of ImageJ with a box, and corners from its top left. */
function roiOf(
  box: { top: number; left: number; bottom: number; right: number },
  corners: readonly (readonly [x: number, y: number])[] = [],
): Uint8Array<ArrayBuffer> {
  const count = corners.length;
  const view = new DataView(new ArrayBuffer(64 + 4 * count));
  view.setUint32(0, 0x496f7574);
  view.setInt16(4, 227);
  view.setUint8(6, count > 0 ? 0 : 1);
  // Java writes the lower 16 bits of a number.
  const { top, left, bottom, right } = box;
  for (const [at, place] of [top, left, bottom, right].entries()) {
    view.setInt16(8 + 2 * at, place);
  }
  view.setUint16(16, count);
  for (const [at, [x, y]] of corners.entries()) {
    view.setInt16(64 + 2 * at, x);
    view.setInt16(64 + 2 * (count + at), y);
  }
  return new Uint8Array(view.buffer);
}

Deno.test("readAnnotations() reads ROIs of ImageJ beyond 32767 pixels, and slightly left of 0", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.roi");
  const ringOf = async (bytes: Uint8Array<ArrayBuffer>) => {
    await Deno.writeFile(path, bytes);
    return (await readAnnotations(path)).images[0]!.annotations[0]!
      .polygons[0]![0]!;
  };
  const far = { top: 40000, left: 50000, bottom: 40100, right: 50200 };
  assertEquals(await ringOf(roiOf(far)), [
    ...[[50000, 40000], [50200, 40000], [50200, 40100], [50000, 40100]],
  ] as never);
  const wide = { top: 0, left: 10, bottom: 40000, right: 45010 };
  assertEquals(
    await ringOf(roiOf(wide, [[0, 0], [45000, 0], [45000, 40000]])),
    [[10, 0], [45010, 0], [45010, 40000]],
  );
  const near = { top: -3, left: -4000, bottom: 5, right: 9 };
  assertEquals((await ringOf(roiOf(near)))[0], [-4000, -3]);
});

Deno.test("readAnnotations() leaves out crowds, and joins LabelMe's groups", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.json");
  const read = async (content: unknown) => {
    await Deno.writeTextFile(path, JSON.stringify(content));
    return (await readAnnotations(path)).images[0]!;
  };
  const one = { image_id: 1, segmentation: [[1, 1, 3, 1, 1, 3]] };
  const crowds = await read({
    images: [{ id: 1, file_name: "a.png", width: 4, height: 4 }],
    annotations: [1, true, 0, false].map((iscrowd) => ({ ...one, iscrowd })),
  });
  assertEquals(crowds.annotations.length, 2);
  assertEquals(crowds.leftOut, ["2 regions of a crowd"]);
  const points = [[0, 0], [3, 0], [0, 3]];
  const groups = await read({
    imagePath: "a.png",
    shapes: [["a", 1], ["a", null], ["a", 1], ["b", 1], ["a", null]].map(
      ([label, group_id]) => ({ label, group_id, points }),
    ),
  });
  assertEquals(
    groups.annotations.map(({ className, polygons }) => [
      className,
      polygons.length,
    ]),
    [["a", 2], ["a", 1], ["b", 1], ["a", 1]],
  );
});
