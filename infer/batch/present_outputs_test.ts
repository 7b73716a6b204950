import { assertEquals } from "@std/assert";
import { presentOutputs } from "./present_outputs.ts";

Deno.test("presentOutputs() finds files and their sizes, in the order in which they were named", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/b`);
  await Deno.writeTextFile(`${folder}/b/c.png`, "four");
  await Deno.writeTextFile(`${folder}/a.png`, "1");
  // What is below a file is not there either.
  const outputs = ["b/c.png", "none.png", "none/a.png", "a.png/x", "a.png"];
  assertEquals(await presentOutputs(folder, outputs), [
    { path: "b/c.png", size: 4 },
    { path: "a.png", size: 1 },
  ]);
});
