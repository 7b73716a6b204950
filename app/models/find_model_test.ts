import { assertEquals, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import {
  completePlan,
  modelMetadata,
  readModel,
  serializeSafetensors,
} from "@unet/model";
import { findModel } from "./find_model.ts";

/** A folder of published models, of which one is there. */
async function published(): Promise<
  { models: URL; path: string } & AsyncDisposable
> {
  const path = await Deno.makeTempDir();
  // The weights are another matter.
  const header = modelMetadata(completePlan(), { license: "CC0-1.0" });
  await writeFile(
    join(path, "tiny", "model.safetensors"),
    serializeSafetensors(new Map(), header),
  );
  return {
    path,
    models: toFileUrl(`${path}/`),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("findModel() finds a published model by its name, and says so", async () => {
  await using place = await published();
  const { path, note } = await findModel("tiny", place.models);
  assertEquals(note, "Model: tiny, published with the program");
  assertEquals((await readModel(path)).card, { license: "CC0-1.0" });
});

Deno.test("findModel() takes a path that is there first, and says so where a published model has that name", async () => {
  await using place = await published();
  await using other = await published();
  const run = join(other.path, "tiny");
  assertEquals(await findModel(run, place.models), { path: run });
  const before = Deno.cwd();
  Deno.chdir(other.path);
  try {
    assertEquals(await findModel("tiny", place.models), {
      path: "tiny",
      note: "Model: tiny in the current folder, which comes before the " +
        "published model of that name",
    });
  } finally {
    Deno.chdir(before);
  }
});

Deno.test("findModel() refuses what is neither", async () => {
  await using place = await published();
  const expected = "found no such file or folder, expected a run folder, a " +
    "model folder, a model.safetensors, or the name of a published model; ";
  for (const name of ["none", "./tiny", "tiny/none", "Tiny", "a b"]) {
    const error = await assertRejects(
      () => findModel(name, place.models),
      FileError,
    );
    assertEquals(
      error.message,
      `Cannot load model "${name}": ${expected}published models: tiny`,
    );
  }
});

Deno.test("findModel() says that a program from the net has no models beside it", async () => {
  const error = await assertRejects(
    () => findModel("tiny", new URL("https://example.org/unet/models/")),
    FileError,
  );
  assertEquals(
    error.message.split("; ")[1],
    "published models come with a checkout of the repository: give the " +
      "file's path",
  );
});

Deno.test("findModel() knows the name of an architecture", async () => {
  assertEquals(
    (await assertRejects(() => findModel("vgg16"), FileError)).message,
    'Cannot load model "vgg16": found the name of an architecture, expected ' +
      "a trained model; an architecture is `network vgg16`, in training",
  );
});

Deno.test("findModel() refuses a published folder without a model", async () => {
  await using place = await published();
  await Deno.mkdir(join(place.path, "empty"));
  await assertRejects(
    () => findModel("empty", place.models),
    FileError,
    "found no model in it",
  );
});
