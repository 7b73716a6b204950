import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { dirname, fromFileUrl, join, SEPARATOR } from "@std/path";
import fc from "fast-check";
import { findInputs } from "./find_inputs.ts";

const isWindows = Deno.build.os === "windows";

async function inFolder(
  names: readonly string[],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const name of names) {
      await Deno.mkdir(join(folder, dirname(name)), { recursive: true });
      await Deno.writeTextFile(join(folder, name), "");
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Names of what inputs stand for, relative to a folder. */
async function namesOf(
  folder: string,
  ...inputs: string[]
): Promise<string[]> {
  const found = await findInputs(
    inputs.map((input) => `${folder}/${input}`),
    `${folder}/out`,
  );
  return found.map(({ path }) => path.slice(folder.length + 1));
}

const plates = [
  ...["plates/A/1.tif", "plates/A/2.tif", "plates/A/10.tif"],
  ...["plates/A/raw/1.tif", "plates/B/1.tif", "plates/B/1.png"],
  ...["plates/B/note.txt", "plates/.cache/1.tif", "plates/B/.1.tif"],
];

for (
  const [pattern, expected] of [
    ["plates/**/*.tif", [
      ...["plates/A/1.tif", "plates/A/2.tif", "plates/A/10.tif"],
      ...["plates/A/raw/1.tif", "plates/B/1.tif"],
    ]],
    ["plates/*/1.*", ["plates/A/1.tif", "plates/B/1.png", "plates/B/1.tif"]],
    ["plates/?/[2-9].tif", ["plates/A/2.tif"]],
    ["plates/{B,A/raw}/*.tif", ["plates/A/raw/1.tif", "plates/B/1.tif"]],
    ["plates/**/{2,10}.{tif,png}", ["plates/A/2.tif", "plates/A/10.tif"]],
    // A folder that matches stands for what is in it.
    ["plates/B*", ["plates/B/1.png", "plates/B/1.tif"]],
    // An ending that is written out is meant.
    ["plates/B/*.txt", ["plates/B/note.txt"]],
    ["pla*/B/1.p?g", ["plates/B/1.png"]],
  ] as const
) {
  Deno.test(`findInputs() expands ${pattern} as a shell would`, async () => {
    await inFolder(plates, async (folder) => {
      assertEquals(await namesOf(folder, pattern), [...expected]);
    });
  });
}

Deno.test("findInputs() names outputs by the path below the pattern's fixed folders", async () => {
  await inFolder(plates, async (folder) => {
    const found = await findInputs([`${folder}/plates/*/1.tif`], "out");
    assertEquals(found.map(({ name, stem }) => [name, stem]), [
      ["A/1.tif", join("A", "1")],
      ["B/1.tif", join("B", "1")],
    ]);
  });
});

Deno.test("findInputs() gives each image once, however many inputs lead to it", async () => {
  await inFolder(plates, async (folder) => {
    assertEquals(
      await namesOf(
        folder,
        "plates/A/2.tif",
        "plates/A",
        "plates/**/1.tif",
        "plates/A/../B/1.tif",
      ),
      [
        ...["plates/A/2.tif", "plates/A/1.tif", "plates/A/10.tif"],
        ...["plates/A/raw/1.tif", "plates/B/1.tif"],
      ],
    );
  });
});

Deno.test(
  "findInputs() takes files and folders that are named like patterns by their names",
  {
    ignore: isWindows,
  },
  async () => {
    const names = ["plate [1]/a*.tif", "plate 1/ab.tif", "1.tif", "[1].tif"];
    await inFolder(names, async (folder) => {
      assertEquals(await namesOf(folder, "[1].tif"), ["[1].tif"]);
      assertEquals(await namesOf(folder, "plate [1]"), ["plate [1]/a*.tif"]);
      assertEquals(await namesOf(folder, "plate [1]/*"), ["plate [1]/a*.tif"]);
      assertEquals(await namesOf(folder, "plate [0-9]/*"), ["plate 1/ab.tif"]);
    });
  },
);

Deno.test("findInputs() takes names with line breaks and other letters", {
  ignore: isWindows,
}, async () => {
  await inFolder(["細胞/a\nb.tif", "細胞/é.tif"], async (folder) => {
    assertEquals(await namesOf(folder, "細?/*.tif"), [
      "細胞/a\nb.tif",
      "細胞/é.tif",
    ]);
  });
});

Deno.test("findInputs() takes slides and OME-TIFF, whose .ome goes with the ending", async () => {
  const names = [
    ...["a.svs", "b.NDPI", "c.scn", "d.qptiff", "e.btf", "f.tf8"],
    ...["g.ome.tif", "h.OME.TIFF", "i.ome.btf", "j.ome", "ome.tif"],
  ];
  await inFolder(names, async (folder) => {
    const found = await findInputs([folder], `${folder}/out`);
    assertEquals(
      found.map(({ stem }) => stem),
      [..."abcdefghi", "ome"],
    );
  });
});

Deno.test("findInputs() looks no deeper than a pattern reaches", {
  ignore: isWindows,
}, async () => {
  if (Deno.uid() === 0) {
    // deno-lint-ignore no-console
    console.log("skipped: no folder is closed to root");
    return;
  }
  await inFolder(["a/1.tif", "a/closed/deep/2.tif"], async (folder) => {
    const closed = `${folder}/a/closed`;
    await Deno.chmod(closed, 0o000);
    try {
      assertEquals(await namesOf(folder, "*/*.tif"), ["a/1.tif"]);
      await assertRejects(
        () => namesOf(folder, "**/*.tif"),
        FileError,
        `Cannot list folder "${closed}": found no permission of the system`,
      );
    } finally {
      await Deno.chmod(closed, 0o700);
    }
  });
});

Deno.test("findInputs() skips the output folder and links to folders", {
  ignore: isWindows,
}, async () => {
  await inFolder(["a/1.tif", "out/1.png", "a/b/2.tif"], async (folder) => {
    await Deno.symlink("..", `${folder}/a/b/up`);
    assertEquals(await namesOf(folder, "**/*.*"), ["a/1.tif", "a/b/2.tif"]);
    await assertRejects(
      () => namesOf(folder, "out/*.png"),
      FileError,
      `Cannot segment folder "${folder}/out": found the output folder`,
    );
  });
});

for (
  const [pattern, message] of [
    [
      "plates/**/*.lsm",
      'Cannot segment pattern "*": found no file that matches, expected files ending in .png, ',
    ],
    [
      "plates/*/n*",
      'Cannot segment pattern "*": found no image among the files that match, expected ',
    ],
    ["plats/*.tif", 'Cannot read input "+plats": found no such file or folder'],
    [
      "plates/B/1.tif/*.tif",
      'Cannot read input "*": found no folder "+plates/B/1.tif"',
    ],
    ["[", 'Cannot segment pattern "*": found no file that matches'],
    ["{a,b", 'Cannot segment pattern "*": found no file that matches'],
    ["none.tif", 'Cannot read input "*": found no such file or folder'],
  ] as const
) {
  Deno.test(`findInputs() says what is wrong with ${pattern}`, async () => {
    await inFolder(plates, async (folder) => {
      await assertRejects(
        () => namesOf(folder, pattern),
        FileError,
        message.replace("*", `${folder}/${pattern}`).replace("+", `${folder}/`),
      );
    });
  });
}

Deno.test("findInputs() finds every file of a folder that a pattern of it matches, and no other", async () => {
  const name = fc.stringMatching(/^[ab]{1,2}(\/[ab]{1,2}){0,2}\.tif$/);
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 1, maxLength: 12 }),
      async (names) => {
        await inFolder([...names, "keep/z.tif"], async (folder) => {
          const sort = (list: readonly string[]) => [...list].sort();
          const all = await namesOf(folder, ".");
          assertEquals(sort(await namesOf(folder, "**/*.tif")), sort(all));
          assertEquals(sort(all), sort([...names, "keep/z.tif"]));
          const one = names.filter((each) => /^a[^/]*\.tif$/.test(each));
          if (one.length === 0) return;
          assertEquals(sort(await namesOf(folder, "a*.tif")), sort(one));
        });
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("findInputs() keeps the natural order of thousands of files", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/sub`);
    for (let at = 0; at < 3000; at++) {
      Deno.createSync(`${folder}/sub/${at}.tif`).close();
    }
    const found = await findInputs([`${folder}/**/*.tif`], "out");
    assertEquals(found.length, 3000);
    assert(found.every(({ name }, at) => name === `sub/${at}.tif`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("findInputs() leaves out masks that lie beside their images, and says so", async () => {
  const names = [
    ...["cells/a/images/a.png", "cells/a/masks/1.png", "cells/a/masks/2.png"],
    ...["cells/b/Images/b.png", "cells/b/Labels/b.png"],
    "scans/masks/c.png",
  ];
  await inFolder(names, async (folder) => {
    const notes: string[] = [];
    const found = async (...inputs: string[]) =>
      (await findInputs(
        inputs.map((input) => `${folder}/${input}`),
        `${folder}/out`,
        (line) => notes.push(line),
      )).map(({ name }) => name);
    assertEquals(await found("cells"), ["a/images/a.png", "b/Images/b.png"]);
    assertEquals(notes, [
      `${folder}/cells: 2 folders of masks beside images left out; name one ` +
      "to segment it",
    ]);
    // Named, or without images beside them, they are images like others.
    assertEquals(await found("cells/a/masks"), ["1.png", "2.png"]);
    assertEquals(await found("scans"), ["masks/c.png"]);
    assertEquals(notes.length, 1);
  });
});

/** OME-Zarrs that ome-zarr and zarr wrote. */
const zarrs = fromFileUrl(
  new URL("../../data/zarr/fixtures/", import.meta.url),
);

Deno.test("findInputs() expands a plate to its fields, whose outputs name well and field", async () => {
  await inFolder([], async (folder) => {
    const found = await findInputs([join(zarrs, "plate05.zarr.zip")], folder);
    assertEquals(
      found.map(({ name, stem }) => [name, stem]),
      [
        ["plate05.zarr.zip/A/1/0", "plate05/A-1-0"],
        ["plate05.zarr.zip/A/1/1", "plate05/A-1-1"],
        ["plate05.zarr.zip/B/10/0", "plate05/B-10-0"],
        ["plate05.zarr.zip/B/10/1", "plate05/B-10-1"],
      ].map(([name, stem]) => [name, stem!.replace("/", SEPARATOR)]),
    );
    const [field] = await findInputs(
      [join(zarrs, "plate05.zarr.zip/A/1/1")],
      folder,
    );
    assertEquals(field, found[1]);
  });
});

Deno.test("findInputs() takes OME-Zarrs of a folder as images, and looks into none", async () => {
  await inFolder(["a.zarr/0/image.tif", "a.zarr/.zgroup"], async (folder) => {
    await Deno.copyFile(
      join(zarrs, "v05.zarr.zip"),
      join(folder, "b.zarr.zip"),
    );
    const found = await findInputs([folder], join(folder, "out"));
    assertEquals(found.map(({ name, stem }) => [name, stem]), [
      ["a.zarr", "a"],
      ["b.zarr.zip", "b"],
    ]);
    assertEquals(await namesOf(folder, "a.zarr/"), ["a.zarr"]);
    assertEquals(await namesOf(folder, "*.zarr"), ["a.zarr"]);
  });
});

Deno.test("findInputs() takes a missing well of a plate with its fault, as an input and in a folder", async () => {
  await inFolder(["p.zarr/.zgroup", "p.zarr/B/2/.zgroup"], async (folder) => {
    const plate = join(folder, "p.zarr");
    await Deno.writeTextFile(join(plate, ".zgroup"), '{"zarr_format": 2}');
    await Deno.writeTextFile(join(plate, "B/2/.zgroup"), '{"zarr_format": 2}');
    await Deno.writeTextFile(
      join(plate, ".zattrs"),
      '{"plate": {"wells": [{"path": "A/1"}, {"path": "B/2"}]}}',
    );
    await Deno.writeTextFile(
      join(plate, "B/2/.zattrs"),
      '{"well": {"images": [{"path": "0"}]}}',
    );
    for (const input of [plate, `${plate}/`, join(folder, "*.zarr"), folder]) {
      const found = await findInputs([input], join(folder, "out"));
      assertEquals(
        found.map(({ name, place, fault }) => [name, place, fault?.message]),
        [
          [
            "p.zarr/A/1",
            join(await Deno.realPath(plate), "A/1"),
            `Cannot read plate "${plate}": found no well at "A/1" in ` +
            ".zattrs, expected all wells it lists",
          ],
          [
            "p.zarr/B/2/0",
            join(await Deno.realPath(plate), "B/2/0"),
            undefined,
          ],
        ],
      );
    }
  });
});
