import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { encodePng } from "../images/encode_png.ts";
import { openDataset } from "./dataset.ts";

const described = {
  channel_names: { 0: "DAPI", 1: "actin" },
  labels: { background: 0, nucleus: 1 },
};

const picture = async (channels: 1 | 3) =>
  await encodePng({
    ...{ width: 2, height: 2, channels, depth: 8 },
    data: new Uint8Array(4 * channels),
  });

/** A tree of nnU-Net's, with an image of such bytes. */
async function filesOf(
  text: string,
  { image, name = "a_0000.png" }: { image?: Uint8Array; name?: string } = {},
): Promise<Readonly<Record<string, Uint8Array>>> {
  return {
    "dataset.json": new TextEncoder().encode(text),
    [`imagesTr/${name}`]: image ?? await picture(1),
    "labelsTr/a.png": await picture(1),
  };
}

/** The ids of a tree's cases, which are the same in a folder and in a zip. */
async function idsIn(files: Readonly<Record<string, Uint8Array>>) {
  await using folder = await temporaryFolder();
  for (const [name, bytes] of Object.entries(files)) {
    await writeFile(`${folder.path}/set/${name}`, bytes);
  }
  const entries = Object.entries(files).map(([name, bytes]) => ({
    name: `set/${name}`,
    content: Uint8Array.from(bytes),
  }));
  const zip = `${folder.path}/set.zip`;
  await writeFile(zip, handmadeZip(entries));
  const idsOf = async (path: string) => {
    using stack = new DisposableStack();
    const dataset = await openDataset(path);
    stack.defer(() => dataset.close());
    return dataset.cases.map(({ id }) => id);
  };
  const outcome = async (path: string) => {
    try {
      return await idsOf(path);
    } catch (error) {
      if (!(error instanceof DatasetError)) throw error;
      const { message } = error;
      return message.slice(message.indexOf("found ")).replace('"set/', '"');
    }
  };
  const found = await outcome(`${folder.path}/set`);
  assertEquals(await outcome(zip), found);
  return found;
}

for (
  const [text, found] of [
    ["{", "text that is not JSON"],
    ["", "text that is not JSON"],
    [JSON.stringify(described).slice(0, -3), "text that is not JSON"],
    ["[".repeat(1e5), "more than 64 deep"],
    ["[1]", "found [1],"],
    ["null", "found null,"],
    ["{}", "found channel_names nothing,"],
    ['{"labels":{"background":0,"a":1}}', "found channel_names nothing,"],
    ['{"channel_names":"DAPI"}', 'found channel_names "DAPI",'],
  ] as const
) {
  Deno.test(`openDataset() refuses a dataset.json of ${text.length} characters beside imagesTr/ and labelsTr/: ${found}`, async () => {
    const message = String(await idsIn(await filesOf(text)));
    assertStringIncludes(message, found);
    assertStringIncludes(message, "nnU-Net's channel_names and labels");
    assertEquals(message.includes("\n"), false);
  });
}

Deno.test("openDataset() leaves another program's dataset.json beside other folders alone", async () => {
  for (const text of ["{", '{"images":[]}']) {
    const files = await filesOf(text, { name: "a.png" });
    const others = Object.entries(files).map(([name, bytes]) =>
      [name.replace("Tr/", "/"), bytes] as const
    );
    assertEquals(await idsIn(Object.fromEntries(others)), ["a"]);
  }
});

Deno.test("openDataset() refuses an image of fewer channels than dataset.json names", async () => {
  const text = JSON.stringify(described);
  const refused = 'found "imagesTr/a_0000.png" with 1 channel, expected 2, ' +
    "its channel_names; join the channels of an image in one TIFF, or name " +
    "in dataset.json those that are there";
  assertEquals(await idsIn(await filesOf(text)), refused);
  const tiff = await Deno.readFile(
    new URL("../fixtures/tiff/strips-f4.tif", import.meta.url),
  );
  const one = await filesOf(text, { image: tiff, name: "a_0000.tif" });
  assertStringIncludes(String(await idsIn(one)), "with 1 channel, expected 2");
});

Deno.test("openDataset() takes images that have the channels which dataset.json names", async () => {
  const text = JSON.stringify(described);
  const stack = await Deno.readFile(
    new URL("../fixtures/tiff/stack.ome.tif", import.meta.url),
  );
  const two = await filesOf(text, { image: stack, name: "a_0000.tif" });
  assertEquals(await idsIn(two), ["a"]);
  const colors = { ...described, channel_names: { 0: "R", 1: "G", 2: "B" } };
  const image = await picture(3);
  assertEquals(
    await idsIn(await filesOf(JSON.stringify(colors), { image })),
    ["a"],
  );
  const alone = { ...described, channel_names: { 0: "DAPI" } };
  assertEquals(await idsIn(await filesOf(JSON.stringify(alone))), ["a"]);
});

Deno.test("openDataset() leaves damaged images and channel files to the check of their cases", async () => {
  const text = JSON.stringify(described);
  const image = (await picture(1)).slice(0, 20);
  assertEquals(await idsIn(await filesOf(text, { image })), ["a"]);
  const files = await filesOf(text);
  const both = { ...files, "imagesTr/a_0001.png": await picture(1) };
  assertEquals(await idsIn(both), ["a"]);
});

Deno.test("openDataset() refuses images of another ending than dataset.json names", async () => {
  await using folder = await temporaryFolder();
  const at = (name: string) => `${folder.path}/${name}`;
  await Deno.writeTextFile(
    at("dataset.json"),
    JSON.stringify({ ...described, file_ending: ".tif" }),
  );
  for (const name of ["imagesTr/a_0000.tif", "labelsTr/a.tif"]) {
    await Deno.mkdir(at(name.split("/")[0]!));
    await Deno.writeTextFile(at(name), "");
  }
  const dataset = await openDataset(folder.path);
  assertEquals(dataset.cases.map(({ id }) => id), ["a"]);
  dataset.close();
  await Deno.writeTextFile(at("imagesTr/b_0000.png"), "");
  const error = await assertRejects(
    () => openDataset(folder.path),
    DatasetError,
  );
  assertStringIncludes(error.message, 'found "imagesTr/b_0000.png"');
  assertStringIncludes(error.message, "ending in .tif, its file_ending");
});
