import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import {
  checkDataset,
  encodePng,
  findObjectClasses,
  openDataset,
  readCase,
} from "@unet/data";
import { FileError } from "@unet/errors";
import { InstanceGeoJson, RoiZip } from "@unet/infer/outputs";
import { importAnnotations } from "./import_annotations.ts";

const fixtures = fromFileUrl(
  new URL("../../data/annotations/fixtures/", import.meta.url),
);

/** A folder with an image of the fixtures' name and size. */
async function withImage(
  work: (folder: string) => Promise<void>,
  { width = 40, height = 30 } = {},
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const image = { width, height, channels: 1, depth: 8 } as const;
  const data = Uint8Array.from({ length: width * height }, (_, at) => at % 251);
  await Deno.writeFile(
    join(folder, "cells.png"),
    await encodePng({ ...image, data }),
  );
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("importAnnotations() writes pairs that check reads, with classes and notes", async () => {
  await withImage(async (folder) => {
    const out = join(folder, "pairs"), notes: string[] = [];
    const report = await importAnnotations({
      annotations: [join(fixtures, "coco.json")],
      images: folder,
      out,
    }, { onNote: (line) => notes.push(line) });
    assertEquals({ ...report, classes: { ...report.classes } }, {
      ...{ images: 1, objects: 6, formats: { COCO: 1 } },
      classes: { cell: 4, debris: 2 },
    });
    assertEquals(notes, [
      `${
        join(folder, "cells.png")
      }: 2 objects overlap others: the first keeps pixels`,
    ]);
    const dataset = await openDataset(out);
    const { images, nuclei, errors } = await checkDataset(dataset);
    assertEquals([images, nuclei, errors], [1, 6, 0]);
    const { labels } = await readCase(dataset.cases[0]!);
    assertEquals([labels.data[0], labels.data[40 * 30 - 1]], [1, 4]);
    const classes = await findObjectClasses(out);
    assertEquals({ ...classes?.images.cells }, {
      ...{ "1": 1, "2": 1, "3": 1, "4": 1, "5": 2, "6": 2 },
    });
    dataset.close();
  });
});

/** Objects of every awkward shape: holes, parts at corners, at the rim. */
const drawn = [
  "11.....22",
  "11..3..22",
  "...333...",
  "4.3.3.3.5",
  "44.333.55",
  "4...3...5",
];
const labels = drawn.flatMap((row) => [...row].map((one) => Number(one) || 0));

/** Each number of the drawing as an object. */
const instances = [1, 2, 3, 4, 5].map((label) => ({
  ...{ label, x: 0, y: 0, width: 9, height: 6, probability: 1 },
  mask: Uint8Array.from(labels, (one) => one === label ? 1 : 0),
}));

Deno.test("importAnnotations() reads the program's own outlines back, pixel for pixel", async () => {
  await withImage(async (folder) => {
    const geojson = await InstanceGeoJson.open(join(folder, "cells.geojson"));
    await geojson.add(instances);
    await geojson.finish();
    const rois = await RoiZip.open(join(folder, "cells_rois.zip"));
    await rois.add(instances);
    await rois.finish();
    for (const name of ["cells.geojson", "cells_rois.zip"]) {
      const out = join(folder, `${name}-pairs`);
      await importAnnotations({ annotations: [join(folder, name)], out });
      const dataset = await openDataset(out);
      const read = await readCase(dataset.cases[0]!);
      assertEquals([...read.labels.data], labels, name);
      dataset.close();
    }
  }, { width: 9, height: 6 });
});

Deno.test("importAnnotations() says which images are missing, and refuses if all are", async () => {
  await withImage(async (folder) => {
    const content = JSON.parse(
      await Deno.readTextFile(join(fixtures, "coco.json")),
    );
    content.images.push({ id: 12, file_name: "none.png", width: 4, height: 4 });
    const path = join(folder, "coco.json"), notes: string[] = [];
    await Deno.writeTextFile(path, JSON.stringify(content));
    const out = join(folder, "pairs");
    await importAnnotations({ annotations: [path], out }, {
      onNote: (line) => notes.push(line),
    });
    assertEquals(notes[0], "1 image not found: none.png");
    await Deno.remove(join(folder, "cells.png"));
    const error = await assertRejects(
      () => importAnnotations({ annotations: [path], out: join(folder, "b") }),
      FileError,
    );
    assertStringIncludes(
      error.message,
      "found none of 2 images (cells.png, none.png)",
    );
  });
});

Deno.test("importAnnotations() refuses annotations of another image", async () => {
  await withImage(async (folder) => {
    const refused = async (name: string, words: string) => {
      const error = await assertRejects(() =>
        importAnnotations({
          annotations: [join(folder, name)],
          out: join(folder, "pairs"),
        }), FileError);
      assertStringIncludes(error.message, words);
    };
    await Deno.copyFile(join(fixtures, "coco.json"), join(folder, "coco.json"));
    await refused(
      "coco.json",
      "found 9×6 pixels, expected 40×30, as in its annotations",
    );
    const ring = [[90, 90], [95, 90], [90, 95]];
    const feature = (plane?: unknown) => ({
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [ring], plane },
      properties: {},
    });
    await Deno.writeTextFile(
      join(folder, "cells.geojson"),
      JSON.stringify([feature()]),
    );
    await refused("cells.geojson", "1 object, all outside of 9×6 pixels");
    await Deno.writeTextFile(
      join(folder, "cells.geojson"),
      JSON.stringify([feature({ z: 1, t: 0 }), feature({ z: 2, t: 0 })]),
    );
    await refused(
      "cells.geojson",
      "objects on 2 planes, expected those of one plane",
    );
  }, { width: 9, height: 6 });
});

