import { cannot, UsageError } from "@unet/errors";

/** Who made a model. */
export interface Author {
  /** The full name. */
  readonly name: string;
  /** Where the person works. */
  readonly affiliation?: string;
  /** The person's name on GitHub, without "@". */
  readonly github?: string;
}

/** A publication to cite, by its DOI or its address. */
export interface Citation {
  /** Authors, title, journal, year. */
  readonly text: string;
  /** The DOI, as in `10.1038/s41592-019-0612-7`. */
  readonly doi?: string;
  /** The address, where there is no DOI. */
  readonly url?: string;
}

/**
 * Reads authors as a person types them: `Ada Lovelace @ada (Analytical
 * Engines); Charles Babbage`.
 *
 * @param text The authors, with semicolons between; GitHub names and
 * affiliations may be left out.
 * @returns The authors.
 * @throws {UsageError} If a part is no author.
 *
 * @example
 * ```ts
 * import { parseAuthors } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseAuthors("Ada Lovelace @ada (Engines); C. Babbage"), [
 *   { name: "Ada Lovelace", github: "ada", affiliation: "Engines" },
 *   { name: "C. Babbage" },
 * ]);
 * ```
 */
export function parseAuthors(text: string): Author[] {
  return partsOf(text, "authors", authorForm).map((part) => {
    const found = /^([^@()/\\]+?)(?:\s+@([\w-]+))?(?:\s*\(([^()]+)\))?$/
      .exec(part);
    if (!found) throw refused("authors", part, authorForm);
    const [, name = "", github, affiliation] = found;
    return {
      name,
      ...(github !== undefined && { github }),
      ...(affiliation !== undefined && { affiliation: affiliation.trim() }),
    };
  });
}

/**
 * Reads citations as a person types them, each with a DOI or an address in it.
 *
 * @param text The citations, with semicolons between.
 * @returns The citations.
 * @throws {UsageError} If one has neither.
 *
 * @example
 * ```ts
 * import { parseCitations } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * const [one] = parseCitations("Caicedo et al. 2019, doi.org/10.1038/s41592");
 * assertEquals(one!.doi, "10.1038/s41592");
 * ```
 */
export function parseCitations(text: string): Citation[] {
  return partsOf(text, "cite", citationForm).map((part) => {
    const [doi] = /\b10\.\d{4,9}\/[^\s;,]+/.exec(part) ?? [];
    const [url] = /https?:\/\/[^\s;,]+/.exec(part) ?? [];
    if (doi !== undefined) return { text: part, doi };
    if (url !== undefined) return { text: part, url };
    throw refused("cite", part, citationForm);
  });
}

const authorForm = '"Name; Name @github (Affiliation)"';

const citationForm = '"Authors, journal, year, doi.org/10.…; …", each with a ' +
  "DOI or an address";

function partsOf(text: string, setting: string, expected: string): string[] {
  const parts = text.split(";").map((part) => part.trim()).filter(Boolean);
  if (parts.length === 0) throw refused(setting, text, expected);
  return parts;
}

function refused(setting: string, found: string, expected: string): UsageError {
  return new UsageError(
    cannot("use", "setting", setting, { found: `"${found}"`, expected }),
  );
}
