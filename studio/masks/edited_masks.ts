import { basename, dirname, extname, join } from "@std/path";
import { brief, UnetError } from "@unet/errors";
import { labelViewOf } from "@unet/app/label-view";
import { infoOf } from "@unet/files";
import { RequestError } from "@unet/http";
import type { ImageList } from "../folder/image_list.ts";
import type { EditedView, ImageSize } from "../images/studio_images.ts";
import { classPlaceOf } from "../folder/class_table.ts";
import { EditedMask } from "./edited_mask.ts";
import type {
  ClosedMask,
  MaskEvents,
  MaskPlace,
  SavedMask,
} from "./mask_state.ts";
import { mostPixels } from "./mask_file.ts";

/** What the masks belong to, and who hears of them. */
export interface EditedMasksOptions {
  /** The studio's folder. */
  readonly root: string;
  /** The images. */
  readonly images: ImageList;
  /** The size of an image, and of its pixels. */
  readonly sizeOf: (name: string) => Promise<ImageSize>;
  /** Called when a mask's file holds all edits. */
  readonly onSaved: (name: string, saved: SavedMask) => Promise<void>;
  /** Called when a mask could not be written. */
  readonly onFault: (error: unknown) => void;
}

/** Masks that stay in memory, 4 bytes per pixel each. */
const most = 2;

/** The masks of a studio that are edited. */
export class EditedMasks implements AsyncDisposable {
  readonly #options: EditedMasksOptions;
  /** In the order of their last use. */
  readonly #masks = new Map<string, Promise<EditedMask>>();
  /** Those that were closed to make room, which pages may still show. */
  readonly #closed = new Map<string, ClosedMask>();

  /** @param options What they belong to, and who hears of them. */
  constructor(options: EditedMasksOptions) {
    this.#options = options;
  }

  /**
   * A mask to be edited, which need not be there yet.
   *
   * @param name The image.
   * @throws {RequestError} If there is no such image (404), its mask is not to
   * be written (409), or it has too many pixels (413).
   * @throws {FileError} If the mask or its log cannot be read.
   */
  async open(name: string): Promise<EditedMask> {
    const known = this.#masks.get(name) ?? this.#open(name);
    this.#masks.delete(name);
    this.#masks.set(name, known);
    try {
      const mask = await known;
      await this.#closeOldest();
      return mask;
    } catch (error) {
      // What could not be opened is tried again.
      if (this.#masks.get(name) === known) this.#masks.delete(name);
      throw error;
    }
  }

  /** The mask of an image, if it is in memory. */
  async find(name: string): Promise<EditedMask | null> {
    return await this.#masks.get(name)?.catch(() => null) ?? null;
  }

  /** The labels of an image, to be looked at, if they are in memory. */
  async view(name: string): Promise<EditedView | null> {
    const mask = await this.find(name);
    if (mask === null) return null;
    const { width, height, data } = mask.labels;
    const view = labelViewOf({ width, height }, (x, y, columns, rows) => {
      const part = new Uint32Array(columns * rows);
      for (let row = 0; row < rows; row++) {
        const from = (y + row) * width + x;
        part.set(data.subarray(from, from + columns), row * columns);
      }
      return Promise.resolve(part);
    });
    return { ...view, version: `${mask.state.mask}-${mask.state.edit}` };
  }

  /** Ends when the file of an image's mask holds all edits. */
  async flush(name: string): Promise<void> {
    await (await this.find(name))?.flush();
  }

  /**
   * Ends when the files of all masks hold all edits.
   *
   * @throws {UnetError} If one cannot be written.
   */
  async flushAll(): Promise<void> {
    for (const name of [...this.#masks.keys()]) await this.flush(name);
  }

  /** Writes what is not written yet. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const name of [...this.#masks.keys()]) await this.#flushOrReport(name);
  }

  async #open(name: string): Promise<EditedMask> {
    const { onSaved, onFault } = this.#options;
    const events: MaskEvents = {
      onSaved: (saved) => onSaved(name, saved),
      onFault,
    };
    const place = await this.#placeOf(name);
    return await EditedMask.open(place, events, this.#closed.get(name));
  }

  async #placeOf(name: string): Promise<MaskPlace> {
    const { images, sizeOf } = this.#options;
    await images.pathOf(name);
    images.requireOneImage(name);
    await images.requireObjectNumbers(name);
    const path = await images.savedMaskOf(name);
    const there = await images.maskPathOf(name);
    if (there !== null && await infoOf(path) === null) {
      throw new RequestError(
        409,
        `Cannot edit mask of ${brief(name)}: found ${
          brief(basename(there))
        } of another program, expected ${
          brief(basename(path))
        }; save it as TIFF under this name, or move it elsewhere to begin anew`,
      );
    }
    const { width, height, pixelSize } = await sizeOf(name);
    if (width * height > mostPixels) {
      throw new RequestError(
        413,
        `Cannot edit mask of ${
          brief(name)
        }: found ${width} × ${height} pixels, expected at most ${mostPixels}, as of 8192 × 8192; draw a region under Regions, and correct that`,
      );
    }
    const log = `${basename(path, extname(path))}.edits.jsonl`;
    return {
      ...{ name, path, width, height, pixelSize },
      log: join(dirname(path), log),
      classes: classPlaceOf(this.#options.root, name),
    };
  }

  async #closeOldest(): Promise<void> {
    for (const name of this.#masks.keys()) {
      if (this.#masks.size <= most) return;
      await this.#flushOrReport(name);
      const mask = await this.find(name);
      if (mask) this.#closed.set(name, mask.closed());
      this.#masks.delete(name);
    }
  }

  /** What is wrong with one mask does not concern the others. */
  async #flushOrReport(name: string): Promise<void> {
    try {
      await this.flush(name);
    } catch (error) {
      if (!(error instanceof UnetError)) throw error;
      this.#options.onFault(error);
    }
  }
}
