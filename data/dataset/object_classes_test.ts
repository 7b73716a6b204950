import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { caseOf } from "../fixtures/dataset_folder.ts";
import { grayPng } from "../fixtures/handmade_png.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import {
  classesOfImage,
  findObjectClasses,
  joinObjectClasses,
  unclearImagesOf,
} from "./object_classes.ts";
import { readCase } from "./read_case.ts";
import { strangerFaults } from "./case_faults.ts";

const each = { id: "a", layout: "pairs", images: [], masks: [] } as const;

async function classesOf(text: string, names?: string[]) {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(`${folder.path}/classes.csv`, text);
  return await findObjectClasses(folder.path, names);
}

const table = "image,id,class\r\na,3,tumor\r\na,8,stroma\r\nb,1,\r\n";

Deno.test("findObjectClasses() reads a class per object, those that occur or those that are named", async () => {
  const found = await classesOf(`\ufeff${table}`);
  assertEquals(found?.names, ["background", "stroma", "tumor"]);
  assertEquals({ ...found!.images.a }, { "3": 2, "8": 1 });
  assertEquals({ ...found!.images.b }, { "1": -1 });
  const named = await classesOf(table, ["tumor", "stroma", "other"]);
  assertEquals(named?.names, ["background", "tumor", "stroma", "other"]);
  assertEquals({ ...named!.images.a }, { "3": 1, "8": 2 });
  assertEquals({ ...classesOfImage(named!, "set/a") }, { "3": 1, "8": 2 });
  assertEquals({ ...classesOfImage(named!, "toString") }, {});
  await using folder = await temporaryFolder();
  assertEquals(await findObjectClasses(folder.path), null);
});

Deno.test("findObjectClasses() refuses what is no such table", async () => {
  for (
    const [text, found, names] of [
      ["id,class\n1,a\n", 'found the columns "id,class"'],
      ["image,id,class\na,1\n", 'found "a,1" in line 2'],
      ['image,id,class\na,1,b"c"\n', "found stray quotes in line 2"],
      ["image;id;class\na;1;b\n", "separate columns by commas"],
      ["image\tid\tclass\na\t1\tb\n", "separate columns by commas"],
      ["image,id,class,class\na,1,b,c\n", "found the columns"],
      ["image,id,class\n,1,b\n", "found no image in line 2"],
      ["image,id,class\na,,b\n", "found no id in line 2"],
      ["image,id,class\na,1,b\na,1,b\n", 'object "1" of "a" again in line 3'],
      ["", "found an empty table, expected image,id,class"],
      ["image,id,class\n", "found no object, expected a class of some objects"],
      ["image,id,class\na,1,\n", "found no object with a class, expected"],
      [
        "image,id,class\na,1,b\na,2,Background\n",
        'found class "Background" in line 3, expected a class of objects ' +
        "other than background; leave the class empty",
      ],
      ["image,id,class\na,1,b\na,2,B\n", 'found "B" and "b", expected names'],
      ["image,id,class\na,1,b\n", 'class "b" in line 2, expected c', ["c"]],
      ["image,id,class\na,1,background\n", 'class "background"', ["c"]],
    ] as const
  ) {
    await assertRejects(
      () => classesOf(text, names && [...names]),
      DatasetError,
      found,
    );
  }
});

Deno.test("readCase() gives each object its class, by the number in the mask or the mask's name", async () => {
  await using folder = await temporaryFolder();
  const image = grayPng(4, 1, [1, 2, 3, 4]);
  const pair = await caseOf(`${folder.path}/pairs`, {
    "images/a.png": image,
    "masks/a.png": grayPng(4, 1, [8, 0, 3, 3]),
  });
  const objectClasses = (await classesOf(table))!;
  const read = await readCase(pair, { objectClasses });
  assertEquals([...read.labels.data], [2, 0, 1, 1]);
  assertEquals(read.objectClasses, [2, 1]);
  const kaggle = await caseOf(`${folder.path}/kaggle`, {
    "a/images/a.png": image,
    "a/masks/3.png": grayPng(4, 1, [0, 0, 255, 255]),
    "a/masks/8.png": grayPng(4, 1, [255, 0, 0, 0]),
  });
  assertEquals(
    (await readCase(kaggle, { objectClasses })).objectClasses,
    [2, 1],
  );
});

