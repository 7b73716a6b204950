import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { main } from "./main.ts";

// What commands print is tested in processes of their own, in tests/flow.

Deno.test("main() returns 0 once a command has done its work", async () => {
  const folder = join(await Deno.makeTempDir(), "drawn");
  assertEquals(
    await main(["synth", folder, "--count", "3", "--size", "32"]),
    0,
  );
  assertEquals([...Deno.readDirSync(folder)].length, 3);
  assertEquals(await main(["check", folder]), 0);
});

Deno.test("main() returns 1 where check finds errors", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/images`);
  await Deno.writeTextFile(`${folder}/images/a.png`, "no image");
  assertEquals(await main(["check", folder]), 1);
});

Deno.test("main() returns 2 where a command cannot do its work", async () => {
  for (
    const args of [
      ["paint"],
      ["check"],
      ["check", "no/such/folder"],
      ["train", "--epochs", "none"],
      ["--versions"],
    ]
  ) {
    assertEquals(await main(args), 2, args.join(" "));
  }
});

Deno.test("main() takes neither names of Object's for commands nor flags of none", async () => {
  for (const name of ["constructor", "toString", "__proto__", ""]) {
    assertEquals(await main([name]), 2, name);
  }
  assertEquals(await main(["check", "--constructor"]), 2);
});

Deno.test("main() throws what is no fault of the person", async () => {
  const circle: unknown[] = [];
  circle.push(circle);
  await assertRejects(
    () => main(["check", circle as unknown as string]),
    TypeError,
  );
});
