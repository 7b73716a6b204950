import { assertEquals, assertMatch } from "@std/assert";
import { writeFile } from "@unet/files";
import { type CaseReport, checkDataset } from "./check.ts";
import { openDataset } from "./dataset.ts";
import { encodePng } from "../images/encode_png.ts";
import { datasetOf } from "../fixtures/dataset_folder.ts";
import { grayPng, handmadePng } from "../fixtures/handmade_png.ts";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";

const dark = grayPng(4, 1, [0, 3, 0, 40]);
const light = grayPng(4, 2, Array(8).fill(230));

function withoutContent({ content: _, ...rest }: CaseReport) {
  return rest;
}

Deno.test("checkDataset() counts images and nuclei by size and modality", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(folder.path, {
    "images/a.png": dark,
    "masks/a.png": grayPng(4, 1, [255, 0, 255, 0]),
    "images/b.png": grayPng(4, 1, [0, 9, 0, 40]),
    "masks/b.png": grayPng(4, 1, [255, 0, 0, 0]),
    "images/c.png": light,
    "masks/c.png": grayPng(4, 2, [1, 0, 2, 0, 0, 3, 0, 4]),
  });
  const progress: [number, number][] = [];
  const report = await checkDataset(dataset, {
    onProgress: (done, total) => progress.push([done, total]),
  });
  assertEquals(progress, [[1, 3], [2, 3], [3, 3]]);
  const { cases, ...counts } = report;
  assertEquals({ ...counts, cases: cases.map(withoutContent) }, {
    path: folder.path,
    layout: "pairs",
    images: 3,
    usable: 3,
    nuclei: 7,
    labeled: 1,
    errors: 0,
    warnings: 0,
    table: [
      { width: 4, height: 1, modality: "fluorescence", images: 2, nuclei: 3 },
      { width: 4, height: 2, modality: "brightfield", images: 1, nuclei: 4 },
    ],
    faults: [],
    cases: [
      {
        id: "a",
        width: 4,
        height: 1,
        modality: "fluorescence",
        nuclei: 2,
        labeled: 1,
        usable: true,
      },
      {
        id: "b",
        width: 4,
        height: 1,
        modality: "fluorescence",
        nuclei: 1,
        labeled: 1,
        usable: true,
      },
      {
        id: "c",
        width: 4,
        height: 2,
        modality: "brightfield",
        nuclei: 4,
        labeled: 1,
        usable: true,
      },
    ],
  });
  assertEquals(JSON.parse(JSON.stringify(report)), report);
  const contents = cases.map(({ content }) => content!);
  for (const one of contents) assertMatch(one, /^[0-9a-f]{32}$/);
  assertEquals(new Set(contents).size, 3);
});

