import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng, type Sample, synthesize, writeKaggle } from "@unet/data";
import { FileError, UsageError } from "@unet/errors";
import { readModel } from "@unet/model";
import { calibrate } from "./calibrate.ts";
import { check } from "./check.ts";
import { isAboutReading } from "./doubt.ts";
import { evaluate } from "./evaluation/evaluate.ts";
import { exportModel } from "./export_model.ts";
import { openNetwork } from "./models/open_network.ts";
import { segment } from "./segment.ts";

let folder = "";
let drawn: Sample[] = [];

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  drawn = [...synthesize({ count: 3, width: 64, height: 64, seed: 2 })];
  await writeKaggle(drawn, join(folder, "data"));
  await Deno.writeFile(
    join(folder, "cell.png"),
    await encodePng(drawn[0]!.image),
  );
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

Deno.test("check() lists problems, and ends by its signal", async () => {
  const data = join(folder, "data"), seen: number[] = [];
  const report = await check({ data }, {
    onProgress: (done) => void seen.push(done),
  });
  assertEquals([report.images, report.errors], [3, 0]);
  assert(seen.length > 0);
  const signal = AbortSignal.abort();
  await assertRejects(() => check({ data }, { signal }), DOMException);
});

Deno.test("segment() takes a published model, and the card's settings where none is given", async () => {
  const inputs = [join(folder, "cell.png")], devices: string[] = [];
  const choices = { model: "nuclei", device: "wasm" };
  const one = await segment(inputs, { ...choices, out: join(folder, "one") }, {
    onDevice: ({ name }) => void devices.push(name),
  });
  assertEquals([one.segmented, one.failed, devices], [1, 0, ["wasm"]]);
  const all = await segment(inputs, {
    ...{ ...choices, out: join(folder, "all"), threshold: 0 },
  });
  const [few, many] = [one, all].map(({ files: [file] }) =>
    "foreground" in file! ? file.foreground : NaN
  );
  assert(few! < many!, `${few} ${many}`);
  await assertRejects(
    () =>
      segment(inputs, {
        ...{ ...choices, out: join(folder, "x"), window: 100 },
      }),
    UsageError,
    'Cannot use setting "window": found 100, expected a multiple of 32',
  );
});

Deno.test("evaluate() scores what segment() finds, and needs data and a model", async () => {
  const report = await evaluate({
    ...{ model: "nuclei", data: join(folder, "data"), device: "wasm" },
    worst: 2,
  });
  assert(report.kind === "objects");
  const { scores, threshold, worst, faults } = report;
  assertEquals([scores.images, worst.length, faults], [3, 2, 0]);
  assert(scores.pixels.f1 > 0.3 && threshold > 0);
  assert(worst[0]!.f1 <= worst[1]!.f1);
  await assertRejects(
    () => evaluate({ model: "nuclei" }),
    UsageError,
    'Cannot use setting "data": found nothing',
  );
  await assertRejects(
    () => evaluate({ data: "x" }),
    UsageError,
    'Cannot use setting "model": found nothing',
  );
  await assertRejects(
    () => evaluate({ run: "r", part: "test", findThreshold: true }),
    UsageError,
    "found `part test`, on which nothing is chosen",
  );
});

Deno.test("exportModel() writes a model that reads as the same, with what is decided on its card", async () => {
  const out = join(folder, "small.safetensors");
  const choices = { model: "nuclei", format: "safetensors" as const, out };
  const { tensors } = await exportModel({
    ...{ ...choices, dtype: "F16", threshold: 0.25, minimalArea: 7 },
  });
  const [saved, own] = [await readModel(out), await readModel("nuclei")];
  assertEquals(saved.plan, own.plan);
  assertEquals(tensors, own.file.tensors.size);
  assertEquals(saved.card.threshold, 0.25);
  assertEquals(
    (saved.card.instances as { minimalArea: number }).minimalArea,
    7,
  );
  await assertRejects(
    () => exportModel(choices),
    FileError,
    "found an existing file; choose another `out`, or use `force`",
  );
  await assertRejects(
    () => exportModel({ ...choices, format: "pth", sizes: "any" }),
    UsageError,
    'Cannot use setting "sizes": found `format pth`, expected onnx',
  );
});

Deno.test("calibrate() writes the ranges of every layer beside the model", async () => {
  const model = join(folder, "model.safetensors");
  await exportModel({ model: "nuclei", format: "safetensors", out: model });
  const { file, layers, images } = await calibrate({
    ...{ model, data: join(folder, "data"), images: 1, device: "wasm" },
  });
  assertEquals(images, 1);
  assert(layers > 10);
  assert(Object.keys(JSON.parse(await Deno.readTextFile(file))).length > 0);
});

Deno.test("openNetwork() opens device and network together, and gives both back", async () => {
  const saved = await readModel("nuclei");
  {
    await using network = await openNetwork(saved, { device: "cpu" });
    assertEquals(network.device.name, "cpu");
    assertEquals(network.model.plan, saved.plan);
  }
  await assertRejects(() => openNetwork(saved, { device: "abacus" }));
});

Deno.test("isAboutReading() separates doubts about images from doubts about masks", () => {
  assert(isAboutReading({ kind: "planes", message: "" }));
  assert(!isAboutReading({ kind: "empty-mask", message: "" }));
  assert(!isAboutReading({ kind: "toString", message: "" }));
});
