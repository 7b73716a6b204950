import {
  cacheSamples,
  checkDataset,
  decodeImage,
  listZarrImages,
  openDataset,
  openImage,
  readCachedWindow,
} from "@unet/data";
import { paintAnnotations, readAnnotations } from "@unet/data/annotations";
import { UnetError } from "@unet/errors";
import { join } from "@std/path";
import sharp from "sharp";
import { goodPng, grey16Png, maskPng, zipOf } from "../_files.ts";
import { descriptionTag, grayTags, handmadeTiff } from "../_tiff.ts";
import { tiffBombs } from "../_tiff_bombs.ts";
import { zipBombs } from "../_zip_bombs.ts";
import type { Mutation } from "./_mutate.ts";
import { changeXml, replaceValue } from "./_mutate_text.ts";
import { changeKind, lieInTag } from "./_mutate_tiff.ts";
import { changeZarr } from "./_mutate_zarr.ts";
import { lieInZip, repairCase, repairPng, withHeader } from "./_repair.ts";
import { attempt, type Target } from "./_target.ts";

const fixtures = new URL("../../../data/fixtures/", import.meta.url);

/** The files of a folder of fixtures, none of them large. */
async function filesOf(folder: string): Promise<Uint8Array[]> {
  const files: Uint8Array[] = [];
  const url = new URL(folder, fixtures);
  for (const { name, isFile } of [...Deno.readDirSync(url)].sort(byName)) {
    if (!isFile || !/\.(tif|tiff|ome)$/.test(name)) continue;
    const bytes = await Deno.readFile(new URL(name, url));
    if (bytes.length < 60_000) files.push(bytes);
  }
  return files;
}

/** Slides of scanners, which OpenSlide reads where it is installed. */
async function slides(): Promise<Uint8Array[]> {
  const folder = new URL("../../../data/openslide/fixtures/", import.meta.url);
  const names = [...Deno.readDirSync(folder)].sort(byName)
    .filter(({ name }) => /\.(czi|dcm|ndpi|scn|tiff)$/.test(name));
  return await Promise.all(
    names.map(({ name }) => Deno.readFile(new URL(name, folder))),
  );
}

/** Reads windows of a slide. */
async function readSlide(bytes: Uint8Array, folder: string): Promise<void> {
  const path = await write(folder, "slide", bytes);
  await attempt(async () => {
    await using reader = await openImage(path, { maxPixels: 2 ** 22 });
    const { width, height } = reader;
    await reader.read(0, 0, Math.min(64, width), Math.min(64, height));
    await reader.read(width - 1, height - 1, 1, 1);
  });
}

/** OME-Zarrs in zips. */
async function zarrs(): Promise<Uint8Array[]> {
  const folder = new URL("../../../data/zarr/fixtures/", import.meta.url);
  const names = [...Deno.readDirSync(folder)].sort(byName)
    .filter(({ name }) => name.endsWith(".zip"));
  return await Promise.all(
    names.map(({ name }) => Deno.readFile(new URL(name, folder))),
  );
}

/** Reads the images of an OME-Zarr, and its labels as a dataset. */
async function readZarr(bytes: Uint8Array, folder: string): Promise<void> {
  const path = await write(folder, "image.zarr.zip", bytes);
  const limit = { maxPixels: 2 ** 22 };
  await attempt(async () => {
    const images = await listZarrImages(path) ?? [];
    for (const image of images.slice(0, 4)) {
      const all = { ...limit, channel: "max", plane: "max" } as const;
      await using reader = await openImage(image.path, all);
      const { width, height } = reader;
      await reader.read(0, 0, Math.min(64, width), Math.min(64, height));
      await reader.read(width - 1, height - 1, 1, 1);
    }
  });
  await attempt(async () => {
    const dataset = await openDataset(path);
    const { faults } = await checkDataset(dataset, limit);
    dataset.close();
    for (const { message } of faults) await attempt(() => refuse(message));
  });
}

