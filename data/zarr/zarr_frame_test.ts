import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { changeJson } from "./fixtures/change_json.ts";
import { unpackZarr, zarrZip } from "./fixtures/unpacked.ts";
import {
  type FrameAxis,
  readZarrFrame,
  requireLabelHolder,
} from "./zarr_frame.ts";

const axis = (name: FrameAxis["name"], scale: number, offset = 0) => ({
  ...{ name, scale, offset },
  ...(name !== "t" && { unit: "micrometer" }),
});

for (const [name, version] of [["v04", "0.4"], ["v05", "0.5"]] as const) {
  Deno.test(`readZarrFrame() places the levels of what ome-zarr wrote as ${name}`, async () => {
    const path = zarrZip(name);
    const axes = (factor: number) => [
      axis("t", 1),
      axis("z", 2),
      axis("y", 0.5 * factor),
      axis("x", 0.25 * factor),
    ];
    assertEquals(await readZarrFrame(path), {
      ...{ version, levels: 2, axes: axes(1) },
    });
    assertEquals((await readZarrFrame(path, 1))?.axes, axes(2));
    await assertRejects(
      () => readZarrFrame(path, 2),
      FileError,
      "found levels 0 to 1, expected level 2",
    );
  });
}

Deno.test("readZarrFrame() adds up the transformations of a sequence", async () => {
  assertEquals(await readZarrFrame(zarrZip("v06")), {
    ...{ version: "0.5", levels: 1 },
    axes: [axis("z", 2), axis("y", 0.5, 0.25), axis("x", 0.25, 0.25)],
  });
});

Deno.test("readZarrFrame() gives no scale and no unit where pixels are transformed in another way, and nothing of other files", async () => {
  await using folder = await temporaryFolder();
  const path = await unpackZarr("v04", folder.path);
  await changeJson(join(path, ".zattrs"), (about) => {
    about.multiscales[0].coordinateTransformations = [{ type: "rotation" }];
  });
  assertEquals(
    (await readZarrFrame(path))?.axes,
    (["t", "z", "y", "x"] as const)
      .map((name) => ({ name, scale: 1, offset: 0 })),
  );
  assertEquals(await readZarrFrame(folder.path), undefined);
});

Deno.test("requireLabelHolder() takes images and fields that other programs find labels in", async () => {
  await using folder = await temporaryFolder();
  for (const name of ["v04", "v05"]) {
    await requireLabelHolder(await unpackZarr(name, folder.path), "nuclei");
  }
  for (const name of ["plate04", "plate05"]) {
    const plate = await unpackZarr(name, folder.path);
    await requireLabelHolder(join(plate, "B/10/1"), "nuclei");
  }
});

Deno.test("requireLabelHolder() refuses the others, and says why", async () => {
  await using folder = await temporaryFolder();
  const series = await unpackZarr("series", folder.path);
  const turned = await unpackZarr("turned", folder.path);
  const consolidated = await unpackZarr("plate05", folder.path);
  await changeJson(join(consolidated, "zarr.json"), (about) => {
    about.consolidated_metadata = { kind: "inline", metadata: {} };
  });
  const rotated = await unpackZarr("v04", folder.path);
  await changeJson(join(rotated, ".zattrs"), (about) => {
    about.multiscales[0].coordinateTransformations = [{ type: "rotation" }];
  });
  const linked = await unpackZarr("plate04", folder.path);
  const elsewhere = await Deno.makeTempDir({ dir: folder.path });
  await Deno.remove(join(linked, "A/1/0/labels"), { recursive: true });
  await Deno.symlink(elsewhere, join(linked, "A/1/0/labels"));
  await Deno.mkdir(join(linked, "B/10/1/labels"), { recursive: true });
  await Deno.writeTextFile(
    join(linked, "B/10/1/labels/.zgroup"),
    '{"zarr_format": 2}',
  );
  await Deno.writeTextFile(
    join(linked, "B/10/1/labels/.zattrs"),
    '{"labels": "oops"}',
  );
  const refused: [path: string, found: string][] = [
    [join(consolidated, "A/1/0"), "consolidated metadata in zarr.json"],
    [rotated, "transformations in .zattrs"],
    [series, "several images, expected one"],
    [turned, "axes x, y, expected t, c, z, y, x in order"],
    [await unpackZarr("v06", folder.path), "OME-Zarr 0.6 in zarr.json"],
    [join(linked, "A/1/0"), '"labels", a link'],
    [join(linked, "B/10/1"), "no list of labels in B/10/1/labels/.zattrs"],
    [zarrZip("v05"), "an image in a zip"],
    [folder.path, "an image that is no OME-Zarr"],
  ];
  for (const [path, found] of refused) {
    await assertRejects(
      () => requireLabelHolder(path, "nuclei"),
      FileError,
      `Cannot write labels "${path}/labels/nuclei": found ${found}`,
    );
  }
});
