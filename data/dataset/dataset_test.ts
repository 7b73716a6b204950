import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { DatasetError, FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { deflateRawSync } from "node:zlib";
import { checkDataset } from "./check.ts";
import { type Dataset, openDataset } from "./dataset.ts";
import { grayPng } from "../fixtures/handmade_png.ts";
import { handmadeZip, type ZipPart } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";

const png = grayPng(2, 1, [0, 255]);

/** Writes files into a folder, and the same into a zip beside it. */
async function both(path: string, names: readonly string[]): Promise<string[]> {
  for (const name of names) await writeFile(`${path}/folder/${name}`, png);
  const parts = names.map((name) => ({ name, content: png, deflate: true }));
  await writeFile(`${path}/data.zip`, handmadeZip(parts));
  return [`${path}/folder`, `${path}/data.zip`];
}

/** Ids with the names of their images and masks. */
function outline(dataset: Dataset): [string, string[], string[]][] {
  return dataset.cases.map(({ id, images, masks }) => [
    id,
    images.map((file) => file.name),
    masks.map((file) => file.name),
  ]);
}

async function zipOf(
  path: string,
  parts: readonly ZipPart[],
): Promise<string> {
  await writeFile(`${path}/data.zip`, handmadeZip(parts));
  return `${path}/data.zip`;
}

for (const prefix of ["", "stage1_train/", "two/folders/"]) {
  Deno.test(`openDataset() finds Kaggle's layout under "${prefix}" in folder and zip`, async () => {
    await using folder = await temporaryFolder();
    const names = [
      "b/images/b.png",
      "b/masks/2.png",
      "b/masks/1.png",
      "a/images/a.png",
      "a/masks/x.png",
    ].map((name) => prefix + name);
    for (const path of await both(folder.path, names)) {
      const dataset = await openDataset(path);
      assertEquals(dataset.layout, "kaggle");
      assertEquals(dataset.faults, []);
      assertEquals(outline(dataset), [
        ["a", [`${prefix}a/images/a.png`], [`${prefix}a/masks/x.png`]],
        ["b", [`${prefix}b/images/b.png`], [
          `${prefix}b/masks/1.png`,
          `${prefix}b/masks/2.png`,
        ]],
      ]);
      assertEquals(await dataset.cases[1]!.masks[0]!.read(), png);
      dataset.close();
    }
  });

  Deno.test(`openDataset() finds pairs under "${prefix}" in folder and zip`, async () => {
    await using folder = await temporaryFolder();
    const names = [
      "images/a.png",
      "images/b.tif",
      "images/c_1.JPG",
      "masks/a.png",
      "masks/b_mask.png",
      "masks/c_1-labels.png",
    ].map((name) => prefix + name);
    for (const path of await both(folder.path, names)) {
      const dataset = await openDataset(path);
      assertEquals(dataset.layout, "pairs");
      assertEquals(
        outline(dataset).map(([id, images, masks]) => [
          id,
          images.length,
          masks.length,
        ]),
        [["a", 1, 1], ["b", 1, 1], ["c_1", 1, 1]],
      );
      dataset.close();
    }
  });
}

Deno.test("openDataset() takes one case for Kaggle's or a pair by its name", async () => {
  for (
    const [names, layout, id] of [
      [["a/images/a.png", "a/masks/1.png"], "kaggle", "a"],
      [["a/images/a.png", "a/masks/a.png"], "kaggle", "a"],
      [["set/images/a.png", "set/masks/a.png"], "pairs", "a"],
      [["set/images/a.png", "set/masks/a_mask.png"], "pairs", "a"],
      [["images/a.png", "masks/a.png"], "pairs", "a"],
    ] as const
  ) {
    await using folder = await temporaryFolder();
    const [path] = await both(folder.path, names);
    const dataset = await openDataset(path!);
    assertEquals([dataset.layout, dataset.cases[0]?.id], [layout, id]);
    assertEquals(dataset.cases.length, 1);
  }
});

Deno.test("openDataset() distinguishes pairs of several folders", async () => {
  await using folder = await temporaryFolder();
  const [path] = await both(
    folder.path,
    ["train", "test"].flatMap((set) =>
      ["a", "b"].flatMap((name) => [
        `${set}/images/${name}.png`,
        `${set}/masks/${name}.png`,
      ])
    ),
  );
  const dataset = await openDataset(path!);
  assertEquals(dataset.cases.map((each) => each.id), [
    "test/a",
    "test/b",
    "train/a",
    "train/b",
  ]);
});

for (
  const [what, names, expected] of [
    ["labels/ for masks/", ["images/a.png", "labels/a.png"], [["a", 0, 1]]],
    [
      "folders in other capitals, and endings too",
      ["Images/a.PNG", "MASKS/a.Tif", "Images/b.TIFF", "MASKS/b_Mask.png"],
      [["a", 0, 1], ["b", 2, 3]],
    ],
    [
      ".ome before the ending",
      ["images/a.ome.tif", "labels/a.png", "images/b.tif", "labels/b.ome.tif"],
      [["a.ome", 0, 1], ["b", 2, 3]],
    ],
    [
      ".ome with the suffix of a mask",
      ["images/a.ome.tif", "masks/a_mask.tif", "images/b.tif"]
        .concat("masks/b_masks.ome.tif"),
      [["a.ome", 0, 1], ["b", 2, 3]],
    ],
    [
      "the same name before one without .ome",
      ["images/a.ome.tif", "images/a.tif", "masks/a.ome.tif", "masks/a.tif"],
      [["a", 1, 3], ["a.ome", 0, 2]],
    ],
    [
      "this program's labels, and not its overlays and probabilities",
      ["images/a.png", "masks/a_labels.tif", "masks/a_overlay.png"]
        .concat("masks/a_probability.tif"),
      [["a", 0, 1]],
    ],
    [
      "a picture called an overlay that is no other image's",
      ["images/a_overlay.png", "masks/a_overlay.png"],
      [["a_overlay", 0, 1]],
    ],
    [
      "masks beside the images",
      ["a.tif", "a_mask.png", "b.tif", "b_masks.png", "c.png"]
        .concat("c_cp_masks.tif"),
      [["a", 0, 1], ["b", 2, 3], ["c", 4, 5]],
    ],
    [
      "images beside a folder of masks",
      ["a.png", "masks/a.tif", "b.ome.tif", "masks/b_mask.png"],
      [["a", 0, 1], ["b.ome", 2, 3]],
    ],
    [
      "images of folders whose masks lie in folders of the same names",
      ["x/a.png", "masks/x/a.tif", "masks/b.tif", "b.png"]
        .concat("set/images/c.png", "set/masks/c.png"),
      [["b", 3, 2], ["set/c", 4, 5], ["x/a", 0, 1]],
    ],
    [
      "images in images/ and beside it, whose masks share a folder",
      ["images/a.png", "masks/a.tif", "b.png", "masks/b.tif"],
      [["a", 0, 1], ["b", 2, 3]],
    ],
    [
      "Cellpose's folder",
      ["x/a.tif", "x/a_cp_masks.png", "x/a_flows.tif", "x/a_cp_output.png"],
      [["a", 0, 1]],
    ],
    [
      "masks in images/, where no other folder has any",
      ["images/a.png", "images/a_mask.png", "images/b-label.png"]
        .concat("images/b.png"),
      [["a", 0, 1], ["b", 3, 2]],
    ],
    [
      "nnU-Net's folders, and nothing to predict",
      ["imagesTr/a_0000.png", "labelsTr/a.png", "imagesTs/b_0000.png"]
        .concat("imagesTr/c_0000.tif", "labelsTr/c.tif"),
      [["a", 0, 1], ["c", 3, 4]],
    ],
    [
      "nnU-Net's names in other folders",
      ["images/a_0000.png", "labels/a.png"]
        .concat("images/c_0000.ome.tif", "labels/c_label.tif"),
      [["a", 0, 1], ["c", 2, 3]],
    ],
    [
      "images whose numbers their masks have too",
      ["images/a_0000.png", "masks/a_0000.png", "images/a_0001.png"]
        .concat("masks/a_0001_mask.png"),
      [["a_0000", 0, 1], ["a_0001", 2, 3]],
    ],
    [
      "accents stored in two ways",
      ["images/Zelle\u0308.png", "masks/Zell\u00eb.png"],
      [["Zelle\u0308", 0, 1]],
    ],
  ] as const
) {
  Deno.test(`openDataset() pairs ${what}`, async () => {
    await using folder = await temporaryFolder();
    for (const path of await both(folder.path, names)) {
      const dataset = await openDataset(path);
      dataset.close();
      assertEquals(dataset.layout, "pairs");
      assertEquals(
        outline(dataset),
        expected.map(([id, image, mask]) => [
          id,
          [names[image]!],
          [names[mask]!],
        ]),
      );
    }
  });
}

Deno.test("openDataset() leaves out images beside masks that have none, and says so", async () => {
  await using folder = await temporaryFolder();
  const names = ["a.png", "masks/a.png", "b.png", "c.png", "masks/d.png"];
  for (const path of await both(folder.path, names)) {
    const dataset = await openDataset(path);
    dataset.close();
    assertEquals(outline(dataset), [
      ["a", ["a.png"], ["masks/a.png"]],
      ["d", [], ["masks/d.png"]],
    ]);
    assertEquals(
      dataset.faults.map(({ kind, severity }) => [kind, severity]),
      [["missing-mask", "warning"]],
    );
    assertStringIncludes(dataset.faults[0]!.message, "2 images without a mask");
  }
});

Deno.test("openDataset() takes no picture beside the folders of Kaggle's layout for an image", async () => {
  await using folder = await temporaryFolder();
  const names = ["x/images/x.png", "x/masks/1.png", "x/1.png", "overview.png"];
  for (const path of await both(folder.path, names)) {
    const dataset = await openDataset(path);
    dataset.close();
    assertEquals(outline(dataset), [["x", ["x/images/x.png"], [
      "x/masks/1.png",
    ]]]);
    assertEquals(dataset.faults, []);
  }
});

Deno.test("openDataset() keeps both masks of an image, from two folders or beside it", async () => {
  for (
    const names of [
      ["images/a.png", "labels/a.png", "masks/a.png"],
      ["images/a.png", "masks/a.png", "masks/a_labels.tif"],
      ["a.png", "a_cp_masks.png", "a_mask.png"],
    ]
  ) {
    await using folder = await temporaryFolder();
    const [path] = await both(folder.path, names);
    assertEquals(outline(await openDataset(path!)), [
      ["a", [names[0]!], names.slice(1)],
    ]);
  }
});

Deno.test("openDataset() keeps the channel files of nnU-Net in one case", async () => {
  await using folder = await temporaryFolder();
  const images = ["imagesTr/a_0000.png", "imagesTr/a_0001.png"];
  const [path] = await both(folder.path, [...images, "labelsTr/a.png"]);
  assertEquals(outline(await openDataset(path!)), [
    ["a", images, ["labelsTr/a.png"]],
  ]);
  const { faults } = await checkDataset(await openDataset(path!));
  assertEquals(faults.map(({ message }) => message), [
    'Cannot use case "a": found 2 channel files, imagesTr/a_0000.png, imagesTr/a_0001.png, expected one, since channels in separate files are not combined; keep the file of the channel that shows the objects, or join them in one TIFF and choose a channel of it',
  ]);
});

Deno.test("openDataset() keeps surplus, missing and doubled files for the check", async () => {
  await using folder = await temporaryFolder();
  const [path] = await both(folder.path, [
    "images/alone.png",
    "images/twice.png",
    "images/twice.jpg",
    "masks/twice.png",
    "masks/nowhere_mask.png",
  ]);
  assertEquals(outline(await openDataset(path!)), [
    ["alone", ["images/alone.png"], []],
    ["nowhere_mask", [], ["masks/nowhere_mask.png"]],
    ["twice", ["images/twice.jpg", "images/twice.png"], ["masks/twice.png"]],
  ]);
});

Deno.test("openDataset() skips what systems leave behind", async () => {
  await using folder = await temporaryFolder();
  const paths = await both(folder.path, [
    "images/a.png",
    "images/.DS_Store",
    "images/._a.png",
    "images/Thumbs.db",
    "images/notes.txt",
    "masks/a.png",
    "readme.md",
    "__MACOSX/images/a.png",
    "other/c.png",
  ]);
  for (const path of paths) {
    const dataset = await openDataset(path);
    assertEquals(outline(dataset), [["a", ["images/a.png"], ["masks/a.png"]]]);
    dataset.close();
  }
});

Deno.test("openDataset() follows links", async () => {
  if (Deno.build.os === "windows") return;
  await using folder = await temporaryFolder();
  const [path] = await both(folder.path, ["elsewhere/a.png", "masks/a.png"]);
  await Deno.symlink(`${path}/elsewhere`, `${path}/images`);
  await Deno.symlink(`${path}/gone.png`, `${path}/masks/gone.png`);
  // A link in a circle is not followed for ever.
  await Deno.symlink(path!, `${path}/masks/circle`);
  const dataset = await openDataset(path!);
  assertEquals(dataset.cases.find((each) => each.id === "a")?.images.length, 1);
});

Deno.test("openDataset() is not lost among links that lead to one another", async () => {
  if (Deno.build.os === "windows") return;
  await using folder = await temporaryFolder();
  const [path] = await both(folder.path, ["images/a.png", "masks/a.png"]);
  for (const name of ["x", "y", "z"]) await Deno.mkdir(`${path}/${name}`);
  // Every file has 60 names at each of five depths.
  for (let link = 0; link < 60; link++) {
    await Deno.symlink(".", `${path}/self-${link}`);
    for (const [from, to] of ["xy", "yz", "zx"]) {
      await Deno.symlink(`../${to}`, `${path}/${from}/${to}-${link}`);
    }
  }
  const dataset = await openDataset(path!);
  assertEquals(dataset.cases.map(({ id }) => id), ["a"]);
});

Deno.test("openDataset() refuses a path that is neither folder nor zip", async () => {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/a.png`, png);
  await writeFile(`${folder.path}/notes`, "text");
  await writeFile(
    `${folder.path}/b.nd2`,
    Uint8Array.of(0xda, 0xce, 0xbe, 0x0a, 0, 0),
  );
  for (
    const [name, found, remedy = ""] of [
      ["gone", "no such file or folder"],
      ["a.png", "a single PNG"],
      ["notes", "a text file"],
      [
        "b.nd2",
        "a Nikon ND2 file",
        `; convert it: bioio-convert ${folder.path}/b.nd2 -d ${folder.path} (after pip install bioio-conversion bioio-nd2)`,
      ],
    ]
  ) {
    const path = `${folder.path}/${name}`;
    const error = await assertRejects(() => openDataset(path), FileError);
    assertEquals(
      error.message,
      `Cannot open dataset "${path}": found ${found}, expected a folder or a zip${remedy}`,
    );
  }
});

Deno.test("openDataset() says what is read when it recognizes nothing", async () => {
  await using folder = await temporaryFolder();
  const layouts =
    "expected CASE/images/CASE.png with CASE/masks/*.png, images/NAME.png with masks/NAME.png or labels/NAME.png, NAME.png with masks/NAME.png, or NAME.png with NAME_mask.png or NAME_seg.npy beside it";
  await assertRejects(
    () => openDataset(folder.path),
    DatasetError,
    `found no files, ${layouts}`,
  );
  await writeFile(`${folder.path}/a.png`, png);
  await writeFile(`${folder.path}/stage1_train.zip`, "");
  await assertRejects(
    () => openDataset(folder.path),
    DatasetError,
    `found 2 files, but no images with masks among them, ${layouts}; name the zip itself, as ${folder.path}/stage1_train.zip`,
  );
  const empty = await zipOf(folder.path, []);
  await assertRejects(() => openDataset(empty), DatasetError, "found no files");
});

Deno.test("openDataset() leaves out zip paths that climb out, and reports them", async () => {
  await using folder = await temporaryFolder();
  const unsafe = [
    "../images/b.png",
    "images/../../b.png",
    "/images/b.png",
    "C:/images/b.png",
    "images\\b.png",
    "..\\b.png",
  ];
  const names = ["images/a.png", ...unsafe, "masks/a.png"];
  const path = await zipOf(
    folder.path,
    names.map((name) => ({ name, content: png })),
  );
  const dataset = await openDataset(path);
  assertEquals(outline(dataset), [["a", ["images/a.png"], ["masks/a.png"]]]);
  assertEquals(
    dataset.faults,
    unsafe.map((name) => ({
      kind: "unsafe-path",
      severity: "error",
      message:
        `Cannot read zip entry "${path}/${name}": found a path that leads out of the archive, expected a relative path without .. or \\`,
    })),
  );
  dataset.close();
});

Deno.test("openDataset() reports zip entries of the same name", async () => {
  await using folder = await temporaryFolder();
  const path = await zipOf(folder.path, [
    { name: "images/a.png", content: png },
    { name: "images/a.png", content: grayPng(1, 1, [0]) },
    { name: "masks/a.png", content: png },
  ]);
  const dataset = await openDataset(path);
  assertEquals(dataset.faults.map((fault) => fault.kind), ["duplicate-id"]);
  assertEquals(await dataset.cases[0]!.images[0]!.read(), png);
  dataset.close();
});

Deno.test("openDataset() of a zip cut off anywhere raises, or its entries do", async () => {
  await using folder = await temporaryFolder();
  const bytes = handmadeZip([
    { name: "images/a.png", content: png, deflate: true },
    { name: "masks/a.png", content: png },
  ]);
  for (let length = 0; length < bytes.length; length++) {
    await writeFile(`${folder.path}/cut.zip`, bytes.subarray(0, length));
    await assertRejects(
      () => openDataset(`${folder.path}/cut.zip`),
      FileError,
      `Cannot read zip "${folder.path}/cut.zip": found a damaged archive`,
    );
  }
});

Deno.test("openDataset() of a zip with any byte damaged raises, reports, or gives whole files", async () => {
  await using folder = await temporaryFolder();
  const path = `${folder.path}/damaged.zip`;
  const bytes = handmadeZip([
    { name: "images/a.png", content: png, deflate: true },
    { name: "masks/a.png", content: png },
  ]);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Uint8Array.from(bytes);
    damaged[at]! ^= 0xff;
    await Deno.writeFile(path, damaged);
    let dataset: Dataset | undefined;
    try {
      dataset = await openDataset(path);
      for (const { images, masks } of dataset.cases) {
        for (const file of [...images, ...masks]) {
          assertEquals(await file.read(), png);
        }
      }
    } catch (error) {
      const typed = error instanceof FileError || error instanceof DatasetError;
      assert(typed, `byte ${at}: ${error}`);
    } finally {
      dataset?.close();
    }
  }
});

Deno.test("DatasetFile.read() refuses entries that lie about themselves", async () => {
  await using folder = await temporaryFolder();
  const zeros = new Uint8Array(1 << 20);
  const cases: [Partial<ZipPart>, string][] = [
    [{ encrypted: true }, "found an encrypted entry"],
    [{ method: 12 }, "found compression method 12"],
    [{ claimedCrc: 1 }, "of another checksum"],
    [{ deflate: true, claimedSize: png.length - 1 }, "found damaged data"],
    [{ deflate: true, claimedSize: png.length + 1 }, "of another checksum"],
    [{ deflate: true, claimedSize: 2 ** 31 }, "claim to unpack to 2147483648"],
    [
      { deflate: true, content: zeros, claimedSize: 2 ** 30 },
      "claim to unpack to 1073741824",
    ],
    [
      // A byte more than deflate can make.
      { deflate: true, claimedSize: 65 + 1032 * deflateRawSync(png).length },
      "bytes that claim to unpack to",
    ],
    [
      { method: 8, content: deflateRawSync(png).subarray(0, 20) },
      "found damaged data",
    ],
  ];
  for (const [lie, found] of cases) {
    const path = await zipOf(folder.path, [
      { name: "images/a.png", content: png, ...lie },
    ]);
    const dataset = await openDataset(path);
    const error = await assertRejects(
      () => dataset.cases[0]!.images[0]!.read(),
      FileError,
      `Cannot read zip entry "${path}/images/a.png": `,
    );
    assert(error.message.includes(found), error.message);
    dataset.close();
  }
});

Deno.test("DatasetFile.stamp changes with the content", async () => {
  await using folder = await temporaryFolder();
  const stampOf = async (content: Uint8Array) => {
    const path = await zipOf(folder.path, [{ name: "images/a.png", content }]);
    const dataset = await openDataset(path);
    dataset.close();
    return dataset.cases[0]!.images[0]!.stamp;
  };
  assertEquals(await stampOf(png), await stampOf(png));
  assert(await stampOf(png) !== await stampOf(grayPng(2, 1, [0, 254])));
});
