import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { openDevice } from "@unet/device";
import { ModelError, UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import {
  createModel,
  encodeModel,
  floatValues,
  readModel,
  serializeSafetensors,
} from "@unet/model";
import { createRandom } from "@unet/random";
import { exportModel } from "./export_model.ts";

let folder = "", model = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "unet-export-" });
  model = join(folder, "model.safetensors");
  const device = await openDevice("cpu");
  const built = createModel({ width: 0.1 }, createRandom(4));
  await writeFile(model, await encodeModel(built, { license: "CC0-1.0" }));
  built.dispose();
  await device.close();
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

const format = "safetensors";

/** Exports in 8 bits, as a file of that name. */
async function inEightBits(from: string, name: string): Promise<string> {
  const out = join(folder, name);
  await exportModel({ model: from, format, dtype: "I8", out });
  return out;
}

Deno.test("exportModel() stores kernels in 8 bits, half a step from their values, and all else as it is", async () => {
  const out = await inEightBits(model, "int8.safetensors");
  const [before, after] = [await readModel(model), await readModel(out)];
  assertLess(after.bytes.length, 0.28 * before.bytes.length);
  assertEquals(after.plan, before.plan);
  assertEquals(after.card, before.card);
  assertEquals(after.file.metadata.formatVersion, "5");
  assertEquals(
    [...after.file.tensors.keys()].sort(),
    [...before.file.tensors.keys()].sort(),
  );
  let rounded = 0;
  for (const [name, view] of before.file.tensors) {
    const values = floatValues(view);
    const stored = floatValues(after.file.tensors.get(name)!);
    if (view.shape.length < 4) {
      assertEquals(stored, values, name);
      continue;
    }
    // Outputs are the second axis of an up-convolution.
    const [first, second, ...area] = view.shape as [number, number];
    const isUp = name.endsWith(".up.weight");
    const size = area.reduce((product, one) => product * one, 1);
    const channelOf = (at: number): number =>
      isUp
        ? Math.floor(at / size) % second
        : Math.floor(at / size / second) % first;
    const steps = new Float64Array(isUp ? second : first);
    for (const [at, value] of values.entries()) {
      const channel = channelOf(at);
      steps[channel] = Math.max(steps[channel]!, Math.abs(value) / 127);
    }
    for (const [at, value] of values.entries()) {
      const off = Math.abs(value - stored[at]!);
      assertLess(off, 0.5001 * steps[channelOf(at)]!, name);
      if (off > 0) rounded++;
    }
  }
  assert(rounded > 1000);
});

Deno.test("exportModel() of a model in 8 bits gives the same file in 8 bits, and float32 elsewhere", async () => {
  const once = await inEightBits(model, "once.safetensors");
  const twice = await inEightBits(once, "twice.safetensors");
  assertEquals(await Deno.readFile(twice), await Deno.readFile(once));
  const out = join(folder, "wide.safetensors");
  await exportModel({ model: once, format, out });
  const [wide, own] = [await readModel(out), await readModel(once)];
  assertEquals(wide.file.metadata.formatVersion, "4");
  for (const [name, view] of own.file.tensors) {
    assertEquals(wide.file.tensors.get(name), view);
  }
});

Deno.test("exportModel() names the license that it is given, else the model's own", async () => {
  const licenseOf = async (license?: string): Promise<unknown> => {
    const out = join(folder, "licensed.safetensors");
    const given = license === undefined ? {} : { license };
    await exportModel({ model, format, out, force: true, ...given });
    return (await readModel(out)).card.license;
  };
  assertEquals(await licenseOf(), "CC0-1.0");
  assertEquals(await licenseOf("MIT"), "MIT");
  await assertRejects(
    () => exportModel({ model, format: "pth", license: "MIT" }),
    UsageError,
    'Cannot use setting "license": found `format pth`, expected safetensors',
  );
});

Deno.test("exportModel() refuses weights that 8 bits cannot hold", async () => {
  const { file } = await readModel(model);
  const tensors = new Map(
    [...file.tensors].map(([name, view]) => [
      name,
      { shape: view.shape, values: floatValues(view) },
    ]),
  );
  const [name, { values }] = [...tensors][0]!;
  // Weights that are not finite are refused when they are read.
  values[0] = 3e38;
  const path = join(folder, "large.safetensors");
  await writeFile(path, serializeSafetensors(tensors, file.metadata));
  await assertRejects(
    () => inEightBits(path, "refused.safetensors"),
    ModelError,
    `found ${values[0]} in ${name}, expected less than ${2 ** 127}, to be int8`,
  );
  await assertRejects(() => Deno.stat(join(folder, "refused.safetensors")));
});
