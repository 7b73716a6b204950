import { type ImageView, openView, type ViewChoice } from "@unet/app/view";
import { type LabelView, labelViewOf } from "@unet/app/label-view";
import { giveFile } from "@unet/data/given-files";
import { OpenFiles } from "../../images/open_files.ts";
import type { SentFile } from "../network/network_messages.ts";
import type { PageImage } from "./page_image.ts";
import { PageMask } from "./page_mask.ts";
import { RoomError } from "./room_error.ts";

/** Images that stay open. */
const mostOpen = 3;

/** The images that a person gave the page, with their masks, in memory. */
export class Room {
  readonly #images = new Map<string, PageImage>();
  readonly #views = new OpenFiles<ImageView>(mostOpen);
  #masks = 0;

  /** The images, in the order in which they were given. */
  get images(): readonly PageImage[] {
    return [...this.#images.values()];
  }

  /**
   * A name that no image has, and no folder of images: the one given, or with a
   * number as in `cells (2).tif`. An image keeps its name and its mask when
   * another of that name is given.
   */
  freeName(name: string): string {
    const [, stem = "", ending = ""] =
      /^(.+?)((?:\.ome)?\.[^./]*)?$/is.exec(name) ??
        [];
    const names = [...this.#images.keys()];
    const isTaken = (one: string) =>
      names.some((other) => other === one || other.startsWith(`${one}/`));
    let free = name;
    for (let at = 2; isTaken(free); at++) free = `${stem} (${at})${ending}`;
    return free;
  }

  /** Takes files of names that no image has. */
  take(files: readonly SentFile[]): void {
    for (const file of files) {
      const { path, content } = file;
      giveFile(path, { ...file, content: () => Promise.resolve(content) });
      this.#images.set(path, {
        ...{ file, mask: null, prediction: null },
        ...{ settled: 0, isAccepted: false },
      });
    }
  }

  /**
   * The image of a name.
   *
   * @throws {RoomError} If there is none.
   */
  imageOf(name: string): PageImage {
    const image = this.#images.get(name);
    if (image) return image;
    throw new RoomError(
      `Cannot open image ${JSON.stringify(name)}: found no such image`,
    );
  }

  /** An image, and the files that its pages may lie in. */
  filesOf(name: string): SentFile[] {
    const { file } = this.imageOf(name);
    const beside = this.images.map((image) => image.file)
      .filter((other) => other !== file && other.folder === file.folder);
    return [file, ...beside];
  }

  /**
   * Does something with an open image.
   *
   * @throws {FileError} If it cannot be read.
   */
  async useView<Result>(
    name: string,
    choice: ViewChoice,
    work: (view: ImageView) => Promise<Result>,
  ): Promise<Result> {
    const { file } = this.imageOf(name);
    const key = JSON.stringify([name, file.content.size, choice]);
    return await this.#views.use(key, () => openView(name, choice), work);
  }

  /** Names the state of an image's file, and of its mask. */
  versionsOf(
    name: string,
  ): { readonly image: string; readonly mask: string | null } {
    const { file, mask } = this.imageOf(name);
    return { image: `${file.content.size}`, mask: mask?.version ?? null };
  }

  /**
   * The labels of an image, to be looked at.
   *
   * @throws {RoomError} If it has no mask.
   */
  labelsOf(name: string): LabelView {
    const { mask } = this.imageOf(name);
    if (mask === null) {
      throw new RoomError(
        `Cannot open mask of image ${JSON.stringify(name)}: found none`,
      );
    }
    const { width, height, data } = mask.labels;
    return labelViewOf({ width, height }, (x, y, columns, rows) => {
      const part = new Uint32Array(columns * rows);
      for (let row = 0; row < rows; row++) {
        const from = (y + row) * width + x;
        part.set(data.subarray(from, from + columns), row * columns);
      }
      return Promise.resolve(part);
    });
  }

  /** The mask of an image; an empty one where there is none yet. */
  async maskOf(name: string): Promise<PageMask> {
    const image = this.imageOf(name);
    if (image.mask) return image.mask;
    const { width, height } = await this.useView(
      name,
      {},
      ({ width, height }) => Promise.resolve({ width, height }),
    );
    const data = new Uint32Array(width * height);
    return image.mask ??= this.newMask({ width, height, data });
  }

  /** A mask of labels, which it takes. */
  newMask(labels: ConstructorParameters<typeof PageMask>[1]): PageMask {
    return new PageMask(`mask${++this.#masks}`, labels);
  }
}
