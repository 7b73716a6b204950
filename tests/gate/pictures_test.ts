import { assertEquals } from "@std/assert";
import { exists, files, read } from "./workspace.ts";

/** Rows of CONTRIBUTING.md: a picture, and the script that draws it. */
const rows = [
  ...read("CONTRIBUTING.md").matchAll(
    /^\| `(docs\/[^`]+\.(?:jpg|png|svg|webp))` *\| `([^`]+)` *\|/gm,
  ),
].map(([, picture = "", script = ""]) => ({ picture, script }));

Deno.test("CONTRIBUTING.md names a script for every picture, and no others", () => {
  const pictures = files.filter((path) =>
    /^docs\/.*\.(jpg|png|svg|webp)$/.test(path)
  );
  const named = rows.flatMap(({ picture }) => {
    const [before = "", after = ""] = picture.split("*");
    return picture.includes("*")
      ? pictures.filter((path) =>
        path.startsWith(before) && path.endsWith(after)
      )
      : [picture];
  });
  assertEquals(named.sort(), pictures);
  assertEquals(rows.filter(({ script }) => !exists(script)), []);
});

Deno.test("every picture is shown on a page", () => {
  const pages = files.filter((path) => path.endsWith(".md")).map(read).join("");
  const pictures = files.filter((path) =>
    /^docs\/.*\.(jpg|png|svg|webp)$/.test(path)
  );
  assertEquals(
    pictures.filter((path) =>
      !pages.includes(`${path.split("/").slice(-2).join("/")})`)
    ),
    [],
  );
});
