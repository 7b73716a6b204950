import type { FileError } from "@unet/errors";
import { firstLine } from "../images/first_line.ts";
import { formatOf } from "../images/image_format.ts";
import {
  type OmeDescription,
  type OmeEntry,
  type OmeImage,
  type OmePage,
  parseOme,
} from "./ome_xml.ts";
import { tags, textOf } from "./tiff_directory.ts";
import { TiffFile } from "./tiff_file.ts";
import type { TiffPage } from "./tiff_page.ts";
import { TiffPages, type TiffSet } from "./tiff_set.ts";

/** A description is not larger. */
const mostDescriptionBytes = 2 ** 26;

/** Whether a description is OME-XML. */
export function isOme(text: string): boolean {
  return /<(\w+:)?OME[\s>]/.test(text);
}

/** Where the pages that an OME-XML describes lie: in one file, or in several. */
export class OmeFiles {
  /** The description that counts. */
  readonly description: OmeDescription;
  readonly #set: TiffSet;
  readonly #uuid: string | undefined;
  /** The file of the description, where it lies in one of its own. */
  readonly #followed: string | undefined;
  /** Whether identifiers say which pages are the opened file's. */
  readonly #goesByUuid: boolean;
  /** Every file that is named. */
  readonly #names: ReadonlySet<string>;
  /** The identifiers of other files, read once. */
  readonly #uuids = new Map<TiffPages, string | undefined>();

  private constructor(
    set: TiffSet,
    own: OmeDescription,
    description: OmeDescription,
  ) {
    this.#set = set;
    this.#uuid = own.uuid;
    this.#followed = own.elsewhere?.fileName;
    this.description = description;
    const entries = this.#entries();
    this.#goesByUuid = own.uuid !== undefined &&
      entries.some(({ uuid }) => uuid === own.uuid);
    this.#names = new Set(entries.flatMap(({ fileName }) => fileName ?? []));
  }

  /**
   * Reads the description of the opened file, or the one that it names.
   *
   * @throws {FileError} If it is no right XML, or lies in a file that is not
   * beside the opened one.
   */
  static async read(set: TiffSet, text: string): Promise<OmeFiles> {
    const own = parse(set.main.file, text);
    const description = own.elsewhere ? await follow(set, own.elsewhere) : own;
    return new OmeFiles(set, own, description);
  }

  /** The names of the other files that hold pages, or the description. */
  get otherNames(): string[] {
    const { name } = this.#set.image;
    const names = new Set(this.#names);
    if (this.#followed !== undefined) names.add(this.#followed);
    names.delete(name);
    return [...names].sort();
  }

  /** Whether pages lie in the file that was opened. */
  isOwn({ uuid, fileName }: OmeEntry): boolean {
    if (this.#goesByUuid && uuid !== undefined) return uuid === this.#uuid;
    if (fileName !== undefined) {
      return fileName === this.#set.image.name || this.#isRenamed(uuid);
    }
    return this.#followed === undefined && (uuid === undefined || !this.#uuid);
  }

  /** Whether the opened file holds a page of an image. */
  holds({ entries }: OmeImage): boolean {
    return entries.some((entry) => entry.count > 0 && this.isOwn(entry));
  }

  /** Whether identifiers prove that all pages lie in other files. */
  get areElsewhere(): boolean {
    return this.#uuid !== undefined &&
      this.#entries().every(({ uuid }) => uuid !== undefined);
  }

  /**
   * Finds a page, in whichever file it lies.
   *
   * @throws {FileError} If there is none, or its file is not beside the opened
   * one.
   */
  async pageOf(image: OmeImage, page: OmePage): Promise<TiffPage> {
    const { main } = this.#set, found = image.pageOf(page);
    const what = `channel ${page.channel}, plane ${page.plane}` +
      (image.times > 1 ? `, time ${page.time}` : "");
    if (!found) throw main.file.damaged(`no page of ${what}`);
    if (this.isOwn(found.entry)) return main.at(found.directory);
    const pages = await this.#other(found.entry, what);
    return pages.at(found.directory);
  }

  /** The error for a description that does not mention the opened file. */
  strange(): FileError {
    const names = [...this.#names];
    const shown = names.slice(0, 3).map((name) => `"${name}"`).join(", ");
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    return this.#set.main.file.unreadable(
      `an OME-TIFF whose description names ${shown || "no file"}${more}`,
      `"${this.#set.image.name}" among them`,
      "give the file its name back",
    );
  }

  /** Pages in a file that is named and lies beside the opened one. */
  async #other({ uuid, fileName }: OmeEntry, what: string): Promise<TiffPages> {
    const set = this.#set;
    if (fileName === undefined) {
      throw set.main.file.unreadable(
        `an OME-TIFF whose ${what} lies in another file, which it does not name`,
        "one that holds all of its pages",
      );
    }
    requirePlain(set, fileName);
    const pages = await set.beside(fileName);
    if (!pages) throw missing(set, fileName, `whose ${what} lies`);
    const found = this.#uuidOf(pages);
    if (uuid !== undefined && found !== undefined && uuid !== found) {
      throw set.main.file.unreadable(
        `"${fileName}" of identifier ${found} beside it`,
        `${uuid}, as the description has it`,
        "put the file that belongs to it there",
      );
    }
    return pages;
  }

  /** The identifier of a file beside the opened one. */
  #uuidOf(pages: TiffPages): string | undefined {
    if (!this.#uuids.has(pages)) {
      const text = descriptionOf(pages);
      const uuid = isOme(text) ? parse(pages.file, text).uuid : undefined;
      this.#uuids.set(pages, uuid);
    }
    return this.#uuids.get(pages);
  }

  /** One file under one name, which it no longer has, is the file itself. */
  #isRenamed(uuid: string | undefined): boolean {
    return this.#followed === undefined && this.#names.size === 1 &&
      (uuid === undefined || this.#uuid === undefined);
  }

  #entries(): OmeEntry[] {
    return this.description.images.flatMap(({ entries }) => [...entries]);
  }
}

