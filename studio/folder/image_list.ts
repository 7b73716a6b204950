import { join, SEPARATOR } from "@std/path";
import { listImages } from "@unet/infer/list-images";
import { RequestError } from "../server/request_error.ts";
import { type ImageState, ImageStates, markOf } from "./image_states.ts";
import { maskName } from "./mask_name.ts";
import { placeIn } from "./place_in.ts";
import type { StudioFolder } from "./studio_folder.ts";

/** An image of the folder, as the page lists it. */
export interface ListedImage {
  /** Its path from the folder, with `/` between names. */
  readonly name: string;
  /** What a person has made of it. */
  readonly state: ImageState;
  /** How many objects were found there, if that is known. */
  readonly objects?: number;
}

/** Masks lie here, and are no images of their own. */
const isMaskFolder = /(^|\/)masks\//i;

/** The images of a studio's folder, and what is known of each. */
export class ImageList {
  readonly #folder: StudioFolder;
  readonly #states: ImageStates;
  #names = new Set<string>();

  private constructor(folder: StudioFolder, states: ImageStates) {
    this.#folder = folder;
    this.#states = states;
  }

  /**
   * Lists a folder for the first time.
   *
   * @throws {FileError} If the folder, or the studio's notes, cannot be read.
   */
  static async open(folder: StudioFolder): Promise<ImageList> {
    const list = new ImageList(folder, await ImageStates.open(folder.home));
    await list.scan();
    return list;
  }

  /** What is noted of masks. */
  get states(): ImageStates {
    return this.#states;
  }

  /**
   * Looks what is in the folder now.
   *
   * @returns Its images in natural order, with their states.
   * @throws {FileError} If a folder cannot be read.
   */
  async scan(): Promise<ListedImage[]> {
    const { root } = this.#folder;
    const { names } = await listImages(root, undefined);
    const shown = names.map((name) => name.replaceAll(SEPARATOR, "/"))
      .filter((name) => !isMaskFolder.test(name));
    this.#names = new Set(shown);
    return await Promise.all(shown.map((name) => this.describe(name)));
  }

  /** What is known of an image. */
  async describe(name: string): Promise<ListedImage> {
    const mask = await markOf(this.maskOf(name));
    const state = this.#states.stateOf(name, mask);
    const objects = state === "none" || state === "corrected"
      ? undefined
      : this.#states.note(name)?.objects;
    return { name, state, ...(objects !== undefined && { objects }) };
  }

  /** The absolute path of an image's mask, whether it is there or not. */
  maskOf(name: string): string {
    return join(this.#folder.root, maskName(name));
  }

  /**
   * The file of an image.
   *
   * @param name What the page calls it.
   * @returns Its absolute path, without links.
   * @throws {RequestError} If there is no such image in the folder (404), or it
   * is a link that leads out of it (403).
   */
  async pathOf(name: string): Promise<string> {
    if (!this.#names.has(name)) {
      throw new RequestError(
        404,
        `Cannot open image ${
          JSON.stringify(name)
        }: found no such image in the folder`,
      );
    }
    return await placeIn(this.#folder.root, name);
  }
}
