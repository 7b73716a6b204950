/**
 * Mends the pages of `deno doc` for a browser that opens them from the disk, and
 * for those who get a copy of them: links to a folder lead to its page, and the
 * places of sources on the machine that wrote them are taken out.
 */
import { join } from "@std/path";

/** A slash as `deno doc` writes it into links. */
const slash = "&#x2F;";

/**
 * Mends a page.
 *
 * @param html The page.
 * @returns The same, whose links lead to files beside it or to other sites.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { mendPage } from "./mend_reference.ts";
 *
 * assertEquals(
 *   mendPage('<a href="..&#x2F;">up</a> <a href="file:&#x2F;a.ts">a</a>'),
 *   '<a href="..&#x2F;index.html">up</a> <a >a</a>',
 * );
 * ```
 */
export function mendPage(html: string): string {
  return html.replace(/href="([^"]*)"/g, (whole, link: string) => {
    if (link.startsWith("file:")) return "";
    const isFolder = link.endsWith(slash) || link.endsWith("/");
    return isFolder && !/^[a-z]+:/.test(link)
      ? `href="${link}index.html"`
      : whole;
  });
}

/** Mends all pages below a folder. */
export async function mendReference(folder: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    if (isDirectory) await mendReference(path);
    else if (name.endsWith(".html")) {
      await Deno.writeTextFile(path, mendPage(await Deno.readTextFile(path)));
    }
  }
}