Deno.test("checkDataset() reports all faults of pairs at once", async () => {
  await using folder = await temporaryFolder();
  const mask = grayPng(4, 1, [255, 0, 0, 0]);
  const dataset = await datasetOf(folder.path, {
    "images/good.png": dark,
    "masks/good.png": mask,
    "images/cut.png": dark.subarray(0, 60),
    "masks/cut.png": mask.subarray(0, 60),
    "images/text.png": "text",
    "masks/text.png": mask,
    "images/unmasked.png": dark,
    "masks/surplus.png": mask,
    "images/size.png": dark,
    "masks/size.png": grayPng(1, 4, [1, 0, 0, 0]),
    "images/black.png": grayPng(4, 1, [0, 9, 0, 40]),
    "masks/black.png": grayPng(4, 1, [0, 0, 0, 0]),
    "images/twice.png": dark,
    "images/twice.gif": dark,
    "masks/twice.png": mask,
    "images/masks.png": dark,
    "masks/masks.png": mask,
    "masks/masks_mask.png": mask,
    "images/bomb.png": handmadePng({
      width: 30000,
      height: 30000,
      depth: 8,
      colorType: 0,
      rows: new Uint8Array(9),
    }),
    "masks/bomb.png": mask,
  });
  const report = await checkDataset(dataset);
  assertEquals(
    report.faults.map(({ kind, severity, case: id }) => [id, kind, severity]),
    [
      ["black", "empty-mask", "warning"],
      ["bomb", "unreadable-image", "error"],
      ["cut", "unreadable-image", "error"],
      ["cut", "unreadable-mask", "error"],
      ["masks", "duplicate-id", "error"],
      ["size", "size-mismatch", "error"],
      ["surplus", "missing-image", "error"],
      ["text", "unreadable-image", "error"],
      ["twice", "duplicate-id", "error"],
      ["unmasked", "missing-mask", "error"],
    ],
  );
  assertEquals([report.images, report.usable, report.nuclei], [10, 2, 1]);
  assertEquals([report.errors, report.warnings], [9, 1]);
  const [black, , , , masks, , surplus, , twice, unmasked] = report.faults;
  assertEquals(
    [black, masks, surplus, twice, unmasked].map((fault) => fault?.message),
    [
      'Cannot use all masks of case "black": found mask masks/black.png all black, expected a nucleus; it is skipped',
      'Cannot use case "masks": found 2 masks, masks/masks.png, masks/masks_mask.png, expected one; keep the correct one',
      'Cannot use case "surplus": found masks/surplus.png without an image, expected an image of that name',
      'Cannot use case "twice": found 2 images, images/twice.gif, images/twice.png, expected one',
      'Cannot use case "unmasked": found an image without a mask, expected a mask of that name in masks/ or labels/, or unmasked_mask beside the image',
    ],
  );
});

Deno.test("checkDataset() reports overlaps of Kaggle's masks as warnings", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(folder.path, {
    "a/images/a.png": dark,
    "a/masks/1.png": grayPng(4, 1, [255, 255, 255, 0]),
    "a/masks/2.png": grayPng(4, 1, [0, 0, 255, 255]),
    "a/masks/3.png": grayPng(4, 1, [255, 255, 0, 0]),
    "a/masks/4.png": grayPng(4, 1, [0, 0, 0, 0]),
  });
  const report = await checkDataset(dataset);
  assertEquals(report.faults.map(({ message, ...rest }) => [rest, message]), [
    [
      { kind: "empty-mask", severity: "warning", case: "a" },
      'Cannot use all masks of case "a": found mask a/masks/4.png all black, expected a nucleus; it is skipped',
    ],
    [
      { kind: "overlap", severity: "warning", case: "a" },
      'Cannot separate all masks of case "a": found 3 pixels of 2 masks that earlier masks also have, 1 of them hidden altogether, expected one mask per pixel; the first mask by name keeps them',
    ],
  ]);
  assertEquals([report.usable, report.nuclei], [1, 2]);
});

Deno.test("checkDataset() reports Kaggle's ids that come twice, and cases without masks", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(folder.path, {
    "train/a/images/a.png": dark,
    "train/a/masks/1.png": grayPng(4, 1, [255, 0, 0, 0]),
    "more/a/images/a.png": dark,
    "more/a/masks/1.png": grayPng(4, 1, [0, 255, 0, 0]),
    "train/b/images/b.png": dark,
  });
  const report = await checkDataset(dataset);
  assertEquals(report.faults.map(({ kind, case: id }) => [id, kind]), [
    ["a", "duplicate-id"],
    ["b", "missing-mask"],
  ]);
  assertEquals(report.usable, 0);
});

Deno.test("checkDataset() reports zip paths that climb out and damaged entries", async () => {
  await using folder = await temporaryFolder();
  const mask = grayPng(4, 1, [255, 0, 0, 0]);
  const path = `${folder.path}/data.zip`;
  await writeFile(
    path,
    handmadeZip([
      { name: "images/a.png", content: dark, claimedCrc: 5 },
      { name: "masks/a.png", content: mask },
      { name: "../../images/b.png", content: dark },
    ]),
  );
  const dataset = await openDataset(path);
  const report = await checkDataset(dataset);
  dataset.close();
  assertEquals(
    report.faults.map(({ kind, severity }) => [kind, severity]),
    [["unsafe-path", "error"], ["unreadable-image", "error"]],
  );
  assertEquals(report.cases, [{ id: "a", nuclei: 0, usable: false }]);
});

