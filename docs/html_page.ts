import GithubSlugger from "github-slugger";
import { Marked } from "marked";

/** A page of Markdown as HTML, and what others may link to. */
export interface HtmlPage {
  /** The text of the first heading. */
  readonly title: string;
  /** The content, without head and navigation. */
  readonly body: string;
  /** Names of headings, as in `page.html#name`. */
  readonly anchors: ReadonlySet<string>;
}

/**
 * Renders Markdown as the repository's host does: tables, and names of headings
 * by its rule, so that a link works in both places.
 *
 * @param markdown Trusted text: HTML in it stays HTML.
 * @param linkTo Where a link or picture of the text leads in HTML.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { htmlPage } from "./html_page.ts";
 *
 * const { title, anchors } = htmlPage("# The size of objects", (link) => link);
 * assertEquals(title, "The size of objects");
 * assertEquals([...anchors], ["the-size-of-objects"]);
 * ```
 */
export function htmlPage(
  markdown: string,
  linkTo: (link: string) => string,
): HtmlPage {
  const slugger = new GithubSlugger();
  const anchors = new Set<string>();
  let title = "";
  const marked = new Marked({
    walkTokens(token) {
      if (token.type === "link" || token.type === "image") {
        token.href = linkTo(token.href);
      }
    },
    renderer: {
      heading({ tokens, depth, text }) {
        const plain = text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
          .replace(/[`*]|\b_|_\b/g, "");
        const anchor = slugger.slug(plain);
        anchors.add(anchor);
        if (title === "") title = plain;
        const content = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchor}">${content}</h${depth}>\n`;
      },
    },
  });
  const body = marked.parse(markdown, { async: false });
  return { title, body, anchors };
}
