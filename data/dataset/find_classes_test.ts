import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DatasetError } from "@unet/errors";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { findClasses } from "./find_classes.ts";

async function classesOf(text: string) {
  await using folder = await temporaryFolder();
  await Deno.writeTextFile(join(folder.path, "classes.json"), text);
  return await findClasses(folder.path);
}

Deno.test("findClasses() reads names by number, values by name, and names alone", async () => {
  const wanted = [{ name: "background", value: 0 }, { name: "axon", value: 1 }];
  assertEquals(await classesOf(`{"0": "background", "1": "axon"}`), wanted);
  assertEquals(await classesOf(`["background", "axon"]`), wanted);
  // The background is first, wherever it stands.
  assertEquals(await classesOf(`{"axon": 1, "background": 0}`), wanted);
  assertEquals(await classesOf(`{"ground": "#000000", "Axon": "#FF0000"}`), [
    { name: "ground", value: "#000000" },
    { name: "Axon", value: "#ff0000" },
  ]);
});

Deno.test("findClasses() finds the file in a zip, also in its only folder", async () => {
  await using folder = await temporaryFolder();
  const content = new TextEncoder().encode(`["background", "axon"]`);
  for (const name of ["classes.json", "set/classes.json"]) {
    const path = join(folder.path, `${name.length}.zip`);
    await Deno.writeFile(path, handmadeZip([{ name, content }]));
    assertEquals((await findClasses(path))?.length, 2);
  }
});

Deno.test("findClasses() gives null where nothing names classes", async () => {
  await using folder = await temporaryFolder();
  assertEquals(await findClasses(folder.path), null);
  assertEquals(await findClasses(join(folder.path, "nowhere")), null);
  // What lies deeper is another set's.
  await Deno.mkdir(join(folder.path, "set"));
  await Deno.writeTextFile(join(folder.path, "set", "classes.json"), "[]");
  assertEquals(await findClasses(folder.path), null);
});

Deno.test("findClasses() refuses what names no classes", async () => {
  for (
    const [text, found] of [
      ["{", "found no JSON"],
      ["7", "found 7"],
      ["{}", "found 0 of them"],
      [`["background"]`, "found 1 of them"],
      [`["a", "a"]`, 'found "a" twice'],
      [`{"a": 1, "b": 1}`, "found 1 twice"],
      [`{"a": 1, "b": true}`, 'found "b" with true'],
      [`{"a": 1, "b": "red"}`, 'found "b" with "red"'],
      [`["a", 5]`, "found 5, expected names in a list"],
      ["[0, 127]", "found 0, expected names in a list"],
      [`{"0": "a", "b": 1}`, "found numbers and names as keys"],
      [`{"a": 0, "b": 1, "a": 2}`, 'found the key "a" twice'],
      [`{"0": "a", "1": "b", "\\u0030": "c"}`, 'found the key "0" twice'],
      [`{"axon": 0, "Axon": 1}`, 'found "axon" and "Axon", expected names'],
      [`["${"a".repeat(2 ** 20)}"]`, "found 1048580 characters"],
      [`["a", "../b"]`, 'found the name "../b"'],
    ] as const
  ) {
    await assertRejects(() => classesOf(text), DatasetError, found);
  }
});
