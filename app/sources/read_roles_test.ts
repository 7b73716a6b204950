import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DatasetError, FileError } from "@unet/errors";
import { readRoles, type Roles } from "./read_roles.ts";

async function rolesOf(text: string): Promise<Roles> {
  const folder = await Deno.makeTempDir();
  try {
    const path = join(folder, "roles.json");
    await Deno.writeTextFile(path, text);
    return await readRoles(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readRoles() knows a data set by its name without folders and ending", async () => {
  const text = JSON.stringify({
    "more/cells.zip": { train: ["a"], watched: ["b"] },
    tissue: { validation: ["c"] },
  });
  const roles = await rolesOf(text);
  assertEquals([...roles.sources.keys()], ["cells", "tissue"]);
  assertEquals(roles.sources.get("cells")?.get("b"), "watched");
  assertEquals(roles.fingerprint, (await rolesOf(text)).fingerprint);
  assert(roles.fingerprint !== (await rolesOf(`${text} `)).fingerprint);
});

Deno.test("readRoles() refuses what gives no image one role", async () => {
  for (
    const [text, part] of [
      ["{", "no JSON"],
      ["[]", "found []"],
      ['{"a": ["x"]}', '"a" with'],
      ['{"a": {"train": "x"}}', '"train" with "x"'],
      ['{"a": {"train": [7]}}', '7 in "train"'],
      ['{"a": {"train": ["x"], "test": ["x"]}}', "as train and as test"],
      ['{"a": {"train": ["x", "x"]}}', "as train and as train"],
      ['{"a/c.zip": {}, "b/c": {}}', '"c" for two data sets'],
      ['{"a": {"train": ["x"], "train": ["y"]}}', "or a role twice, expected"],
      ['{"a": {"test": ["x"], "te\\u0073t": []}}', "or a role twice"],
      ['{"a": {"train": ["x"]}, "a": {}}', "found a data set or a role twice"],
    ] as const
  ) {
    await assertRejects(() => rolesOf(text), DatasetError, part);
  }
  await assertRejects(() => readRoles("no-such.json"), FileError, "no such");
});

Deno.test("readRoles() takes a role's name in several data sets, and names with colons", async () => {
  const { sources } = await rolesOf(JSON.stringify({
    a: { "train:1": ["x:y"], test: ['"z": '] },
    b: { "train:1": ["x:y"] },
  }));
  assertEquals(sources.get("a")?.get("x:y"), "train:1");
  assertEquals(sources.get("a")?.get('"z": '), "test");
  assertEquals(sources.get("b")?.get("x:y"), "train:1");
});
