import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { classesOfImage } from "@unet/data";
import { DatasetError, UsageError } from "@unet/errors";
import { trueObjectClasses } from "./true_object_classes.ts";

const classes = ["background", "stroma", "tumor"];

/** Classes of objects in folders with these tables. */
async function classesIn(
  tables: Record<string, string | null>,
  ids: readonly string[],
) {
  const folder = await Deno.makeTempDir(), lines: string[] = [];
  try {
    const sources = [];
    for (const [name, text] of Object.entries(tables)) {
      const path = join(folder, name);
      await Deno.mkdir(path);
      if (text) await Deno.writeTextFile(join(path, "classes.csv"), text);
      sources.push({ name, path });
    }
    const data = { sources, among: sources, masks: {} };
    const say = (line: string) => void lines.push(line);
    const found = await trueObjectClasses(data, { ids, classes, say });
    return { found, lines };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const tumor = "image,id,class\na,1,tumor\n";
const stroma = "image,id,class\na,1,stroma\n";

Deno.test("trueObjectClasses() keeps images of one id in two data sets apart", async () => {
  const { found } = await classesIn({ x: tumor, y: stroma }, ["x/a", "y/a"]);
  assertEquals(found!.names, classes);
  assertEquals({ ...classesOfImage(found!, "x/a") }, { "1": 2 });
  assertEquals({ ...classesOfImage(found!, "y/a") }, { "1": 1 });
  const one = await classesIn({ x: tumor }, ["a"]);
  assertEquals({ ...classesOfImage(one.found!, "a") }, { "1": 2 });
});

Deno.test("trueObjectClasses() says that no data set has a table, and refuses that only some have", async () => {
  const { found, lines } = await classesIn({ x: null, y: null }, ["x/a"]);
  assertEquals([found, lines.length], [undefined, 1]);
  await assertRejects(
    () => classesIn({ x: null, y: tumor }, ["x/a", "y/a"]),
    UsageError,
    'found classes.csv in "y", none in "x", expected the same in all data ' +
      "sets; `objectClasses off`",
  );
  await assertRejects(
    () => classesIn({ x: tumor, y: "image,id,class\na,1,other\n" }, ["x/a"]),
    DatasetError,
    'class "other"',
  );
});
