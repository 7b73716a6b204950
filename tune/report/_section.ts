import { element, escape } from "./_markup.ts";

/**
 * A part of the page under its heading.
 *
 * @param content Markup.
 */
export function section(id: string, title: string, content: string[]): string {
  return `<section aria-label="${escape(title)}">\n${
    element("h2", { id }, escape(title))
  }\n${content.join("")}</section>\n`;
}

/** A remark in small print. */
export function note(text: string): string {
  return element("p", { class: "note" }, escape(text)) + "\n";
}

/** A picture that is scrolled where there is no room for it. */
export function wide(svg: string, caption: string, label: string): string {
  return `<figure>\n${
    element("div", {
      ...{ class: "scroll", tabindex: 0, role: "group" },
      "aria-label": label,
    }, svg)
  }\n${
    caption ? element("figcaption", {}, escape(caption)) + "\n" : ""
  }</figure>\n`;
}
