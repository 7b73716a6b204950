import { StoredZip } from "@unet/files";
import type { Instance, StackPlace } from "../instances/instance.ts";
import { encodeRoi } from "./encode_roi.ts";

/** How ROIs are named. */
export interface RoiZipOptions {
  /** What comes before the label; "nucleus" makes `nucleus-00001`, the default. */
  readonly name?: string;
  /** The same for objects that have a class, by its number. */
  readonly classNames?: readonly string[];
}

/**
 * Writes objects as the zip of ROIs that ImageJ's ROI Manager opens, one
 * outline per object ({@linkcode encodeRoi}), in stacks one per object and
 * plane, whose name ends as in `-plane-0003`. Memory holds the zip's directory,
 * some 70 bytes per outline.
 *
 * @example
 * ```ts
 * import { RoiZip } from "@unet/infer/outputs";
 * import { assert } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/cells.zip`;
 * await using zip = await RoiZip.open(path);
 * await zip.add([{
 *   label: 1,
 *   x: 3,
 *   y: 4,
 *   width: 1,
 *   height: 1,
 *   mask: new Uint8Array([1]),
 *   probability: 0.5,
 * }]);
 * await zip.finish();
 * assert((await Deno.stat(path)).size > 100);
 * ```
 */
export class RoiZip implements AsyncDisposable {
  readonly #zip: StoredZip;
  readonly #name: string;
  readonly #classNames: readonly string[];

  private constructor(
    zip: StoredZip,
    name: string,
    classNames: readonly string[],
  ) {
    this.#zip = zip;
    this.#name = name;
    this.#classNames = classNames;
  }

  /**
   * Begins a zip. Missing folders above are made.
   *
   * @param path The file, replaced at the end if it is there.
   * @param options How ROIs are named.
   * @returns The writer.
   * @throws {FileError} If no file can be made there.
   * @throws {RangeError} If a name is empty or holds what names of files
   * cannot.
   */
  static async open(
    path: string,
    { name = "nucleus", classNames = [] }: RoiZipOptions = {},
  ): Promise<RoiZip> {
    for (const each of [name, ...classNames]) checkName(each);
    return new RoiZip(await StoredZip.open(path, "ROIs"), name, classNames);
  }

  /**
   * Adds objects.
   *
   * @param instances The objects; their labels differ, or their places.
   * @throws {FileError} If they cannot be written; nothing of the file is left
   * then.
   * @throws {RangeError} If an object cannot be.
   */
  async add(instances: readonly Instance[]): Promise<void> {
    for (const instance of instances) {
      const digits = String(instance.label).padStart(5, "0");
      const kind = instance.class === undefined
        ? undefined
        : this.#classNames[instance.class];
      const name = `${kind ?? this.#name}-${digits}${suffixOf(instance.place)}`;
      const bytes = encodeRoi(instance, name);
      await this.#zip.add(`${name}.roi`, bytes);
    }
  }

  /**
   * Completes the file and gives it its name.
   *
   * @throws {FileError} If it cannot be written; nothing of it is left then.
   */
  async finish(): Promise<void> {
    await this.#zip.finish();
  }

  /** Removes what was written; does nothing after the end. */
  async abort(): Promise<void> {
    await this.#zip.abort();
  }

  /** Aborts, unless the file is finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }
}

/** @throws {RangeError} If a file's name cannot begin so. */
function checkName(name: string): void {
  // deno-lint-ignore no-control-regex
  if (/^[^\x00-\x1f\x7f/\\:*?"<>|]+$/.test(name)) return;
  throw new RangeError(
    `Cannot write ROIs: found the name ${
      JSON.stringify(name)
    }, expected one that a file may have`,
  );
}

/** The index in a stack, as part of a name; nothing where there is no stack. */
function suffixOf(place: StackPlace | undefined): string {
  if (!place) return "";
  const { axis } = place;
  return `-${axis}-${String(place[axis] ?? 0).padStart(4, "0")}`;
}
