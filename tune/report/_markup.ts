import { spellOut } from "./_format.ts";

/** What an attribute of an element can be; undefined leaves it out. */
export type Attributes = Readonly<
  Record<string, string | number | undefined>
>;

/** A text as HTML and SVG show it, whatever is in it. */
export function escape(text: string): string {
  return spellOut(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/**
 * An element of HTML or SVG.
 *
 * @param content Markup: texts go through {@linkcode escape} before.
 */
export function element(
  name: string,
  attributes: Attributes,
  content = "",
): string {
  const list = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const shown = typeof value === "number" ? round(value) : escape(value!);
      return ` ${key}="${shown}"`;
    }).join("");
  return `<${name}${list}>${content}</${name}>`;
}

/** A text of a picture. */
export function label(
  x: number,
  y: number,
  text: string,
  attributes: Attributes = {},
): string {
  return element("text", { x, y, ...attributes }, escape(text));
}

/** Lengths of a picture are given to a tenth of a pixel. */
export function round(length: number): number {
  return Math.round(length * 10) / 10;
}

/** A picture that is described to those who do not see it. */
export function picture(
  { id, width, height, title, description, className }: {
    readonly id: string;
    readonly width: number;
    readonly height: number;
    readonly title: string;
    readonly description: string;
    readonly className?: string;
  },
  content: string,
): string {
  return element(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      role: "img",
      class: className,
      // A title element would show wherever a pointer rests.
      "aria-label": title,
      "aria-describedby": `${id}-description`,
    },
    element("desc", { id: `${id}-description` }, escape(description)) +
      content,
  ) + "\n";
}
