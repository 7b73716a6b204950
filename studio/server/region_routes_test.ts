import { assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, openDataset, openImage } from "@unet/data";
import { writeFile } from "@unet/files";
import { faultOf, openPlace } from "../fixtures/place.ts";

const width = 300, height = 200;
const data = Uint8Array.from({ length: width * height }, (_, at) => at % 253);
const slide = await encodePng({ width, height, channels: 1, depth: 8, data });
const part = { x: 120, y: 30, width: 100, height: 80 };

Deno.test("/api/region saves a region that is corrected, exported on its slide, and found by a training", async () => {
  await using here = await openPlace({
    "slide.png": slide,
    "slide-2.png": slide,
  });
  const { visitor: { get, post }, folder } = here;
  const added = await post("/api/region", { name: "slide.png", ...part });
  const name = "slide_x120_y30.tif";
  assertEquals(await added.json(), { name });
  {
    await using image = await openImage(join(folder, name));
    const { data: values } = await image.read(0, 0, 100, 80);
    assertEquals([image.width, image.height], [100, 80]);
    const at = (x: number, y: number) => data[(30 + y) * width + 120 + x];
    assertEquals([values[0], values[7 * 100 + 9]], [at(0, 0), at(9, 7)]);
  }
  const { images } = await (await get("/api/folder")).json();
  assertEquals(
    images.map((image: { name: string }) => image.name),
    ["slide-2.png", "slide.png", name],
  );
  assertEquals(images[2].region, { of: "slide.png", ...part });
  // It is edited as any other image.
  const { mask, edit } = await (await get(`/api/mask?name=${name}`)).json();
  const square = [10, 10, 14, 10, 14, 14, 10, 14];
  const edited = await post("/api/edit", {
    ...{ name, mask, number: edit },
    edit: { tool: "polygon", points: square, as: "object", over: false },
  });
  assertEquals((await edited.json()).objects, 1);
  const cornersOf = async (format: string) => {
    const response = await get(
      `/api/measurements/file?name=${name}&format=${format}`,
    );
    return await response.text();
  };
  const { features: [object] } = JSON.parse(await cornersOf("geojson"));
  const [first] = object.geometry.coordinates[0];
  assertEquals(first, [130, 40]);
  assertMatch(await cornersOf("csv"), /\n1,10,10,/);
  const dataset = await openDataset(folder);
  assertEquals(dataset.cases.map(({ id }) => id), ["slide_x120_y30"]);
  dataset.close();
});

Deno.test("/api/region refuses what cannot be a region, and writes nothing", async () => {
  await using here = await openPlace({
    ...{ "slide.png": slide, "masks/slide_x1_y1.tif": "mask" },
    "slide_x2_y2.tif": slide,
  });
  const { visitor: { post }, folder } = here;
  const refusal = async (values: Record<string, unknown>, status: number) =>
    await faultOf(
      await post("/api/region", { name: "slide.png", ...part, ...values }),
      status,
    );
  assertMatch(await refusal({ width: 9000, height: 9000 }, 413), /8192/);
  assertMatch(await refusal({ x: 201 }, 400), /a part of 300 × 200/);
  assertMatch(await refusal({ width: 8 }, 400), /32…/);
  assertMatch(await refusal({ y: -1 }, 400), /found y/);
  assertMatch(await refusal({ plane: "x" }, 400), /found plane/);
  assertMatch(await refusal({ name: "../slide.png" }, 404), /no such image/);
  assertMatch(await refusal({ x: 1, y: 1 }, 409), /a mask of "slide_x1_y1/);
  assertMatch(await refusal({ x: 2, y: 2 }, 409), /found "slide_x2_y2/);
  // A damaged file leaves no note of a region.
  await writeFile(join(folder, "slide.png"), slide.slice(0, 900));
  await refusal({}, 422);
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
  assertEquals(names, [".studio", "masks", "slide.png", "slide_x2_y2.tif"]);
});

Deno.test("a region whose note is damaged is listed as an image, and its objects are not exported elsewhere", async () => {
  await using here = await openPlace({
    ...{ "a.png": slide, "a.region.json": '{"of": "slide.png"}' },
  });
  const { visitor: { get } } = here;
  const { images } = await (await get("/api/folder")).json();
  assertEquals(images, [{ name: "a.png", state: "none" }]);
  const file = await get("/api/measurements/file?name=a.png&format=geojson");
  assertMatch(await faultOf(file, 422), /Cannot read region/);
});
