import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals } from "@std/assert";
import { readLabels } from "@unet/data";
import { boxesIn, instanceIn } from "../instances/instances_in.ts";
import { inFolder } from "../fixtures/in_folder.ts";
import { red } from "../fixtures/red.ts";
import { openMeasuredImage } from "../segment/open_measured_image.ts";
import { segment } from "../segment/segment.ts";
import {
  endingOfObjects,
  objectFormatNames,
  writeObjects,
} from "./write_objects.ts";

const path = fromFileUrl(
  new URL("../fixtures/channels.ome.tif", import.meta.url),
);

Deno.test("writeObjects() writes objects of labels byte for byte as segment() writes those that it found", () =>
  inFolder(async (out) => {
    await segment([path], {
      ...{ predict: red, out, formats: ["labels", ...objectFormatNames] },
      settings: {
        ...{ channel: "DAPI", tile: 16, margin: 8 },
        instances: { minimalArea: 1 },
      },
    });
    const of = (ending: string) => join(out, `channels${ending}`);
    const labels = await readLabels(of("_labels.tif"), 2 ** 20);
    const { annotations } = JSON.parse(
      await Deno.readTextFile(of("_coco.json")),
    );
    const scores = new Map<number, number>(
      annotations.map(({ id, score }: { id: number; score: number }) => [
        ...[id, score] as const,
      ]),
    );
    assert(scores.size > 1);
    const instances = [...boxesIn(labels)].sort(([one], [other]) => one - other)
      .map(([label, box]) => ({
        ...instanceIn(labels, label, box),
        probability: scores.get(label)!,
      }));
    // The file has several channels, of which none need be chosen here.
    await using image = await openMeasuredImage(path);
    const { width, height, channels, pixelSize } = image;
    const measurements = await image.measure(instances);
    for (const format of objectFormatNames) {
      const own = join(out, `own${endingOfObjects(format)}`);
      await writeObjects(own, format, {
        ...{ name: "channels.ome.tif", width, height, channels },
        ...(pixelSize && { pixelSize }),
        ...{ instances, measurements },
      });
      assertEquals(
        await Deno.readFile(own),
        await Deno.readFile(of(endingOfObjects(format))),
        format,
      );
    }
  }));

Deno.test("writeObjects() names classes, and leaves probabilities empty that nobody predicted", () =>
  inFolder(async (out) => {
    const box = { x: 1, y: 2, width: 1, height: 1 };
    const instance = {
      ...{ label: 3, ...box, mask: new Uint8Array([1]), class: 1 },
    };
    await using image = await openMeasuredImage(path);
    const { width, height, channels } = image;
    const objects = {
      ...{ name: "a.tif", width, height, channels, instances: [instance] },
      measurements: await image.measure([instance]),
      classes: ["background", "tumor"],
    };
    const csv = join(out, "a.csv"), coco = join(out, "a.json");
    await writeObjects(csv, "csv", objects);
    const [names, cells] = (await Deno.readTextFile(csv)).split("\r\n")
      .map((line) => line.split(","));
    const at = names!.indexOf("probability");
    assertEquals([names![at + 1], ...cells!.slice(at, at + 2)], [
      ...["class", "", "tumor"],
    ]);
    await writeObjects(coco, "coco", objects);
    const { annotations: [one] } = JSON.parse(await Deno.readTextFile(coco));
    assertEquals(["score" in one, one.category_id], [false, 2]);
  }));
