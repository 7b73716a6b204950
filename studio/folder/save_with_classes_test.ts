import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { FileError } from "@unet/errors";
import { makeFolder, writeFile } from "@unet/files";
import { classPlaceOf, readClasses } from "./class_table.ts";
import { markOf } from "./image_states.ts";
import { finishSaving, saveWithClasses } from "./save_with_classes.ts";

/** A folder with a mask whose object 1 is of the class "one". */
async function makeMask(): Promise<string> {
  const root = await Deno.makeTempDir();
  await makeFolder(join(root, ".studio"));
  await writeFile(join(root, "masks", "a.tif"), "one");
  await writeFile(
    join(root, "classes.csv"),
    "image,id,class\na,1,one\nb,1,other\n",
  );
  return root;
}

const maskOf = (root: string) =>
  Deno.readTextFile(join(root, "masks", "a.tif"));

async function classesOf(root: string, name = "a.png"): Promise<string[]> {
  const { classes } = await readClasses(classPlaceOf(root, name));
  return [...classes.values()];
}

async function save(root: string, content: string): Promise<boolean> {
  const part = join(root, "masks", ".new.part");
  await writeFile(part, content);
  const before = await markOf(join(root, "masks", "a.tif")) ?? null;
  const classes = new Map([[1, content]]);
  return await saveWithClasses({ root, name: "a.png", part, before, classes });
}

Deno.test("saveWithClasses() replaces a mask and the classes of its objects", async () => {
  const root = await makeMask();
  assert(await save(root, "two"));
  assertEquals([await maskOf(root), ...await classesOf(root)], ["two", "two"]);
  assertEquals(await classesOf(root, "b.png"), ["other"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("saveWithClasses() leaves mask and classes as they were where one cannot be written", async () => {
  const root = await makeMask(), path = join(root, "masks", "a.tif");
  await Deno.chmod(path, 0o444);
  await assertRejects(() => save(root, "two"), FileError);
  assertEquals([await maskOf(root), ...await classesOf(root)], ["one", "one"]);
  await Deno.chmod(path, 0o644);
  const part = join(root, "masks", ".new.part");
  await writeFile(part, "two");
  const saved = { root, name: "a.png", part, before: null };
  // There is a mask that was not there when the work began.
  assert(!await saveWithClasses({ ...saved, classes: new Map() }));
  assertEquals(await classesOf(root), ["one"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("finishSaving() gives a mask that is neither the old nor the new one no classes, and refuses a foreign note", async () => {
  const root = await makeMask(), note = join(root, ".studio", "saving.json");
  const mark = { size: 1, modified: 1 };
  const saving = {
    ...{ image: "a.png", mask: mark, was: mark },
    ...{ before: [[1, "one"]], after: [[1, "two"]] },
  };
  await writeFile(note, JSON.stringify(saving));
  await finishSaving(root);
  assertEquals(await classesOf(root), []);
  for (const text of ["{", "null", JSON.stringify({ ...saving, after: 1 })]) {
    await writeFile(note, text);
    const found = await assertRejects(() => finishSaving(root), FileError);
    assert(found.message.includes("found what the studio did not write"));
  }
  await Deno.remove(root, { recursive: true });
});

Deno.test("no kill leaves objects with the classes of another mask", async () => {
  const root = await makeMask();
  const script = fromFileUrl(import.meta.resolve("../fixtures/save_masks.ts"));
  for (let times = 1; times <= 6; times++) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", "--allow-all", script, root],
      stdout: "piped",
    }).spawn();
    const reader = child.stdout.getReader();
    // Each time it is killed somewhere else in the work.
    for (let at = 0; at < times; at++) await reader.read();
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    const mask = await maskOf(root);
    const isRight = (found: string) => found === mask;
    assert((await classesOf(root)).every(isRight), `killed after ${times}`);
    await finishSaving(root);
    assertEquals(await classesOf(root), [mask, mask]);
    assertEquals(await classesOf(root, "b.png"), ["other"]);
  }
  await Deno.remove(root, { recursive: true });
});
