import { assertEquals, assertRejects } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { caseOf, datasetOf } from "../fixtures/dataset_folder.ts";
import { grayPng } from "../fixtures/handmade_png.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { encodeJpeg } from "../images/encode_jpeg.ts";
import { unlabeled } from "../targets/class_target.ts";
import { checkDataset } from "./check.ts";
import { readCase, type ReadCaseOptions } from "./read_case.ts";

const classes = [
  { name: "background", value: 0 },
  { name: "axon", value: 128 },
  { name: "myelin", value: 255 },
];

/** The labels of an image of 4 pixels in a row with these masks. */
async function labelsOf(
  masks: Readonly<Record<string, Uint8Array>>,
  options: ReadCaseOptions = { classes },
): Promise<number[]> {
  await using folder = await temporaryFolder();
  const isKaggle = Object.keys(masks).length > 1;
  const each = await caseOf(
    folder.path,
    isKaggle
      ? {
        "a/images/a.png": grayPng(4, 1, [1, 2, 3, 4]),
        ...Object.fromEntries(
          Object.entries(masks).map((
            [name, mask],
          ) => [`a/masks/${name}`, mask]),
        ),
      }
      : {
        "images/a.png": grayPng(4, 1, [1, 2, 3, 4]),
        ...Object.fromEntries(
          Object.entries(masks).map(([name, mask]) => [`masks/${name}`, mask]),
        ),
      },
  );
  return [...(await readCase(each, options)).labels.data];
}

Deno.test("readCase() with classes gives each pixel its class, in both layouts", async () => {
  const row = grayPng(4, 1, [0, 128, 255, 0]);
  assertEquals(await labelsOf({ "a.png": row }), [0, 1, 2, 0]);
  const axon = grayPng(4, 1, [0, 128, 128, 0]);
  const myelin = grayPng(4, 1, [0, 0, 255, 255]);
  // The first mask by name keeps what both claim.
  const warnings: string[] = [];
  assertEquals(
    await labelsOf({ "1.png": axon, "2.png": myelin }, {
      classes,
      onWarning: ({ kind }) => void warnings.push(kind),
    }),
    [0, 1, 1, 2],
  );
  assertEquals(warnings, ["overlap"]);
});

Deno.test("readCase() with classes leaves out what is not labeled", async () => {
  const row = grayPng(4, 1, [0, 7, 255, 7]);
  assertEquals(
    await labelsOf({ "a.png": row }, { classes, ignore: [7] }),
    [0, unlabeled, 2, unlabeled],
  );
  // A mask that labels a pixel counts more than one that does not.
  assertEquals(
    await labelsOf({ "1.png": row, "2.png": grayPng(4, 1, [7, 0, 7, 128]) }, {
      ...{ classes, ignore: [7] },
    }),
    [0, 0, 2, 1],
  );
});

Deno.test("readCase() with classes refuses numbers of no class, and approximate ones", async () => {
  await assertRejects(
    () => labelsOf({ "a.png": grayPng(4, 1, [0, 1, 1, 255]) }),
    DatasetError,
    'Cannot read classes of mask "masks/a.png": found 1 in 2 pixels, ' +
      "expected 0 (background), 128 (axon), 255 (myelin); give each value its " +
      "class in `classes`, or leave it out with `ignore 1`",
  );
  const data = Uint8Array.of(0, 128, 255, 0);
  const image = { width: 4, height: 1, channels: 1, depth: 8, data } as const;
  const jpeg = await encodeJpeg(image);
  await assertRejects(
    () => labelsOf({ "a.jpg": jpeg }),
    DatasetError,
    "found a lossy file, such as JPEG",
  );
});

Deno.test("readCase() without classes marks what is ignored, and numbers the rest", async () => {
  const row = grayPng(4, 1, [9, 255, 3, 0]);
  assertEquals(
    await labelsOf({ "a.png": row }, { mask: "labels", ignore: [255] }),
    [2, unlabeled, 1, 0],
  );
  const sparse = { background: [3], ignore: [0] } as const;
  assertEquals(
    await labelsOf({ "a.png": row }, { ...sparse, mask: "labels" }),
    [
      ...[1, 2, 0, unlabeled],
    ],
  );
  const warnings: string[] = [];
  await labelsOf({ "a.png": grayPng(4, 1, [0, 0, 0, 0]) }, {
    ...sparse,
    onWarning: ({ kind }) => void warnings.push(kind),
  });
  assertEquals(warnings, ["nothing-labeled"]);
  const masks = {
    "1.png": grayPng(4, 1, [255, 7, 7, 0]),
    "2.png": grayPng(4, 1, [0, 255, 0, 0]),
  };
  assertEquals(await labelsOf(masks, { ignore: [7] }), [1, 2, unlabeled, 0]);
});

Deno.test("checkDataset() says of a mask only what is wrong with it: unreadable is not unlabeled", async () => {
  await using folder = await temporaryFolder();
  const image = { width: 4, height: 1, channels: 1, depth: 8 } as const;
  const jpeg = await encodeJpeg({ ...image, data: new Uint8Array(4) });
  const row = grayPng(4, 1, [0, 128, 255, 0]);
  const masks: [string, string, Uint8Array][] = [
    ["size-mismatch", "png", grayPng(3, 1, [0, 128, 255])],
    ["unreadable-mask", "png", row.subarray(0, row.length - 20)],
    ["unknown-class", "png", grayPng(4, 1, [7, 7, 7, 7])],
    ["nothing-labeled", "png", grayPng(4, 1, [9, 9, 9, 9])],
    ["lossy-mask", "jpg", jpeg],
  ];
  for (const [at, [kind, ending, mask]] of masks.entries()) {
    const dataset = await datasetOf(`${folder.path}/${at}`, {
      "images/a.png": grayPng(4, 1, [1, 2, 3, 4]),
      [`masks/a.${ending}`]: mask,
    });
    const { faults } = await checkDataset(dataset, { classes, ignore: [9] });
    dataset.close();
    assertEquals(
      faults.flatMap((one) => one.case === "a" ? [one.kind] : []),
      [kind],
    );
  }
});
