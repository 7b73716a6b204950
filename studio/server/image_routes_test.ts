import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeImage, encodePng, type Image, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { LabelTiff } from "@unet/infer/outputs";
import { visit, type Visitor } from "../fixtures/visitor.ts";
import { openStudio } from "../open_studio.ts";

const [drawn] = synthesize({ count: 1, width: 600, height: 400, seed: 2 });
const png = await encodePng(drawn!.image);

interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly visitor: Visitor;
}

/** A studio whose folder has these files. */
async function place(
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<Place> {
  const folder = join(await Deno.makeTempDir(), "images");
  await Deno.mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
  const studio = await openStudio(folder);
  return {
    folder,
    visitor: await visit(studio),
    async [Symbol.asyncDispose]() {
      await studio[Symbol.asyncDispose]();
      await Deno.remove(join(folder, ".."), { recursive: true });
    },
  };
}

async function saveLabels(path: string): Promise<void> {
  const { width, height, data } = drawn!.labels;
  await using tiff = await LabelTiff.open(path, { width, height });
  await tiff.writeRows(data);
  await tiff.finish();
}

async function fault(response: Response, status: number): Promise<string> {
  const { error } = await response.json();
  assertEquals(response.status, status, error);
  return error;
}

Deno.test("/api/image describes an image, and /api/tile draws it", async () => {
  await using here = await place({ "a b&c.png": png });
  const { visitor } = here, name = encodeURIComponent("a b&c.png");
  const shown = await (await visitor.get(`/api/image?name=${name}`)).json();
  assertEquals(
    [shown.width, shown.height, shown.levels, shown.depth, shown.planes],
    [600, 400, 2, 8, 1],
  );
  assertEquals(shown.versions.mask, null);
  const tile = await visitor.get(`/api/tile?name=${name}&level=1&x=0&y=0`);
  assertEquals(tile.headers.get("content-type"), "image/jpeg");
  const bytes = new Uint8Array(await tile.arrayBuffer());
  const { width, height } = await decodeImage(bytes, "tile");
  assertEquals([width, height], [300, 200]);
  const black = await visitor.get(
    `/api/tile?name=${name}&level=0&x=0&y=0&ranges=254:255`,
  );
  const dark = await decodeImage(
    new Uint8Array(await black.arrayBuffer()),
    "dark",
  );
  const mean = (image: Image) =>
    Array.from(image.data).reduce((sum, value) => sum + value, 0) /
    image.data.length;
  assert(mean(dark) < 0.5 * mean(await decodeImage(bytes, "tile")));
});

Deno.test("/api/thumbnail makes a small picture once", async () => {
  await using here = await place({ "a.png": png });
  for (let time = 0; time < 2; time++) {
    const response = await here.visitor.get("/api/thumbnail?name=a.png");
    const bytes = new Uint8Array(await response.arrayBuffer());
    const { width, height } = await decodeImage(bytes, "thumbnail");
    assertEquals([width, height], [112, 75]);
  }
});

Deno.test("/api/labels and /api/pixel give what the mask holds, also after another program changed it", async () => {
  await using here = await place({ "a.png": png });
  const { visitor, folder } = here, { labels, image } = drawn!;
  const address = "/api/labels?name=a.png&level=0&x=0&y=0";
  assertMatch(await fault(await visitor.get(address), 404), /found none$/);
  const path = join(folder, "masks", "a.tif");
  await saveLabels(path);
  const { images } = await (await visitor.get("/api/folder")).json();
  assertEquals(images, [{ name: "a.png", state: "corrected" }]);
  const response = await visitor.get(address);
  assertEquals(response.headers.get("x-size"), "514 402");
  const tile = new Uint32Array(await response.arrayBuffer());
  const at = labels.data.findIndex((label, at) => label > 0 && at % 600 < 512);
  const x = at % 600, y = Math.floor(at / 600);
  assertEquals(tile[(y + 1) * 514 + x + 1], labels.data[at]);
  const pixel = await (await visitor.get(`/api/pixel?name=a.png&x=${x}&y=${y}`))
    .json();
  const from = at * image.channels;
  assertEquals(pixel, {
    values: [...image.data.slice(from, from + image.channels)].map(String),
    label: labels.data[at],
  });
  {
    await using tiff = await LabelTiff.open(path, { width: 600, height: 400 });
    await tiff.writeRows(new Uint32Array(600 * 400).fill(9));
    await tiff.finish();
  }
  const changed = new Uint32Array(
    await (await visitor.get(address)).arrayBuffer(),
  );
  assertEquals(changed[515], 9);
});

Deno.test("a mask of another size is not shown, and the page can say so", async () => {
  await using here = await place({ "a.png": png });
  const path = join(here.folder, "masks", "a.tif");
  {
    await using tiff = await LabelTiff.open(path, { width: 3, height: 2 });
    await tiff.writeRows(new Uint32Array(6));
    await tiff.finish();
  }
  await here.visitor.get("/api/folder").then((found) => found.body?.cancel());
  const shown = await (await here.visitor.get("/api/image?name=a.png")).json();
  assertEquals(shown.versions.mask, null);
  assertMatch(shown.notes.join(), /it has 3 × 2 pixels, the image 600 × 400/);
});

Deno.test("files that lie, or are not there, are one line of the answer", async () => {
  await using here = await place({
    "a.png": png,
    "cut.png": png.subarray(0, 500),
    "text.tif": "no image",
    "masks/a.tif": "no mask",
  });
  const { visitor } = here;
  for (const name of ["cut.png", "text.tif"]) {
    for (
      const path of ["image?", "thumbnail?", "tile?level=0&x=0&y=0&"]
        .concat("pixel?x=0&y=0&")
    ) {
      const response = await visitor.get(`/api/${path}name=${name}`);
      assertMatch(await fault(response, 422), /^Cannot \w+ .*"/);
    }
  }
  const labels = await visitor.get("/api/labels?level=0&x=0&y=0&name=a.png");
  assertMatch(await fault(labels, 422), /^Cannot /);
});

Deno.test("names that the folder does not list lead nowhere, links out of it neither", async () => {
  await using here = await place({ "a.png": png });
  const { visitor, folder } = here;
  const outside = join(folder, "..", "secret.png");
  await writeFile(outside, png);
  await Deno.symlink(outside, join(folder, "link.png"));
  await Deno.symlink(join(folder, ".."), join(folder, "up"));
  await visitor.get("/api/folder").then((found) => found.body?.cancel());
  for (
    const name of ["../secret.png", "/etc/hostname", "up/secret.png", "masks"]
      .concat("a.png/../../secret.png", ".studio/lock", "", "a.png\0")
      .concat("..%2fsecret.png", "..\\secret.png")
  ) {
    const query = `name=${encodeURIComponent(name)}`;
    for (const path of ["image?", "thumbnail?", "tile?level=0&x=0&y=0&"]) {
      await fault(await visitor.get(`/api/${path}${query}`), 404);
    }
  }
  const link = await visitor.get("/api/thumbnail?name=link.png");
  assertMatch(await fault(link, 403), /a path that leads out of the studio/);
});

Deno.test("values of an address that cannot be are refused by name", async () => {
  await using here = await place({ "a.png": png });
  const cases: [path: string, status: number, found: string][] = [
    ["image", 400, "found name nothing"],
    ["tile?name=a.png&x=0&y=0", 400, "found level nothing"],
    ["tile?name=a.png&level=-1&x=0&y=0", 400, 'found level "-1"'],
    ["tile?name=a.png&level=1e9&x=0&y=0", 400, 'found level "1e9"'],
    ["tile?name=a.png&level=9&x=0&y=0", 404, "expected a tile"],
    ["tile?name=a.png&level=0&x=7&y=0", 404, "expected a tile"],
    ["tile?name=a.png&level=0&x=0&y=0&ranges=a", 400, 'found ranges "a"'],
    ["tile?name=a.png&level=0&x=0&y=0&ranges=0:1,0:1", 404, "2 ranges"],
    ["pixel?name=a.png&x=600&y=0", 404, "600"],
    ["image?name=a.png&plane=5", 422, "plane"],
  ];
  for (const [path, status, found] of cases) {
    const error = await fault(await here.visitor.get(`/api/${path}`), status);
    assert(error.includes(found), `${path}: ${error}`);
  }
});
