import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { replaceSection } from "./replace_section.ts";

Deno.test("replaceSection() replaces what is between its marks, and nothing else", () => {
  const section = { name: "facts", content: "new\n", file: "README.md" };
  const text = "a\n<!-- facts -->\nold\n<!-- /facts -->\nb\n";
  const once = "a\n<!-- facts -->\n\nnew\n\n<!-- /facts -->\nb\n";
  assertEquals(replaceSection(text, section), once);
  assertEquals(replaceSection(once, section), once);
  for (const wrong of ["a", "<!-- /facts --> <!-- facts -->"]) {
    assertThrows(
      () => replaceSection(wrong, section),
      FileError,
      'Cannot write section "facts": found no <!-- facts --> … <!-- /facts --> in README.md',
    );
  }
});
