import { SaxesParser } from "saxes";

/** An element of XML, and what of its content was asked for. */
export interface XmlElement {
  /** Its name, without a prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Elements in it that were asked for. */
  readonly children: readonly XmlElement[];
  /** The text right in it. */
  readonly text: string;
}

/** Elements lie within one another less deep than this in any file. */
const deepest = 128;

type Building = { -readonly [Key in keyof XmlElement]: XmlElement[Key] } & {
  children: Building[];
};

/**
 * Reads XML in one pass, and keeps the elements of some names that lie in one
 * another. A description of a hundred thousand planes has three hundred
 * thousand elements; most of them say nothing that is asked for here. Entities
 * of a file's own are refused.
 *
 * @param text The XML.
 * @param wanted Names of the elements to keep, without prefixes; others are
 * left out with all that is in them.
 * @returns The root, whatever its name.
 * @throws {Error} If it is no well-formed XML.
 */
export function readXmlElements(
  text: string,
  wanted: ReadonlySet<string>,
): XmlElement {
  const parser = new SaxesParser();
  const open: Building[] = [];
  let root: Building | undefined, depth = 0, skipped = 0;
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (++depth > deepest) {
      throw new Error(`elements nested more than ${deepest} deep`);
    }
    const local = name.slice(name.indexOf(":") + 1);
    if (skipped > 0 || root && !wanted.has(local)) {
      skipped++;
      return;
    }
    const element: Building = {
      name: local,
      attributes,
      children: [],
      text: "",
    };
    open.at(-1)?.children.push(element);
    open.push(element);
    root ??= element;
  });
  parser.on("closetag", () => {
    depth--;
    if (skipped > 0) skipped--;
    else open.pop();
  });
  const addText = (part: string): void => {
    const element = open.at(-1);
    if (element && skipped === 0) element.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.write(text).close();
  return root!;
}