Deno.test("importAnnotations() overwrites no images and masks", async () => {
  await withImage(async (folder) => {
    const choices = {
      annotations: [join(fixtures, "cells.geojson")],
      ...{ images: folder, out: join(folder, "pairs") },
    };
    await importAnnotations(choices);
    const error = await assertRejects(
      () => importAnnotations(choices),
      FileError,
    );
    assertStringIncludes(
      error.message,
      "expected a folder without images and masks",
    );
  });
});

Deno.test("importAnnotations() refuses two images that lead to one file, and links out of the folder", async () => {
  await withImage(async (folder) => {
    const path = join(folder, "coco.json");
    const refused = async (names: readonly string[], words: string) => {
      const images = names.map((file_name, id) => ({
        ...{ id, file_name, width: 9, height: 6 },
      }));
      await Deno.writeTextFile(
        path,
        JSON.stringify({
          images,
          annotations: images.map(({ id }) => ({
            ...{ image_id: id, segmentation: [[1, 1, 4, 1, 1, 4]] },
          })),
        }),
      );
      const out = join(folder, "pairs");
      const error = await assertRejects(
        () => importAnnotations({ annotations: [path], out }),
        FileError,
      );
      assertStringIncludes(error.message, words);
    };
    await refused(
      ["train/cells.png", "val/cells.png"],
      `"train/cells.png" of ${path} and "val/cells.png" of ${path}`,
    );
    const other = await Deno.makeTempDir();
    await Deno.rename(join(folder, "cells.png"), join(other, "cells.png"));
    await Deno.symlink(join(other, "cells.png"), join(folder, "cells.png"));
    await refused(["cells.png"], "a link that leads out of its folder");
    await Deno.remove(other, { recursive: true });
  }, { width: 9, height: 6 });
});

Deno.test("importAnnotations() takes 200000 objects of an image", async () => {
  await withImage(async (folder) => {
    const feature = JSON.stringify({
      type: "Feature",
      geometry: { type: "Polygon", coordinates: [[[1, 1], [4, 1], [1, 4]]] },
    });
    await Deno.writeTextFile(
      join(folder, "cells.geojson"),
      `[${Array(200_000).fill(feature).join()}]`,
    );
    const notes: string[] = [];
    const { objects } = await importAnnotations({
      annotations: [join(folder, "cells.geojson")],
      out: join(folder, "pairs"),
    }, { onNote: (line) => notes.push(line) });
    assertEquals(objects, 1);
    assertStringIncludes(notes.join(), "199999 objects lie under others");
  });
});
