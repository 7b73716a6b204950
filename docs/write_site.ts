/**
 * Writes the Markdown pages of the repository as HTML pages that a browser opens
 * from the disk, and mends the reference that `deno doc` wrote for that:
 *
 *     deno task docs
 */
import { cannot, FileError } from "@unet/errors";
import { dirname, join } from "@std/path";
import { type HtmlPage, htmlPage } from "./html_page.ts";
import { mendReference } from "./mend_reference.ts";

/** Where the reference is, which `deno doc` writes. */
const reference = "reference/index.html";

/** What is linked to and shown as it is. */
const pictures = /\.(png|jpg|svg|webp)$/;

/** In the order of the navigation: titles, and pages of Markdown. */
const navigation = [
  ["U-Net", "README.md"],
  ["Documentation", "docs/README.md"],
  ["Examples", "examples/README.md"],
  ["Architecture", "ARCHITECTURE.md"],
] as const;

const style = `body { max-width: 52rem; margin: 0 auto; padding: 1rem;
  font: 1rem/1.5 system-ui, sans-serif; color: #1c1e21; background: #fff; }
nav { display: flex; flex-wrap: wrap; gap: 1rem; padding-bottom: .5rem;
  border-bottom: 1px solid #d0d4da; }
a { color: #0b57a4; } img { max-width: 100%; }
pre { overflow-x: auto; padding: .75rem; background: #f3f4f6; }
code { font-size: .9em; } table { display: block; overflow-x: auto;
  border-collapse: collapse; }
th, td { padding: .25rem .6rem; border: 1px solid #d0d4da; text-align: left;
  vertical-align: top; }
@media (prefers-color-scheme: dark) {
  body { color: #e4e6ea; background: #16181b; } a { color: #7db8f2; }
  pre { background: #22252a; } }
`;

/** A link of a page: where it is, and where it leads. */
interface Link {
  readonly page: string;
  readonly target: string;
  readonly anchor: string;
}

/** The file of a page: a browser opens no folder from the disk. */
function htmlPathOf(path: string): string {
  if (pictures.test(path)) return path;
  if (!path.endsWith(".md")) return `${path}.html`;
  return path.replace(/README\.md$/, "index.md").replace(/\.md$/, ".html");
}

/** The way from one file of the site to another. */
function wayTo(target: string, from: string): string {
  return "../".repeat(from.split("/").length - 1) + target;
}

/** The file of the repository that a link leads to. */
function fileOf(link: string, page: string, root: string): string {
  const path = decodeURI(new URL(link, `file:///${page}`).pathname).slice(1);
  const file = path.replace(/\/$/, "");
  try {
    const { isDirectory } = Deno.statSync(join(root, file));
    return isDirectory ? fileOf("README.md", `${file}/`, root) : file;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new FileError(
      cannot("write", "page", page, {
        found: `a link to ${link}, which leads nowhere`,
        expected: "a file of the repository",
      }),
      { cause },
    );
  }
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
}

function documentOf(path: string, { title, body }: HtmlPage): string {
  const links = [
    ...navigation.map(([name, page]) => [name, htmlPathOf(page)]),
    ["Reference", reference],
  ].map(([name, page]) => `<a href="${wayTo(page!, path)}">${name}</a>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escape(title)}</title>
<link rel="stylesheet" href="${wayTo("style.css", path)}">
<nav>${links.join("\n")}</nav>
<main>${body}</main>
</html>
`;
}

/**
 * Writes README.md and every file that it leads to, over any number of links:
 * Markdown as pages, pictures as they are, other files as text. Every link is
 * relative and leads to a file, never to a folder, which needs a server.
 *
 * @param root The folder of the repository.
 * @param out The folder to write to; its files of these names are overwritten.
 * @returns The files written, relative to `out`.
 * @throws {FileError} If a link leads to no file, or to no heading of a page.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { writeSite } from "./write_site.ts";
 *
 * const root = await Deno.makeTempDir(), out = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${root}/README.md`, "# Cells\n[a](#cells)");
 * assertEquals(await writeSite(root, out), ["index.html", "style.css"]);
 * ```
 */
export async function writeSite(root: string, out: string): Promise<string[]> {
  const links: Link[] = [];
  const pages = new Map<string, HtmlPage | null>();
  const waiting = ["README.md"];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (pages.has(path)) continue;
    const page = path;
    const follow = (link: string): string => {
      if (/^[a-z]+:/.test(link)) return link;
      const [file = "", anchor = ""] = link.split("#");
      const target = file === "" ? page : fileOf(file, page, root);
      links.push({ page, target, anchor });
      waiting.push(target);
      const html = wayTo(htmlPathOf(target), page);
      return anchor === "" ? html : `${html}#${anchor}`;
    };
    pages.set(page, await readPage(root, page, follow));
  }
  checkAnchors(links, pages);
  const written = ["style.css"];
  await Deno.mkdir(out, { recursive: true });
  await Deno.writeTextFile(join(out, "style.css"), style);
  for (const [path, page] of pages) {
    const html = htmlPathOf(path);
    await Deno.mkdir(join(out, dirname(html)), { recursive: true });
    if (page === null) await Deno.copyFile(join(root, path), join(out, html));
    else await Deno.writeTextFile(join(out, html), documentOf(html, page));
    written.push(html);
  }
  return written.sort();
}

/** A file as a page; null for a picture. */
async function readPage(
  root: string,
  path: string,
  follow: (link: string) => string,
): Promise<HtmlPage | null> {
  if (pictures.test(path)) return null;
  const text = await Deno.readTextFile(join(root, path));
  if (path.endsWith(".md")) return htmlPage(text, follow);
  const body = `<h1>${path}</h1>\n<pre>${escape(text)}</pre>`;
  return { title: path, body, anchors: new Set() };
}

function checkAnchors(
  links: readonly Link[],
  pages: ReadonlyMap<string, HtmlPage | null>,
): void {
  for (const { page, target, anchor } of links) {
    if (anchor === "" || pages.get(target)?.anchors.has(anchor)) continue;
    throw new FileError(
      cannot("write", "page", page, {
        found: `a link to ${target}#${anchor}, which leads nowhere`,
        expected: "a heading of that page",
      }),
    );
  }
}

if (import.meta.main) {
  const root = dirname(import.meta.dirname!);
  const out = join(root, ".cache", "site");
  await writeSite(root, out);
  await mendReference(join(out, dirname(reference)));
  const text = `Open ${join(out, "index.html")} in a browser\n`;
  await Deno.stdout.write(new TextEncoder().encode(text));
}