/** Annotations of each format. */
async function annotationFiles(): Promise<Uint8Array[]> {
  const folder = new URL(
    "../../../data/annotations/fixtures/",
    import.meta.url,
  );
  const names = [
    ...["cells.geojson", "cells_rois.zip", "coco.json", "labelme.json"],
    "../../fixtures/cells_seg.npy",
  ];
  return await Promise.all(
    names.map((name) => Deno.readFile(new URL(name, folder))),
  );
}

/** Reads annotations and paints them. */
async function paintFile(bytes: Uint8Array, folder: string): Promise<void> {
  const path = await write(folder, "annotations", bytes);
  await attempt(async () => {
    const { images } = await readAnnotations(path);
    for (const { annotations } of images.slice(0, 4)) {
      paintAnnotations(annotations, { width: 64, height: 64 });
    }
  });
}

function byName(a: Deno.DirEntry, b: Deno.DirEntry): number {
  return a.name < b.name ? -1 : 1;
}

async function write(
  folder: string,
  name: string,
  bytes: Uint8Array,
): Promise<string> {
  const path = join(folder, name);
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeFile(path, bytes);
  return path;
}

/** Reads an image in every way: as it is, projected, and by windows. */
async function readImage(bytes: Uint8Array, folder: string): Promise<void> {
  const limit = { maxPixels: 2 ** 22 };
  const isRead = await attempt(() => decodeImage(bytes, "image", limit));
  const all = { ...limit, channel: "max", plane: "max" } as const;
  if (!isRead && !await attempt(() => decodeImage(bytes, "image", all))) return;
  const path = await write(folder, "image.tif", bytes);
  await attempt(async () => {
    await using reader = await openImage(path, all);
    const { width, height } = reader;
    await reader.read(0, 0, Math.min(64, width), Math.min(64, height));
    await reader.read(width - 1, height - 1, 1, 1);
  });
}

const xml = (text: string): Uint8Array => new TextEncoder().encode(text);

/** OME-XML of the fixtures' kind; the page comes with it. */
const descriptions: readonly Uint8Array[] = [
  '<OME UUID="urn:uuid:1"><Image Name="a"><Pixels DimensionOrder="XYZCT" SizeX="20" SizeY="15" SizeZ="3" SizeC="2" SizeT="2" PhysicalSizeX="0.5"><Channel Name="DAPI" SamplesPerPixel="1"/><Channel Name="GFP"/><TiffData IFD="0" FirstC="0" PlaneCount="1"><UUID FileName="image.tif">urn:uuid:1</UUID></TiffData><TiffData IFD="0" FirstZ="1"/><TiffData FirstT="1"/><Plane TheC="0"/></Pixels></Image><StructuredAnnotations/></OME>',
  '<ome:OME xmlns:ome="x"><ome:Image><ome:Pixels SizeC="1"/></ome:Image></ome:OME>',
  '<OME><BinaryOnly MetadataFile="image.tif" UUID="urn:uuid:1"/></OME>',
  "ImageJ=1.54f\nimages=6\nchannels=2\nslices=3\nunit=micron\nspacing=0.5\n",
  '{"shape": [2, 15, 20], "axes": "CYX", "truncated": true}',
  "Aperio Image Library v1\n20x15 |AppMag = 20|MPP = 0.5",
].map(xml);

/** A page of 20×15 pixels with a description. */
function described(text: Uint8Array): Uint8Array {
  const tag = descriptionTag(new TextDecoder("latin1").decode(text));
  return handmadeTiff({
    directories: [[...grayTags(20, 15), tag]],
    data: new Uint8Array(300),
  });
}

async function pictures(): Promise<Uint8Array[]> {
  const drawn = sharp(await goodPng());
  const encoded = await Promise.all([
    drawn.clone().jpeg().toBuffer(),
    drawn.clone().jpeg({ progressive: true }).toBuffer(),
    drawn.clone().webp().toBuffer(),
    drawn.clone().webp({ lossless: true }).toBuffer(),
    drawn.clone().gif().toBuffer(),
    drawn.clone().png({ palette: true }).toBuffer(),
    drawn.clone().png({ progressive: true }).toBuffer(),
  ]);
  return [
    await goodPng(),
    await grey16Png(),
    ...encoded.map((one) => new Uint8Array(one)),
  ];
}

