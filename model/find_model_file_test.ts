import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
} from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { replaceFolder, writeFile } from "@unet/files";
import { findModelFile, readModelFile } from "./find_model_file.ts";
import { publishedNames } from "./published_model.ts";

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

Deno.test("findModelFile() finds the best model of a run whose best is just replaced, and not the last", async () => {
  await using folder = await temporaryFolder();
  const run = folder.path;
  const put = (name: string): Promise<void> =>
    writeFile(join(run, name, "model.safetensors"), "");
  await put("last");
  for (
    const [folders, found] of [
      [["best.old"], "best.old"],
      [["best.old", "best.new"], "best.new"],
      [["best.old", "best"], "best"],
      [["best.new"], "last"],
    ] as const
  ) {
    for (const name of folders) await put(name);
    const file = join(run, found, "model.safetensors");
    assertEquals(await findModelFile(run), file);
    if (found !== "last") {
      assertEquals(await findModelFile(join(run, "best")), file);
      const named = join(run, "best", "model.safetensors");
      assertEquals(await findModelFile(named), file);
    }
    for (const name of folders) {
      await Deno.remove(join(run, name), { recursive: true });
    }
  }
});

Deno.test("readModelFile() reads a whole best model while another process replaces it", async () => {
  await using folder = await temporaryFolder();
  const best = join(folder.path, "best");
  const last = join(folder.path, "last", "model.safetensors");
  await writeFile(last, "the last model, which is not the best");
  const save = (version: number): Promise<void> =>
    replaceFolder(
      best,
      (fresh) =>
        writeFile(join(fresh, "model.safetensors"), `${version} `.repeat(9999)),
    );
  await save(0);
  let isSaving = true;
  const saving = (async () => {
    for (let version = 1; version < 60; version++) await save(version);
    isSaving = false;
  })();
  const seen = new Set<string>();
  while (isSaving) {
    for (const path of [folder.path, best, join(best, "model.safetensors")]) {
      const { bytes } = await readModelFile(path);
      const versions = new TextDecoder().decode(bytes).trimEnd().split(" ");
      assertEquals(versions.length, 9999);
      assertEquals(new Set(versions).size, 1);
      seen.add(versions[0]!);
    }
  }
  await saving;
  assert(seen.size > 1, [...seen].join());
});

Deno.test("findModelFile() distinguishes a missing path from a folder without a model", async () => {
  await using folder = await temporaryFolder();
  const expected =
    "expected a run folder, a model folder or a model.safetensors";
  const missing = join(folder.path, "none");
  const absent = await assertRejects(() => findModelFile(missing), FileError);
  assertEquals(
    absent.message,
    `Cannot load model "${missing}": found no such file or folder, expected ` +
      "a run folder, a model folder, a model.safetensors, or the name of a " +
      `published model; published models: ${
        (await publishedNames()).join(", ")
      }`,
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
