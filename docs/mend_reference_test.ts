import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { mendPage, mendReference } from "./mend_reference.ts";

Deno.test("mendPage() leaves links that a copy of the page can follow", () => {
  const page = [
    '<a href="#type">a</a>',
    '<a href="..&#x2F;..&#x2F;all_symbols.html">b</a>',
    '<a href="https:&#x2F;&#x2F;example.org&#x2F;">c</a>',
  ].join("\n");
  assertEquals(mendPage(page), page);
});

Deno.test("mendReference() mends the pages of every folder, and nothing else", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "a"));
  const before = '<a href="../">up</a><a href="file:&#x2F;b.ts">source</a>';
  for (const name of ["index.html", "a/index.html", "a/search.js"]) {
    await Deno.writeTextFile(join(folder, name), before);
  }
  await mendReference(folder);
  const read = (name: string) => Deno.readTextFileSync(join(folder, name));
  const after = '<a href="../index.html">up</a><a >source</a>';
  assertEquals([read("index.html"), read("a/index.html")], [after, after]);
  assertEquals(read("a/search.js"), before);
  await Deno.remove(folder, { recursive: true });
});