Deno.test("checkDataset() reports images with the same pixels, whatever their format", async () => {
  await using folder = await temporaryFolder();
  const mask = grayPng(4, 1, [255, 0, 0, 0]);
  const dataset = await datasetOf(folder.path, {
    "images/a.png": dark,
    "images/b.png": await encodePng({
      width: 4,
      height: 1,
      channels: 3,
      depth: 8,
      data: Uint8Array.of(0, 0, 0, 3, 3, 3, 0, 0, 0, 40, 40, 40),
    }),
    "images/c.png": grayPng(2, 2, [0, 3, 0, 40]),
    "images/d.png": grayPng(4, 1, [0, 30, 0, 40]),
    ...Object.fromEntries(["a", "b", "d"].map((id) => [
      `masks/${id}.png`,
      mask,
    ])),
    "masks/c.png": grayPng(2, 2, [255, 0, 0, 0]),
  });
  const report = await checkDataset(dataset);
  assertEquals(report.faults, [{
    kind: "identical-images",
    severity: "warning",
    case: "a",
    message:
      'Cannot split image "a": found the same pixels in "b", expected different images; they stay in the same part of the split',
  }]);
});

Deno.test("checkDataset() reports what is doubtful about masks, and how to decide it", async () => {
  await using folder = await temporaryFolder();
  const image = grayPng(8, 8, Array(64).fill(0).map((_, at) => at));
  const inverted = Array.from({ length: 64 }, (_, at) => at === 27 ? 0 : 255);
  const dataset = await datasetOf(folder.path, {
    "images/a.png": image,
    "masks/a.png": grayPng(8, 8, inverted),
  });
  const [fault] = (await checkDataset(dataset)).faults;
  assertEquals(fault, {
    kind: "wrong-background",
    severity: "warning",
    case: "a",
    message:
      'Cannot trust mask "masks/a.png": found 255 as an object on 98 % of the pixels and 100 % of the rim, expected background there; name it if it is the background',
    suggestion: { background: [255] },
  });
  const report = await checkDataset(dataset, fault?.suggestion);
  assertEquals([report.nuclei, report.warnings], [1, 0]);
});

Deno.test("checkDataset() reports what is doubtful about Kaggle's masks once per case", async () => {
  await using folder = await temporaryFolder();
  const dataset = await datasetOf(folder.path, {
    "a/images/a.png": dark,
    "a/masks/1.png": grayPng(4, 1, [1, 2, 0, 0]),
    "a/masks/2.png": grayPng(4, 1, [0, 0, 7, 9]),
    "b/images/b.png": grayPng(4, 1, [0, 5, 0, 40]),
    "b/masks/1.png": grayPng(4, 1, [255, 0, 255, 0]),
  });
  const { faults } = await checkDataset(dataset);
  assertEquals(faults.map(({ kind, suggestion }) => [kind, suggestion]), [
    ["several-values", { mask: "labels" }],
    ["several-parts", { mask: "binary" }],
  ]);
  assertEquals(
    faults.map(({ message }) => message.slice(0, 92)),
    [
      'Cannot trust mask "a/masks/1.png": found 2 numbers (so in 1 other mask of the case), expecte',
      'Cannot trust mask "b/masks/1.png": found 2 parts of comparable size, expected one nucleus pe',
    ],
  );
  const split = await checkDataset(dataset, { mask: "binary" });
  assertEquals([split.nuclei, split.warnings], [4, 0]);
  const numbered = await checkDataset(dataset, { mask: "labels" });
  assertEquals([numbered.nuclei, numbered.warnings], [5, 0]);
});
