import { assertEquals, assertMatch } from "@std/assert";
import { writeFile } from "@unet/files";
import { checkDataset } from "./check.ts";
import { openDataset } from "./dataset.ts";
import { readCase } from "./read_case.ts";
import { grayPng } from "../fixtures/handmade_png.ts";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";

const series = new URL("../fixtures/series/", import.meta.url);

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(new URL(name, series));

/** A mask of an image's size, with one object. */
async function maskOf(name: string): Promise<Uint8Array> {
  const bytes = await fixture(name);
  const view = new DataView(bytes.buffer);
  const isLittle = bytes[0] === 0x49;
  const at = view.getUint32(4, isLittle), size = [0, 0];
  for (let tag = 0; tag < view.getUint16(at, isLittle); tag++) {
    const place = at + 2 + tag * 12, number = view.getUint16(place, isLittle);
    const isShort = view.getUint16(place + 2, isLittle) === 3;
    if (number !== 256 && number !== 257) continue;
    size[number - 256] = isShort
      ? view.getUint16(place + 8, isLittle)
      : view.getUint32(place + 8, isLittle);
  }
  const [width, height] = size as [number, number];
  const values = new Uint8Array(width * height);
  values[width + 1] = 255;
  return grayPng(width, height, values);
}

/** Checks the files of a dataset, in a folder and in a zip. */
async function check(files: Readonly<Record<string, Uint8Array>>) {
  await using folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(`${folder.path}/data/${name}`, bytes);
  }
  const parts = Object.entries(files)
    .map(([name, content]) => ({ name, content, deflate: true }));
  await writeFile(`${folder.path}/data.zip`, handmadeZip(parts));
  const reports = [];
  for (const name of ["data", "data.zip"]) {
    const dataset = await openDataset(`${folder.path}/${name}`);
    const { faults } = await checkDataset(dataset);
    reports.push({
      ids: dataset.cases.map(({ id }) => id),
      faults: faults.map(({ kind, severity }) => `${severity} ${kind}`),
      messages: faults.map(({ message }) => message),
    });
    dataset.close();
  }
  assertEquals(reports[0]!.ids, reports[1]!.ids);
  assertEquals(reports[0]!.faults, reports[1]!.faults);
  return reports[0]!;
}

Deno.test("openDataset() counts a file of an OME-TIFF without a mask as part of the one that has it", async () => {
  const [c0, c1] = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"] as const;
  const { ids, faults, messages } = await check({
    [`images/${c0}`]: await fixture(c0),
    [`images/${c1}`]: await fixture(c1),
    "masks/uuid-c0.png": await maskOf(c0),
  });
  assertEquals(ids, ["uuid-c0.ome"]);
  assertEquals(faults.filter((one) => one.startsWith("error")), []);
  assertMatch(
    messages.join("\n"),
    /images\/uuid-c0.ome.tif: an image in 2 files; images\/uuid-c1.ome.tif, without a mask, counts as part of it/,
  );
});

Deno.test("openDataset() keeps files of an OME-TIFF apart that have masks each", async () => {
  const [c0, c1] = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"] as const;
  const { ids, faults } = await check({
    [`images/${c0}`]: await fixture(c0),
    [`images/${c1}`]: await fixture(c1),
    "masks/uuid-c0.png": await maskOf(c0),
    "masks/uuid-c1.png": await maskOf(c1),
  });
  assertEquals(ids, ["uuid-c0.ome", "uuid-c1.ome"]);
  assertEquals(faults.filter((one) => one.endsWith("other-files")), []);
});

Deno.test("openDataset() misses the mask of an OME-TIFF that no masked image belongs to", async () => {
  const [c0, c1] = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"] as const;
  const { ids, faults } = await check({
    [`images/${c0}`]: await fixture(c0),
    "images/damaged.ome.tif": (await fixture(c1)).subarray(0, 60),
    "images/other.png": grayPng(2, 1, [0, 9]),
    "masks/other.png": grayPng(2, 1, [0, 255]),
  });
  assertEquals(ids, ["damaged.ome", "other", "uuid-c0.ome"]);
  assertEquals(
    faults.filter((one) => one === "error missing-mask").length,
    2,
  );
});

Deno.test("readCase() warns of the other files of its image", async () => {
  await using folder = await temporaryFolder();
  const names = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"] as const;
  for (const name of names) {
    await writeFile(`${folder.path}/images/${name}`, await fixture(name));
  }
  const mask = await maskOf(names[1]);
  await writeFile(`${folder.path}/masks/uuid-c1.png`, mask);
  const dataset = await openDataset(folder.path);
  const warnings: string[] = [];
  const [only] = dataset.cases;
  assertEquals(only!.others!.map(({ name }) => name), [`images/${names[0]}`]);
  await readCase(only!, { onWarning: ({ kind }) => warnings.push(kind) });
  assertEquals(warnings, ["other-files", "channels"]);
  dataset.close();
});
