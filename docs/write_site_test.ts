import { assert, assertEquals, assertRejects } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { FileError } from "@unet/errors";
import { writeSite } from "./write_site.ts";

const root = fromFileUrl(new URL("../", import.meta.url));

/** Writes the site of a repository with these files, and removes both. */
async function withSite(
  files: Readonly<Record<string, string>>,
  work: (written: string[], out: string) => void | Promise<void>,
): Promise<void> {
  const place = await Deno.makeTempDir();
  const out = join(place, "site");
  try {
    for (const [path, text] of Object.entries(files)) {
      await Deno.mkdir(join(place, dirname(path)), { recursive: true });
      await Deno.writeTextFile(join(place, path), text);
    }
    await work(await writeSite(place, out), out);
  } finally {
    await Deno.remove(place, { recursive: true });
  }
}

Deno.test("writeSite() writes this repository, and every link of it leads to a file", async () => {
  const out = await Deno.makeTempDir();
  try {
    const written = await writeSite(root, out);
    assert(written.includes("docs/index.html"));
    let links = 0;
    for (const path of written.filter((path) => path.endsWith(".html"))) {
      const text = await Deno.readTextFile(join(out, path));
      for (const [, link = ""] of text.matchAll(/ (?:href|src)="([^"]*)"/g)) {
        if (/^(https?|mailto):/.test(link)) continue;
        const { pathname, hash } = new URL(link, `file:///${path}`);
        const target = decodeURI(pathname).slice(1);
        links++;
        if (target === "reference/index.html") continue;
        assert(written.includes(target), `${path} links to ${link}`);
        if (hash === "") continue;
        const content = await Deno.readTextFile(join(out, target));
        assert(content.includes(` id="${hash.slice(1)}"`), `${path}: ${link}`);
      }
    }
    assert(links > 500, `${links} links`);
  } finally {
    await Deno.remove(out, { recursive: true });
  }
});

Deno.test("writeSite() follows links to pages, folders, pictures and sources", async () => {
  await withSite({
    "README.md": "# A\n[b](docs/b.md#some-words) ![c](docs/c.svg) [d](d/)",
    "docs/b.md": "# B\n## Some words\n[a](../README.md) [e](../d/e.ts)",
    "docs/c.svg": "<svg/>",
    "docs/unlinked.md": "# Nobody",
    "d/README.md": "# D",
    "d/e.ts": "const one = 1 < 2;",
  }, async (written, out) => {
    assertEquals(written, [
      ...["d/e.ts.html", "d/index.html", "docs/b.html", "docs/c.svg"],
      ...["index.html", "style.css"],
    ]);
    const html = await Deno.readTextFile(join(out, "docs/b.html"));
    assert(html.includes(`<a href="../index.html">a</a>`), html);
    assert(html.includes(`<h2 id="some-words">`), html);
    const source = await Deno.readTextFile(join(out, "d/e.ts.html"));
    assert(source.includes("1 &lt; 2"), source);
  });
});

Deno.test("writeSite() refuses links to missing files and headings, and names them", async () => {
  await assertRejects(
    () => withSite({ "README.md": "[b](b.md)" }, () => {}),
    FileError,
    'Cannot write page "README.md": found a link to b.md, which leads nowhere',
  );
  await assertRejects(
    () => withSite({ "README.md": "# A\n[b](#b)" }, () => {}),
    FileError,
    "found a link to README.md#b, which leads nowhere, expected a heading",
  );
});
