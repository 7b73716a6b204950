import { assert, assertEquals, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { unreadEndings } from "@unet/data";
import { UsageError } from "@unet/errors";
import {
  checkFormats,
  describeFormat,
  endingOfOutput,
  formatsOf,
  kindOfOutput,
  objectFormats,
  outputFormats,
} from "./formats.ts";
import type { AnyFormat, OutputImage, Parts, PartWriter } from "./format.ts";
import type { Instance } from "../instances/instance.ts";
import { measureInstance } from "../outputs/measure_instance.ts";
import { inFolder } from "../fixtures/in_folder.ts";

/** A piece of every part, of an image of 3×2 pixels with one object. */
function pieces(): Parts {
  const instance: Instance = {
    ...{ label: 1, x: 1, y: 0, width: 2, height: 1, probability: 0.75 },
    mask: new Uint8Array([1, 1]),
  };
  return {
    band: {
      ...{ y: 0, width: 3, height: 2 },
      planes: {
        object: new Float32Array([0, 0.75, 0.75, 0, 0, 0]),
        classes: new Float32Array([1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0]),
      },
    },
    mask: new Uint8Array([0, 255, 255, 0, 0, 0]),
    labels: new Uint32Array([0, 1, 1, 0, 0, 0]),
    classMap: new Uint8Array([0, 1, 1, 0, 0, 0]),
    classAreas: [{ name: "background", pixels: 4 }, {
      name: "axon",
      pixels: 2,
    }],
    drawing: new Uint8Array(18).fill(7),
    instances: [instance],
    measured: {
      instances: [instance],
      measurements: [measureInstance(instance)],
    },
  };
}

const image: OutputImage = {
  ...{
    name: "cells.png",
    path: "cells.png",
    width: 3,
    height: 2,
    pyramid: false,
    style: "instances",
    channels: [],
  },
  classHead: { name: "classes", classes: ["background", "axon"] },
};

async function begin({ open, takes }: AnyFormat, path: string) {
  const writer = await open(path, image) as PartWriter<unknown>;
  await writer.write(pieces()[takes]);
  return writer;
}

const all = Object.entries(formatsOf).flatMap(([finding, table]) =>
  Object.entries(table).map(([name, format]) =>
    [`${name} of ${finding}`, format] as const
  )
);

for (const [name, format] of all) {
  Deno.test(`the format ${name} writes a file of the part that it takes, and leaves nothing of one that is not finished`, () =>
    inFolder(async (folder) => {
      const path = join(folder, `cells${format.ending}`);
      {
        await using _writer = await begin(format, path);
      }
      assertEquals([...Deno.readDirSync(folder)], []);
      await using writer = await begin(format, path);
      await writer.finish();
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [
        `cells${format.ending}`,
      ]);
      assert(Deno.statSync(path).size > 0);
    }));
}

Deno.test("no two formats make a file of one name, with and without pyramids", () => {
  for (const pyramid of [false, true]) {
    const endings = outputFormats.map((format) =>
      endingOfOutput(format, pyramid)
    );
    assertEquals(new Set(endings).size, endings.length);
  }
});

Deno.test("describeFormat() says of every format what it holds", () => {
  for (const format of outputFormats) {
    assert(describeFormat(format)!.length > 3);
  }
});

Deno.test("formats of classes have the endings and options of those of objects", () => {
  const { objects, classes } = formatsOf;
  for (const [name, format] of Object.entries(classes)) {
    const { ending, pyramidEnding, folder, options } =
      objects[name as keyof typeof objects]!;
    assertEquals(
      { ...{ ending, pyramidEnding, folder, options } },
      {
        ...{ ending: format.ending, pyramidEnding: format.pyramidEnding },
        ...{ folder: format.folder, options: format.options },
      },
    );
  }
});

Deno.test("checkFormats() refuses what a network of classes does not give, and lists the rest", () => {
  checkFormats(outputFormats, "objects");
  checkFormats(["png", "csv", "roi"], "classes");
  assertThrows(
    () => checkFormats(["png", "labels"], "classes"),
    UsageError,
    'Cannot write format "labels": found a network that predicts a class per ' +
      "pixel and no instances, expected png, tiff, probability, " +
      "overlay, ome-zarr, geojson, roi, csv",
  );
  assertEquals(describeFormat("labels", "classes"), undefined);
});

Deno.test("kindOfOutput() names what an option changes, and nothing else", () => {
  const kinds = (pyramid: boolean) =>
    Object.fromEntries(
      outputFormats.map((format) => [
        format,
        kindOfOutput(objectFormats[format], { style: "mask", pyramid }),
      ]).filter(([, kind]) => kind !== undefined),
    );
  assertEquals(kinds(false), { overlay: "mask" });
  assertEquals(kinds(true), {
    overlay: "mask",
    ...{ tiff: "pyramid", probability: "pyramid", labels: "pyramid" },
  });
});

Deno.test("docs/formats.md has every output format with its judge, and every ending that is recognized", async () => {
  const path = fromFileUrl(new URL("../../docs/formats.md", import.meta.url));
  const text = await Deno.readTextFile(path);
  const rowsOf = (title: string) =>
    text.split(`\n## ${title}\n`)[1]!.split("\n## ")[0]!.split("\n")
      .filter((line) => line.startsWith("| ")).slice(2)
      .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const written = rowsOf("Results, written");
  assert(written.every((cells) => cells.every((cell) => cell !== "")));
  const named = written.flatMap(([, names = ""]) =>
    [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => name!)
  );
  assertEquals(new Set(named), new Set(outputFormats));
  const converted = rowsOf("Files to convert").map(([, endings = ""]) =>
    endings
  );
  const shown = new Set(converted.join(" ").match(/\.\w+/g));
  assertEquals(unreadEndings.filter((ending) => !shown.has(ending)), []);
});
