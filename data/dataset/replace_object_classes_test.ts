import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { classesOfImage, findObjectClasses } from "./object_classes.ts";
import { replaceObjectClasses } from "./replace_object_classes.ts";

Deno.test("replaceObjectClasses() replaces the rows of one image, and keeps other rows and columns", () => {
  const table = 'image,by,id,class\na.png,me,1,x\nb,"you, too",2,y\na,me,3,z\n';
  assertEquals(
    replaceObjectClasses(table, "a", new Map([[9, "q"], [4, 'a "b"']])),
    'image,by,id,class\nb,"you, too",2,y\na,,4,"a ""b"""\na,,9,q\n',
  );
  assertEquals(
    replaceObjectClasses(table, "a", new Map()),
    'image,by,id,class\nb,"you, too",2,y\n',
  );
});

Deno.test("replaceObjectClasses() leaves no table without classes", () => {
  assertEquals(replaceObjectClasses(null, "a", new Map()), null);
  const table = "image,id,class\na,1,x\nb,1,\n";
  assertEquals(replaceObjectClasses(table, "a", new Map()), null);
});

Deno.test("replaceObjectClasses() refuses what is no such table", () => {
  assertThrows(
    () => replaceObjectClasses("image,class\n", "a", new Map([[1, "x"]])),
    SyntaxError,
    "no column id",
  );
});

Deno.test("findObjectClasses() reads what replaceObjectClasses() writes", async () => {
  const folder = await Deno.makeTempDir();
  const name = fc.stringMatching(/^[A-Za-zäÉ\u03b1][A-Za-z0-9 _-]{0,20}[a-z]$/)
    .filter((text) => text.toLowerCase() !== "background");
  const objects = fc.uniqueArray(fc.nat(1e6), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(objects, name, async (ids, name) => {
      const classes = new Map(ids.map((id) => [id + 1, name]));
      const text = replaceObjectClasses(null, "a", classes);
      await Deno.writeTextFile(`${folder}/classes.csv`, text!);
      const found = await findObjectClasses(folder);
      assertEquals(found!.names[1], name);
      assertEquals(
        { ...classesOfImage(found!, "a") },
        Object.fromEntries(ids.map((id) => [id + 1, 1])),
      );
    }),
    { numRuns: 30 },
  );
  await Deno.remove(folder, { recursive: true });
});
