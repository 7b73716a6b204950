import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { ModelError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { createRandom } from "@unet/random";
import { loadFeatureLimits, saveFeatureLimits } from "./int8_file.ts";
import { encodeModel } from "./model_file.ts";
import { createModel } from "./create_model.ts";

const limits = new Map([["encoder.features.0", 2.5], ["bottleneck.0", 0]]);

/** A run folder with a model, until the end of the scope. */
async function makeRun(): Promise<{ run: string } & AsyncDisposable> {
  const run = await Deno.makeTempDir();
  const model = createModel({ width: 0.02 }, createRandom(0));
  await writeFile(
    join(run, "best/model.safetensors"),
    await encodeModel(model),
  );
  model.dispose();
  return {
    run,
    [Symbol.asyncDispose]: () => Deno.remove(run, { recursive: true }),
  };
}

Deno.test("loadFeatureLimits() reads what saveFeatureLimits() put beside the model", async () => {
  await using made = await makeRun();
  const file = await saveFeatureLimits(made.run, limits);
  assertEquals(file, join(made.run, "best/model.int8.json"));
  assertEquals(await loadFeatureLimits(made.run), limits);
});

Deno.test("loadFeatureLimits() says how to get limits that are not there", async () => {
  await using made = await makeRun();
  const error = await assertRejects(
    () => loadFeatureLimits(made.run),
    ModelError,
  );
  const file = join(made.run, "best/model.int8.json");
  assertEquals(
    error.message,
    `Cannot load limits of features "${file}": found no such file, expected ` +
      "limits that calibrate wrote for the model beside it; measure them with unet " +
      "calibrate",
  );
});

Deno.test("loadFeatureLimits() refuses limits of other weights", async () => {
  await using made = await makeRun();
  await saveFeatureLimits(made.run, limits);
  const other = createModel({ width: 0.02 }, createRandom(1));
  await writeFile(
    join(made.run, "best/model.safetensors"),
    await encodeModel(other),
  );
  other.dispose();
  await assertRejects(
    () => loadFeatureLimits(made.run),
    ModelError,
    "limits of other weights",
  );
});

Deno.test("loadFeatureLimits() refuses a damaged file", async () => {
  await using made = await makeRun();
  const file = await saveFeatureLimits(made.run, limits);
  const whole = await Deno.readTextFile(file);
  const damaged = [
    ["", "text that is not JSON"],
    [whole.slice(0, -3), "text that is not JSON"],
    ["null", "found null"],
    ["[]", "found []"],
    ["{}", "version nothing"],
    [whole.replace('"formatVersion": 1', '"formatVersion": 2'), "version 2"],
    [whole.replace("2.5", '"much"'), '"much" for "encoder.features.0"'],
    [whole.replace("2.5", "-1"), '-1 for "encoder.features.0"'],
    [whole.replace("2.5", "[]"), '[] for "encoder.features.0"'],
    [whole.replace("2.5", "[".repeat(2e4)), "JSON nested more than 8 deep"],
    [whole.replace('"limits": {', '"limits": 1, "l": {'), "1 as limits"],
    [whole.replace('"model": "', '"model": {}, "m": "'), "{} as model"],
  ] as const;
  for (const [text, found] of damaged) {
    await Deno.writeTextFile(file, text);
    await assertRejects(() => loadFeatureLimits(made.run), ModelError, found);
  }
});
