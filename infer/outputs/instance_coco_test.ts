import { assertEquals } from "@std/assert";
import { paintAnnotations, readAnnotations } from "@unet/data/annotations";
import { inFolder } from "../fixtures/in_folder.ts";
import { InstanceCoco } from "./instance_coco.ts";

/** Objects with a hole, with parts that meet at a corner, and at the rim. */
const drawn = ["11.....22", "1...333.2", "....3.3..", "4...333.5", ".4.....55"];
const labels = drawn.flatMap((row) => [...row].map((one) => Number(one) || 0));
const size = { width: 9, height: 5 };
const instances = [1, 2, 3, 4, 5].map((label) => ({
  ...{ label, x: 0, y: 0, ...size, probability: label / 8 },
  mask: Uint8Array.from(labels, (one) => one === label ? 1 : 0),
  ...(label > 3 && { class: label - 3 }),
}));

Deno.test("InstanceCoco writes objects that are read back pixel for pixel, with classes", () =>
  inFolder(async (folder) => {
    const path = `${folder}/cells_coco.json`;
    await using file = await InstanceCoco.open(path, {
      ...{ name: "cells.png", ...size },
      classNames: ["background", "lymphocyte", "tumor"],
    });
    await file.add(instances.slice(0, 2));
    await file.add(instances.slice(2));
    await file.finish();
    const { format, images } = await readAnnotations(path);
    assertEquals([format, images.length, images[0]!.image], [
      "COCO",
      1,
      "cells.png",
    ]);
    const { annotations } = images[0]!;
    assertEquals([...paintAnnotations(annotations, size).labels.data], labels);
    assertEquals(annotations.map(({ className }) => className), [
      ...["nucleus", "nucleus", "nucleus", "lymphocyte", "tumor"],
    ]);
  }));

Deno.test("InstanceCoco writes a file without objects that is JSON", () =>
  inFolder(async (folder) => {
    const path = `${folder}/cells_coco.json`;
    await using file = await InstanceCoco.open(path, {
      name: "a.png",
      ...size,
    });
    await file.finish();
    assertEquals(JSON.parse(await Deno.readTextFile(path)), {
      images: [{ id: 1, file_name: "a.png", width: 9, height: 5 }],
      categories: [{ id: 1, name: "nucleus" }],
      annotations: [],
    });
  }));
