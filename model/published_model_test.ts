import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { join, toFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { findModelFile } from "./find_model_file.ts";
import { loadModel, readModel } from "./load_model.ts";
import { encodeModel } from "./model_file.ts";
import { completePlan } from "./plan.ts";
import { publishedModel, publishedNames } from "./published_model.ts";
import { createModel } from "./create_model.ts";
import { createRandom } from "@unet/random";

/** A folder of published models, of which "tiny" is one. */
async function createPlace(): Promise<{ path: string; models: URL }> {
  const path = await Deno.realPath(await Deno.makeTempDir());
  const model = createModel({ width: 0.02 }, createRandom(0));
  await writeFile(
    join(path, "models", "tiny", "model.safetensors"),
    await encodeModel(model, { license: "CC0-1.0" }),
  );
  model.dispose();
  await Deno.mkdir(join(path, "models", "empty"));
  await writeFile(join(path, "models", "README.md"), "");
  return { path, models: toFileUrl(join(path, "models") + "/") };
}

Deno.test("loadModel() and readModel() take the name of a published model", async () => {
  for (const name of await publishedNames()) {
    const { card, plan } = await readModel(name);
    assert(card.license !== undefined);
    const model = await loadModel(name);
    assertEquals(model.plan, plan);
    assertEquals(Object.keys(completePlan()), Object.keys(model.plan));
    model.dispose();
  }
});

Deno.test("findModelFile() takes a path that is there before a published model of that name", async () => {
  const { path, models } = await createPlace();
  const published = join(path, "models", "tiny", "model.safetensors");
  assertEquals(await findModelFile("tiny", models), published);
  const before = Deno.cwd();
  Deno.chdir(path);
  try {
    await writeFile(join("tiny", "model.safetensors"), "");
    assertEquals(
      await findModelFile("tiny", models),
      join("tiny", "model.safetensors"),
    );
  } finally {
    Deno.chdir(before);
  }
});

Deno.test("publishedModel() knows names, not paths or other files", async () => {
  const { path, models } = await createPlace();
  assertEquals(
    await publishedModel("tiny", models),
    join(path, "models", "tiny"),
  );
  for (const name of ["./tiny", "../models/tiny", "Tiny", "README.md", ""]) {
    assertEquals(await publishedModel(name, models), undefined);
  }
  assertEquals(await publishedNames(models), ["empty", "tiny"]);
  await assertRejects(
    () => findModelFile("empty", models),
    FileError,
    "found no model in it",
  );
});

Deno.test("findModelFile() says why a program from the net knows no published models", async () => {
  const models = new URL("https://example.org/unet/models/");
  assertEquals(await publishedNames(models), []);
  const { message } = await assertRejects(
    () => findModelFile("tiny", models),
    FileError,
  );
  assertEquals(
    message.split("; ")[1],
    "published models come with a checkout of the repository: give the " +
      "file's path",
  );
});
