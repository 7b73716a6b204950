import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { packageFiles } from "@unet/bioimageio";
import { encodePng, type Image } from "@unet/data";
import { openDevice } from "@unet/device";
import { FileError, UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { completePlan, createModel, encodeModel } from "@unet/model";
import { createRandom } from "@unet/random";
import { classTask } from "@unet/task";
import { type ExportChoices, exportModel } from "../export_model.ts";
import { drawCover } from "./draw_cover.ts";
import { exportPackage } from "./export_package.ts";
import { packageChoiceNames, type PackageChoices } from "./package_choices.ts";
import { packageFactsOf } from "./package_facts_of.ts";
import { readTestImage } from "./test_image.ts";

let folder = "", model = "", testImage = "";

const given = {
  authors: "Ada Lovelace",
  cite: "Ronneberger et al. 2015, doi.org/10.1007/978-3-319-24574-4_28",
  title: "A small model",
  license: "MIT",
  device: "wasm",
} as const;

const image = (width: number, height: number): Image => ({
  ...{ width, height, channels: 3, depth: 8 },
  data: Uint8Array.from({ length: width * height * 3 }, (_, at) => at % 251),
});

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "unet-package-" });
  model = join(folder, "a.safetensors");
  testImage = join(folder, "image.png");
  await writeFile(testImage, await encodePng(image(100, 130)));
  const device = await openDevice("cpu");
  const built = createModel({
    width: 0.02,
    task: classTask({ classes: ["background", "axon"] }),
  }, createRandom(4));
  await writeFile(model, await encodeModel(built));
  built.dispose();
  await device.close();
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

const exporting = (choices: Partial<ExportChoices>) =>
  exportModel({
    ...{ model, format: "bioimageio", out: join(folder, "a.zip"), force: true },
    ...choices,
  });

Deno.test("exportModel() writes a package, and says where the normalization is another in other programs", async () => {
  const notes: string[] = [];
  const { file, bytes } = await exportModel({
    ...{ model, format: "bioimageio", out: join(folder, "noted.zip") },
    ...{ ...given, testImage },
  }, (line) => notes.push(line));
  assert((await Deno.stat(file)).size > bytes);
  assertEquals(notes.map((line) => line.split(":")[0]), [
    "Normalization in other programs",
  ]);
});

Deno.test("exportModel() asks for what the card does not say, by its setting", async () => {
  const refused = async (
    { testImage: image = testImage, ...choices }: Partial<ExportChoices>,
    part: string,
  ) => {
    const all = { ...given, ...choices, ...(image && { testImage: image }) };
    await assertRejects(() => exporting(all), UsageError, part);
  };
  await refused({ authors: "" }, '"authors": found nothing, expected who');
  await refused({ cite: " " }, '"cite": found nothing, expected what to cite');
  await refused({ testImage: "" }, '"testImage": found nothing');
  await refused(
    { license: "free" },
    '"license": found "free", expected an SPDX',
  );
  await refused({ title: "a" }, '"title": found "a", expected 5 to 128');
  await refused({ dtype: "F16" }, "expected f32");
  await refused({ part: "encoder" }, "expected safetensors, pth");
  await refused({ sizes: "any" }, '"sizes": found `format bioimageio`');
  const { license: _, ...unlicensed } = given;
  await assertRejects(
    () => exporting({ ...unlicensed, testImage }),
    UsageError,
    "found none in the model's card",
  );
  const values: PackageChoices = {
    ...given,
    tags: [],
    testImage,
    documentation: "a",
  };
  for (const name of packageChoiceNames) {
    await assertRejects(
      () => exporting({ format: "onnx", [name]: values[name] }),
      UsageError,
      `"${name}": found \`format onnx\`, expected bioimageio`,
    );
  }
});

Deno.test("exportPackage() takes no test image that the network cannot see", async () => {
  const small = join(folder, "small.png"), gray = join(folder, "deep.png");
  await writeFile(small, await encodePng(image(95, 200)));
  const data = new Uint16Array(100 * 100).fill(200);
  await writeFile(
    gray,
    await encodePng({ width: 100, height: 100, channels: 1, depth: 16, data }),
  );
  const refused = (testImage: string, part: string) =>
    assertRejects(() => exporting({ ...given, testImage }), FileError, part);
  await refused(small, "found 95×200 pixels, expected at least 96×96");
  await refused(gray, "found 16 bits, but no value above 255");
  await refused(join(folder, "none.png"), "none.png");
  assert(typeof exportPackage === "function");
});

Deno.test("readTestImage() takes the middle of an image", async () => {
  const plan = completePlan({ width: 0.02 });
  const { image: { width, height }, input, seen } = await readTestImage(
    ...[testImage, plan, {}] as const,
  );
  assertEquals([width, height], [96, 128]);
  assertEquals([input.channels, input.data.length], [3, 3 * 96 * 128]);
  // The bright image is not stretched.
  assertEquals(seen[0], Math.fround(input.data[0]! / 255));
});

Deno.test("drawCover() shows the image beside what was found", async () => {
  const { heads } = classTask({ classes: ["background", "axon"] });
  const classes = new Float32Array(2 * 4 * 4);
  classes.forEach((_, at) => classes[at] = at % 2);
  const png = await drawCover(
    image(4, 4),
    { width: 4, height: 4, planes: { classes } },
    { heads },
  );
  const view = new DataView(png.buffer, png.byteOffset);
  assertEquals([view.getUint32(16), view.getUint32(20)], [8, 4]);
});

Deno.test("packageFactsOf() takes a published model's card as documentation", async () => {
  const { readModel } = await import("@unet/model");
  const saved = await readModel("models/nuclei");
  const facts = await packageFactsOf("nuclei", saved, given);
  assertEquals([facts.license, facts.licenseText?.split(";")[0]], [
    ...["MIT", "MIT"],
  ]);
  assert(facts.documentation!.includes("What it knows, and what it does not"));
  assertEquals(facts.instances?.threshold, 0.6);
  assert(packageFiles.documentation.endsWith(".md"));
});
