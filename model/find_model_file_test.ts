import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { findModelFile } from "./find_model_file.ts";

async function temporaryFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await Deno.makeTempDir({ prefix: "unet-model-" });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test("findModelFile() takes a file, a model folder, or a run's best before its last", async () => {
  await using folder = await temporaryFolder();
  const run = folder.path;
  const put = async (name: string): Promise<string> => {
    const path = join(run, name, "model.safetensors");
    await writeFile(path, "");
    return path;
  };
  const order = ["last.old", "last", "best.old", "best", ""];
  for (const name of order) {
    const path = await put(name);
    assertEquals(await findModelFile(run), path);
    assertEquals(await findModelFile(path), path);
    assertEquals(await findModelFile(join(run, name)), path);
  }
  const other = join(run, "weights.bin");
  await writeFile(other, "");
  assertEquals(await findModelFile(other), other);
});

Deno.test("findModelFile() tells a missing path from a folder without a model", async () => {
  await using folder = await temporaryFolder();
  const expected =
    "expected a run folder, a model folder or a model.safetensors";
  const missing = join(folder.path, "none");
  const absent = await assertRejects(() => findModelFile(missing), FileError);
  assertEquals(
    absent.message,
    `Cannot load model "${missing}": found no such file or folder, ${expected}`,
  );
  // A folder of that name is no model.
  await Deno.mkdir(join(folder.path, "model.safetensors"));
  const empty = await assertRejects(
    () => findModelFile(folder.path),
    FileError,
  );
  assertEquals(
    empty.message,
    `Cannot load model "${folder.path}": found no model in it, ${expected}`,
  );
});

Deno.test("findModelFile() words what the system refuses", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "n".repeat(5000));
  const error = await assertRejects(() => findModelFile(path), FileError);
  assertInstanceOf(error.cause, Error);
  const file = join(folder.path, "file");
  await writeFile(file, "");
  await assertRejects(() => findModelFile(join(file, "in")), FileError);
});
