import type { ImageSize } from "@unet/data";
import type { Instance } from "../instances/instance.ts";
import { encodeRuns } from "./encode_runs.ts";
import { TextFile } from "./_text_file.ts";

/** The image that objects lie in, and their classes. */
export interface InstanceCocoOptions extends ImageSize {
  /** The image's file name. */
  readonly name: string;
  /**
   * The classes, by the number that objects have. Objects without a class have
   * one more category, "nucleus".
   */
  readonly classNames?: readonly string[];
}

/**
 * Writes objects as COCO's JSON, one per line: the exact pixels as compressed
 * run lengths of the whole image, which polygons would not be where there are
 * holes, with area, box and score. In COCO, 0, 0 is the top left corner of the
 * top left pixel. An annotation's id is the object's label.
 *
 * @example
 * ```ts
 * import { InstanceCoco } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells_coco.json`;
 * const image = { name: "cells.png", width: 8, height: 8 };
 * await using file = await InstanceCoco.open(path, image);
 * await file.add([{
 *   label: 1,
 *   x: 3,
 *   y: 4,
 *   width: 1,
 *   height: 1,
 *   mask: new Uint8Array([1]),
 *   probability: 0.5,
 * }]);
 * await file.finish();
 *
 * const { annotations } = JSON.parse(await Deno.readTextFile(path));
 * assertEquals(annotations[0].bbox, [3, 4, 1, 1]);
 * ```
 */
export class InstanceCoco implements AsyncDisposable {
  readonly #file: TextFile;
  readonly #size: ImageSize;
  readonly #categories: number;
  #count = 0;

  private constructor(file: TextFile, size: ImageSize, categories: number) {
    this.#file = file;
    this.#size = size;
    this.#categories = categories;
  }

  /**
   * Begins a file. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options The image and the classes.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   */
  static async open(
    path: string,
    { name, width, height, classNames = [] }: InstanceCocoOptions,
  ): Promise<InstanceCoco> {
    // COCO's numbers begin with 1.
    const categories = [...classNames, "nucleus"]
      .map((name, at) => ({ id: at + 1, name }));
    const file = await TextFile.open(path, "COCO");
    await file.write(
      `{"images":${
        JSON.stringify([{ id: 1, file_name: name, width, height }])
      },\n"categories":${JSON.stringify(categories)},\n"annotations":[`,
    );
    return new InstanceCoco(file, { width, height }, categories.length);
  }

  /**
   * Adds objects.
   *
   * @param instances The objects; their labels differ.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If an object cannot be, or lies outside of the image.
   */
  async add(instances: readonly Instance[]): Promise<void> {
    for (const instance of instances) {
      const { label, x, y, width, height, mask, probability } = instance;
      const annotation = {
        ...{ id: label, image_id: 1 },
        category_id: instance.class === undefined
          ? this.#categories
          : instance.class + 1,
        segmentation: {
          size: [this.#size.height, this.#size.width],
          counts: encodeRuns(instance, this.#size),
        },
        area: mask.reduce((sum, value) => sum + (value === 1 ? 1 : 0), 0),
        ...{ bbox: [x, y, width, height], iscrowd: 0 },
        ...(probability !== undefined && { score: probability }),
      };
      const separator = this.#count++ === 0 ? "\n" : ",\n";
      await this.#file.write(separator + JSON.stringify(annotation));
    }
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   */
  async finish(): Promise<void> {
    await this.#file.write("\n]}\n");
    await this.#file.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#file.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}
