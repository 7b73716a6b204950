import { crc32 } from "node:zlib";
import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  describeSystemFault,
  FileWriter,
  parseJson,
  readFile,
  writeFile,
} from "@unet/files";
import type { Band } from "./band.ts";

const version = 3;

/** The identity of a store; a store of anything else is not continued. */
export interface BandStoreKey {
  /** Pixels per row of the image. */
  readonly width: number;
  /** Rows of the image. */
  readonly height: number;
  /** Names image, network and settings: the same text for the same bands. */
  readonly work: string;
}

interface StoredBand {
  readonly y: number;
  readonly height: number;
  /** The heads, in the order of the file, and how many values each has. */
  readonly heads: readonly (readonly [name: string, values: number])[];
  /** The CRC-32 of the file's bytes. */
  readonly sum: number;
}

interface State extends BandStoreKey {
  readonly version: number;
  readonly bands: readonly StoredBand[];
}

/**
 * Bands of an image kept in a folder, so that a work that was killed continues
 * behind the last of them with the same values.
 *
 * @example
 * ```ts
 * import { BandStore } from "@unet/infer";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = `${await Deno.makeTempDir()}/cells.partial`;
 * const key = { width: 2, height: 9, work: "cells.png, model 1" };
 * const store = await BandStore.open(folder, key);
 * const planes = { object: new Float32Array([0, 0.5]) };
 * await store.add({ y: 0, width: 2, height: 1, planes });
 *
 * const again = await BandStore.open(folder, key);
 * assertEquals(again.rows, 1);
 * const [band] = await Array.fromAsync(again.bands());
 * assertEquals(band?.planes, planes);
 * await again.remove();
 * ```
 */
export class BandStore {
  readonly #folder: string;
  #state: State;

  private constructor(folder: string, state: State) {
    this.#folder = folder;
    this.#state = state;
  }

  /**
   * Opens a store; makes nothing yet where there is none.
   *
   * @param folder Where the bands are.
   * @param key What they are of. Bands of anything else are removed.
   * @throws {FileError} If the folder cannot be read.
   */
  static async open(folder: string, key: BandStoreKey): Promise<BandStore> {
    const fresh = { version, ...key, bands: [] };
    const state = await readState(folder);
    if (state && isOf(state, key)) return new BandStore(folder, state);
    const store = new BandStore(folder, fresh);
    await store.remove();
    return store;
  }

  /** How many rows are there, from the top. */
  get rows(): number {
    const last = this.#state.bands.at(-1);
    return last ? last.y + last.height : 0;
  }

  /**
   * Keeps a band, on the disk once the promise is settled.
   *
   * @param band The band that follows the last one.
   * @throws {FileError} If it cannot be written.
   * @throws {RangeError} If it does not follow.
   */
  async add(band: Band): Promise<void> {
    const { width } = this.#state;
    if (band.y !== this.rows || band.width !== width) {
      throw new RangeError(
        `Cannot keep band: found ${band.width} columns from row ${band.y}, expected ${width} from row ${this.rows}`,
      );
    }
    const { y, height, planes } = band;
    const heads = Object.entries(planes)
      .map(([name, { length }]) => [name, length] as const);
    // Stored as they are: the fastest level of Deflate takes a seventh of the
    // network's time and makes the values of a network no smaller.
    await using file = await FileWriter.open(this.#path(y), "band");
    let sum = 0;
    for (const plane of Object.values(planes)) {
      const bytes = bytesOf(plane);
      sum = crc32(bytes, sum);
      await file.write(bytes);
    }
    await file.finish();
    const bands = [...this.#state.bands, { y, height, heads, sum }];
    const state = { ...this.#state, bands };
    await writeFile(stateOf(this.#folder), JSON.stringify(state), "band");
    this.#state = state;
  }

  /**
   * Gives the bands back, from the top.
   *
   * @throws {FileError} If one is gone or damaged.
   */
  async *bands(): AsyncGenerator<Band, void, void> {
    const { width } = this.#state;
    for (const band of this.#state.bands) {
      const { y, height, heads } = band, values = await this.#read(band);
      let from = 0;
      const planes = heads.map(([name, length]) => {
        const plane = values.subarray(from, from + length);
        from += length;
        return [name, plane];
      });
      yield { y, height, width, planes: Object.fromEntries(planes) };
    }
  }

  async #read({ y, heads, sum }: StoredBand): Promise<Float32Array> {
    const bytes = await readFile(this.#path(y), "band");
    const length = 4 * countValues(heads);
    if (bytes.length !== length) {
      throw this.#damaged(y, `${bytes.length} bytes instead of ${length}`);
    }
    if (crc32(bytes) !== sum) throw this.#damaged(y, "damaged bytes");
    const { buffer, byteOffset } = bytes;
    return byteOffset % 4 === 0
      ? new Float32Array(buffer, byteOffset, length / 4)
      : new Float32Array(bytes.slice().buffer);
  }

  /**
   * Removes the folder and all bands.
   *
   * @throws {FileError} If it cannot be removed.
   */
  async remove(): Promise<void> {
    await removeBands(this.#folder);
    this.#state = { ...this.#state, bands: [] };
  }

  #path(y: number): string {
    return join(this.#folder, `${y}.band`);
  }

  #damaged(y: number, found: string): FileError {
    return new FileError(
      cannot("read", "band", this.#path(y), {
        found,
        expected: "the content written there",
        remedy: `remove the folder "${this.#folder}" and start again`,
      }),
    );
  }
}

/**
 * Removes the folder of a store; does nothing where there is none.
 *
 * @param folder The folder.
 * @throws {FileError} If it cannot be removed.
 */
export async function removeBands(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return;
    throw new FileError(
      cannot("remove", "folder", folder, {
        found: describeSystemFault(cause),
      }),
      { cause },
    );
  }
}

function stateOf(folder: string): string {
  return join(folder, "state.json");
}

/** What was kept; nothing if there is no store, or none that can be read. */
async function readState(folder: string): Promise<State | undefined> {
  let text: string;
  try {
    text = await Deno.readTextFile(stateOf(folder));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return undefined;
    throw new FileError(
      cannot("read", "folder", folder, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  try {
    return parseJson(text) as State;
  } catch (cause) {
    // Not ours, or of a disk that lost it: the work starts anew.
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
}

function isOf(state: State, key: BandStoreKey): boolean {
  if (state?.version !== version || !Array.isArray(state.bands)) return false;
  let next = 0;
  for (const band of state.bands.map((band) => band ?? {})) {
    const { y, height, heads, sum } = band;
    const right = y === next && Number.isSafeInteger(height) && height > 0 &&
      areHeads(heads, key.width * height) && Number.isSafeInteger(sum);
    if (!right) return false;
    next += height;
  }
  return next <= key.height && state.width === key.width &&
    state.height === key.height && state.work === key.work;
}

/** Whether what a file lists are heads with whole values per pixel. */
function areHeads(value: unknown, pixels: number): boolean {
  return Array.isArray(value) && value.length > 0 &&
    value.every((entry) =>
      Array.isArray(entry) && entry.length === 2 &&
      typeof entry[0] === "string" && Number.isSafeInteger(entry[1]) &&
      entry[1] > 0 && entry[1] % pixels === 0 && entry[1] / pixels <= 1024
    );
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function countValues(heads: StoredBand["heads"]): number {
  return heads.reduce((sum, [, values]) => sum + values, 0);
}