const changeCaseHeader: Mutation = (bytes, random) =>
  withHeader(
    bytes,
    { at: 12, size: 4, header: 24 },
    (header) => replaceValue(header, random),
  );

/** Images, datasets and the cache. */
export const dataTargets: Readonly<Record<string, Target>> = {
  tiff: {
    seeds: async () => [
      ...await filesOf("tiff/"),
      ...Object.entries(tiffBombs).flatMap(([name, [make]]) =>
        name.includes("gigabyte") ? [] : [make()]
      ),
    ],
    mutations: [lieInTag, lieInTag, changeKind],
    read: readImage,
  },
  series: {
    seeds: () => filesOf("series/"),
    mutations: [lieInTag, changeXml, changeKind],
    read: readImage,
  },
  description: {
    seeds: () => Promise.resolve(descriptions),
    mutations: [changeXml, changeXml, replaceValue],
    read: (bytes, folder) => readImage(described(bytes), folder),
  },
  slide: {
    seeds: slides,
    read: readSlide,
  },
  zarr: {
    seeds: zarrs,
    mutations: [changeZarr, changeZarr],
    read: readZarr,
  },
  annotations: {
    seeds: annotationFiles,
    mutations: [replaceValue, replaceValue, lieInZip],
    read: paintFile,
  },
  picture: {
    seeds: pictures,
    repair: repairPng,
    read: readImage,
  },
  mask: {
    seeds: async () => [
      await maskPng(),
      await grey16Png(),
      ...await filesOf("tiff/"),
    ],
    mutations: [lieInTag, changeKind],
    repair: repairPng,
    read: async (bytes, folder) => {
      await write(folder, "pairs/images/a.png", await goodPng());
      await write(folder, "pairs/masks/a.png", bytes);
      await attempt(async () => {
        const dataset = await openDataset(join(folder, "pairs"));
        const { faults } = await checkDataset(dataset, { maxPixels: 2 ** 22 });
        dataset.close();
        for (const { message } of faults) await attempt(() => refuse(message));
      });
    },
  },
  zip: {
    seeds: async () => {
      const image = await goodPng(), mask = await maskPng();
      return [
        zipOf([["a/images/a.png", image], ["a/masks/a.png", mask]]),
        zipOf([["images/a.png", image], ["masks/a.png", mask]]),
        ...Object.values(zipBombs).map(([make]) => make())
          .filter(({ length }) => length < 2e6),
      ];
    },
    mutations: [lieInZip, lieInZip],
    read: async (bytes, folder) => {
      const path = await write(folder, "data.zip", bytes);
      await attempt(async () => {
        const dataset = await openDataset(path);
        try {
          const options = { maxPixels: 2 ** 22 };
          const { faults } = await checkDataset(dataset, options);
          for (const { message } of faults.slice(0, 20)) {
            await attempt(() => refuse(message));
          }
        } finally {
          dataset.close();
        }
      });
    },
  },
  cachedCase: {
    seeds: async (folder) => {
      const sizes = { width: 7, height: 5 };
      const data = new Uint8Array(35).fill(9);
      const [cached] = await cacheSamples([{
        id: "a",
        image: { ...sizes, channels: 1, depth: 8, data },
        labels: { ...sizes, data: Uint32Array.from(data) },
      }], { folder: join(folder, "cache") });
      return [await Deno.readFile(cached!.path)];
    },
    mutations: [changeCaseHeader, changeCaseHeader],
    repair: repairCase,
    read: async (bytes, folder) => {
      const path = await write(folder, "a.case", bytes);
      await attempt(() => readCachedWindow(path));
    },
  },
};

/** Judges a message that was given as one that was thrown. */
function refuse(message: string): never {
  throw new UnetError(message);
}
