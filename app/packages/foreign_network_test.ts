import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import type { PackageDescription } from "@unet/bioimageio";
import { encodePng } from "@unet/data";
import { ModelError, UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { floatValues, readModel } from "@unet/model";
import { exportModel } from "../export_model.ts";
import { openForeignNetwork } from "./foreign_network.ts";
import { meaningOf } from "./output_meaning.ts";
import { readPackagedModel } from "./packaged_model.ts";
import { windowOfPackage } from "./window_of_package.ts";

const side = { least: 64, step: 32 };

const described = (
  output: Partial<PackageDescription["output"]> = {},
  input: Partial<PackageDescription["input"]> = {},
): PackageDescription => ({
  ...{ name: "a", weights: { source: "a.onnx" } },
  input: { channels: 1, height: side, width: side, steps: [], ...input },
  output: { margin: 0, halo: 0, steps: [], ...output },
});

Deno.test("readPackagedModel() gives the weights and the task that were exported", async () => {
  const folder = await Deno.makeTempDir(), testImage = join(folder, "a.png");
  const data = Uint8Array.from({ length: 96 * 96 * 3 }, (_, at) => at % 251);
  const image = { width: 96, height: 96, channels: 3, depth: 8 } as const;
  await writeFile(testImage, await encodePng({ ...image, data }));
  const { file } = await exportModel({
    ...{ model: "nuclei", format: "bioimageio", out: join(folder, "a.zip") },
    ...{ testImage, authors: "Ada", cite: "https://example.org/" },
    device: "wasm",
  });
  const model = await readModel("models/nuclei");
  const packaged = await readPackagedModel(file);
  assertEquals(packaged!.plan, model.plan);
  assertEquals(packaged!.card, model.card);
  for (const [name, view] of model.file.tensors) {
    const found = floatValues(packaged!.file.tensors.get(name)!);
    const isSame = floatValues(view).every((value, at) => value === found[at]);
    assert(isSame, name);
  }
  assertEquals(await openForeignNetwork(file), undefined);
  assertEquals(await readPackagedModel(testImage), undefined);
  const other = join(folder, "other");
  await writeFile(
    join(other, "rdf.yaml"),
    "type: model\nformat_version: 0.5.3\nname: a\n",
  );
  await assertRejects(() => openForeignNetwork(other), ModelError, "weights");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("meaningOf() takes a person's word before names, and guesses nothing", () => {
  const names = ["object", "border"] as const;
  assertEquals(meaningOf(described({ names, channels: 2 })), names);
  assertEquals(
    meaningOf(described({ names, channels: 2 }), ["none", "object"]),
    ["none", "object"],
  );
  for (
    const [given, channels] of [
      [undefined, 1],
      [["object"], 2],
      [["border"], 1],
      [["object", "object"], 2],
      [["nucleus"], 1],
    ] as const
  ) {
    assertThrows(
      () => meaningOf(described({ channels, names: ["channel0"] }), given),
      UsageError,
      'Cannot use setting "outputMeaning"',
    );
  }
});

Deno.test("windowOfPackage() takes sizes that the package allows, less its halo", () => {
  const window = (...of: Parameters<typeof described>) =>
    windowOfPackage(described(...of), "a.zip");
  const neighbors = { context: "neighbors" } as const;
  assertEquals(window(), { ...neighbors, tile: 448, margin: 32 });
  assertEquals(window({ halo: 16 }), { ...neighbors, tile: 480, margin: 16 });
  const fixed = { least: 100, step: 0 };
  assertEquals(
    window({ margin: 10 }, { height: fixed, width: fixed }),
    { ...neighbors, tile: 80, margin: 10 },
  );
  assertThrows(() => window({}, { height: fixed }), ModelError, "a square");
  assertThrows(() => window({ halo: 300 }), ModelError, "less than half");
});