/** Reads the description that a file says lies in another. */
async function follow(
  set: TiffSet,
  { fileName, uuid }: NonNullable<OmeDescription["elsewhere"]>,
): Promise<OmeDescription> {
  const { file } = set.main;
  requirePlain(set, fileName);
  const image = set.find(fileName);
  if (!image) throw missing(set, fileName, "whose description lies");
  using source = await image.open();
  const size = Math.min(source.size, mostDescriptionBytes + 1);
  const isTiff = formatOf(source.read(0, Math.min(16, size))) === "TIFF";
  if (!isTiff && size > mostDescriptionBytes) {
    throw file.unreadable(
      `a description of ${source.size} bytes in "${fileName}"`,
      `at most ${mostDescriptionBytes}`,
    );
  }
  const text = isTiff
    ? descriptionOf(new TiffPages(new TiffFile(image.path, source)))
    : new TextDecoder().decode(source.read(0, size));
  const description = parse(file, text, `OME-XML of "${fileName}"`);
  if (description.elsewhere || description.images.length === 0) {
    throw file.unreadable(
      `no description of an image in "${fileName}"`,
      "the one that the file says is there",
    );
  }
  if (uuid && description.uuid && uuid !== description.uuid) {
    throw file.unreadable(
      `"${fileName}" of identifier ${description.uuid} beside it`,
      uuid,
      "put the file that belongs to it there",
    );
  }
  return description;
}

function descriptionOf(pages: TiffPages): string {
  const { directory } = pages.at(0);
  return textOf(pages.file, directory, tags.description) ?? "";
}

function parse(
  file: TiffFile,
  text: string,
  what = "OME-XML",
): OmeDescription {
  try {
    return parseOme(text);
  } catch (cause) {
    throw file.damaged(`${what}: ${firstLine(cause)}`, cause);
  }
}

/** Refuses names that lead out of the folder of the file that was opened. */
function requirePlain(set: TiffSet, name: string): void {
  const isPlain = name !== "" && name !== "." && name !== ".." &&
    name.length <= 255 && !/[/\\:]/.test(name) &&
    [...name].every((char) => char >= " ");
  if (isPlain) return;
  throw set.main.file.unreadable(
    `OME-XML that leads to ${JSON.stringify(name.slice(0, 255))}`,
    "the name of a file in the image's own folder",
  );
}

function missing(set: TiffSet, name: string, what: string): FileError {
  return set.main.file.unreadable(
    `an OME-TIFF ${what} in "${name}", which is not beside it`,
    "all of its files in one folder",
  );
}
