import { cannot, FileError } from "@unet/errors";
import type { ImageFile } from "../images/image_file.ts";
import { readDirectories, type TiffDirectory } from "./tiff_directory.ts";
import { TiffFile } from "./tiff_file.ts";
import { readPage, type TiffPage } from "./tiff_page.ts";

/** So many files of one image are open at once; systems allow some more. */
const mostFiles = 128;

/** The pages of one file, each read when it is asked for. */
export class TiffPages {
  /** The file. */
  readonly file: TiffFile;
  readonly #directories: readonly TiffDirectory[];
  readonly #pages = new Map<number, TiffPage>();
  #places: ReadonlyMap<number, number> | undefined;

  /**
   * Reads the directories.
   *
   * @throws {FileError} If the file is damaged there.
   */
  constructor(file: TiffFile) {
    this.file = file;
    this.#directories = readDirectories(file);
  }

  /** How many pages there are. */
  get count(): number {
    return this.#directories.length;
  }

  /**
   * The page at a place, from 0.
   *
   * @throws {FileError} If there is none, or it contradicts itself.
   */
  at(index: number): TiffPage {
    const known = this.#pages.get(index);
    if (known) return known;
    const directory = this.#directories[index];
    if (!directory) {
      throw this.file.damaged(`page ${index} of ${this.count}`);
    }
    const page = readPage(this.file, directory);
    this.#pages.set(index, page);
    return page;
  }

  /** The place of a page; undefined where it is not in the chain. */
  indexOf({ directory }: TiffPage): number | undefined {
    this.#places ??= new Map(
      this.#directories.map(({ offset }, index) => [offset, index]),
    );
    return this.#places.get(directory.offset);
  }
}

/** A TIFF, and the files beside it that hold pages of the same image. */
export class TiffSet implements Disposable {
  /** The pages of the file that was opened. */
  readonly main: TiffPages;
  /** The file that was opened. */
  readonly image: ImageFile;
  readonly #others = new Map<string, TiffPages>();
  /** Names of files beside it that were read. */
  readonly #read = new Set<string>();

  /** Reads the directories; the file is disposed of with the set from then on. */
  constructor(file: TiffFile, image: ImageFile) {
    this.main = new TiffPages(file);
    this.image = image;
  }

  /**
   * The pages of a file in the same folder.
   *
   * @returns Undefined where there is no file of that name.
   * @throws {FileError} If it is no TIFF, or damaged.
   */
  async beside(name: string): Promise<TiffPages | undefined> {
    const known = this.#others.get(name);
    if (known) return known;
    const image = this.find(name);
    if (!image) return undefined;
    if (this.#others.size === mostFiles) {
      throw new FileError(cannot("read", "image", this.image.path, {
        found: `pages in more than ${mostFiles} files`,
        expected: "fewer to read at once",
        remedy: "choose one plane, or join the files",
      }));
    }
    const source = await image.open();
    try {
      const pages = new TiffPages(new TiffFile(image.path, source));
      this.#others.set(name, pages);
      return pages;
    } catch (error) {
      source[Symbol.dispose]();
      throw error;
    }
  }

  /**
   * A file of the same folder that is read for its description alone.
   *
   * @returns Undefined where there is no file of that name.
   */
  find(name: string): ImageFile | undefined {
    const image = this.image.beside(name);
    if (image) this.#read.add(name);
    return image;
  }

  /** The names of the files beside it that were read, in order. */
  get otherNames(): string[] {
    return [...this.#read].sort();
  }

  /** Bytes of all files together. */
  get size(): number {
    return this.#all().reduce((sum, { file }) => sum + file.size, 0);
  }

  /** The place of a page in its file; undefined for a smaller copy's. */
  indexOf(page: TiffPage): number | undefined {
    return this.#all().find(({ file }) => file === page.file)?.indexOf(page);
  }

  /**
   * Makes sure that the files are those that were opened.
   *
   * @throws {FileError} If one is not.
   */
  requireUnchanged(): void {
    for (const { file } of this.#all()) file.requireUnchanged();
  }

  /** Closes the files; once more does nothing. */
  [Symbol.dispose](): void {
    for (const { file } of this.#all()) file[Symbol.dispose]();
  }

  #all(): TiffPages[] {
    return [this.main, ...this.#others.values()];
  }
}
