import { assert, assertEquals } from "@std/assert";
import { htmlPage } from "./html_page.ts";

Deno.test("htmlPage() renders tables and code, and leads links elsewhere", () => {
  const { body } = htmlPage(
    "| a | b |\n| - | - |\n| `1 < 2` | [x](y.md) |\n\n![z](z.png)",
    (link) => `to/${link}`,
  );
  assert(body.includes("<td><code>1 &lt; 2</code></td>"), body);
  assert(body.includes(`<a href="to/y.md">x</a>`), body);
  assert(body.includes(`<img src="to/z.png" alt="z">`), body);
});

Deno.test("htmlPage() names headings as the repository's host does", () => {
  const { anchors, title } = htmlPage(
    "# In `check`, first\n## Twice\n## Twice\n## A [link](b.md), one_word",
    (link) => link,
  );
  assertEquals(title, "In check, first");
  assertEquals([...anchors], [
    ...["in-check-first", "twice", "twice-1", "a-link-one_word"],
  ]);
});