Deno.test("readCase() refuses objects without a class, and classes without an object", async () => {
  await using folder = await temporaryFolder();
  const each = await caseOf(folder.path, {
    "images/a.png": grayPng(4, 1, [1, 2, 3, 4]),
    "masks/a.png": grayPng(4, 1, [8, 0, 5, 3]),
  });
  const objectClasses = (await classesOf(table))!;
  await assertRejects(
    () => readCase(each, { objectClasses }),
    DatasetError,
    'Cannot use classes of case "a": found no class of 5, expected a line for ' +
      "each object in classes.csv",
  );
  const more = (await classesOf(`${table}a,5,tumor\na,9,tumor\n`))!;
  await assertRejects(
    () => readCase(each, { objectClasses: more }),
    DatasetError,
    "found a class of 9, which its masks lack, expected its objects: 3, 5, 8",
  );
});

Deno.test("findObjectClasses() reads quoted fields, and names in one Unicode form", async () => {
  const found = await classesOf(
    'note,"image","id",class\r\n"x, ""y""\r\nz","a,b.png",1,"T cell"\r\n' +
      ",zu\u0308rich,e\u0301,tumor\r\n",
  );
  assertEquals(found?.names, ["background", "T cell", "tumor"]);
  assertEquals({ ...classesOfImage(found!, "a,b") }, { "1": 1 });
  for (const id of ["z\u00fcrich", "set/zu\u0308rich"]) {
    assertEquals({ ...classesOfImage(found!, id) }, { "\u00e9": 2 });
  }
});

Deno.test("unclearImagesOf() names images that a dataset lacks, and names that fit several", async () => {
  const found = (await classesOf(
    "image,id,class\ni0,1,b\nA/i1,1,b\ni1,1,b\nC/i2,1,b\ni3,1,b\n",
  ))!;
  const ids = ["A/i0", "B/i0", "A/i1", "B/i1", "C/i2", "i4"];
  // One of two i1 has a line of its own, so that i1 is the other.
  assertEquals(unclearImagesOf(found, ids), [
    { image: "i0", ids: ["A/i0", "B/i0"] },
    { image: "i3", ids: [] },
  ]);
  assertEquals(
    strangerFaults(found, ids.map((id) => ({ ...each, id })))
      .map(({ message }) => message),
    [
      'Cannot use table "classes.csv": found objects of i3, expected images ' +
      "of the data, as A/i0",
      'Cannot use table "classes.csv": found objects of i0, which could be ' +
      "A/i0, B/i0, expected names with folders if images share a name",
    ],
  );
});

Deno.test("joinObjectClasses() keeps the classes of images that two data sets call the same apart", async () => {
  const names = ["stroma", "tumor"];
  const parts = await Promise.all([
    ["image,id,class\na,1,tumor\n", "x"],
    // A table may leave out folders, and the ending before the last.
    ["image,id,class\na,1,stroma\nb.ome.tif,2,tumor\n", "y"],
  ].map(async ([text, name]) => ({
    classes: (await classesOf(text!, names))!,
    ids: new Map(["set/a", "b.ome"].map((id) => [id, `${name}/${id}`])),
  })));
  const joined = joinObjectClasses(parts);
  assertEquals(joined.names, ["background", ...names]);
  const of = (id: string) => ({ ...classesOfImage(joined, id) });
  assertEquals(of("x/set/a"), { "1": 2 });
  assertEquals(of("y/set/a"), { "1": 1 });
  assertEquals(of("x/b.ome"), {});
  assertEquals(of("y/b.ome"), { "2": 2 });
  assertThrows(() => joinObjectClasses([]), RangeError);
});
