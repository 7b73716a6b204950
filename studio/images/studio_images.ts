import { join } from "@std/path";
import { KeptPrediction } from "@unet/app/kept-prediction";
import { saveRegion } from "@unet/app/save-region";
import { type ImageView, openView, type ViewChoice } from "@unet/app/view";
import { type LabelView, openLabelView } from "@unet/app/label-view";
import { encodeJpeg, type Size } from "@unet/data";
import { infoOf, writeFile } from "@unet/files";
import { RequestError, Turns } from "@unet/http";
import type { ImageList } from "../folder/image_list.ts";
import { hashOf } from "../folder/hash_of.ts";
import { markOf } from "../folder/image_states.ts";
import { modelVersion } from "../folder/model_version.ts";
import type { Region } from "../folder/region.ts";
import { OpenFiles } from "./open_files.ts";

/** Images and masks that stay open. */
const most = { images: 4, masks: 4 };

/** The size of an image, and of its pixels where it is known. */
export interface ImageSize extends Size {
  /** In micrometers. */
  readonly pixelSize: ImageView["pixelSize"] | undefined;
}

/** A mask in memory. */
export interface EditedView extends LabelView {
  /** Names the labels and the last edit. */
  readonly version: string;
}

/** The most pixels of a side of a thumbnail: two for each of the page's. */
const thumbnailSide = 112;

/** Opens the folder's images and masks for whoever looks at them. */
export class StudioImages implements AsyncDisposable {
  readonly #list: ImageList;
  readonly #cache: string;
  readonly #predictions: string;
  readonly #comparisons: string;
  readonly #views = new OpenFiles<ImageView>(most.images);
  readonly #masks = new OpenFiles<LabelView>(most.masks);
  readonly #edited: (name: string) => Promise<EditedView | null>;
  // Few images are decoded at once, so that they do not fill the memory.
  readonly #turns = new Turns(4, 1000);

  /**
   * @param list The images.
   * @param cache Where thumbnails and predictions are kept.
   * @param edited Masks in memory, which count instead of their files.
   */
  constructor(
    list: ImageList,
    cache: string,
    edited: (name: string) => Promise<EditedView | null>,
  ) {
    this.#list = list;
    this.#edited = edited;
    this.#cache = join(cache, "thumbnails");
    this.#predictions = join(cache, "predictions");
    this.#comparisons = join(cache, "comparisons");
  }

  /**
   * Does something with an open image.
   *
   * @param name The image.
   * @param choice Its plane and time point.
   * @param work What is done with it.
   * @throws {RequestError} If there is no such image.
   * @throws {FileError} If it cannot be read.
   */
  async useView<Result>(
    name: string,
    choice: ViewChoice,
    work: (view: ImageView) => Promise<Result>,
  ): Promise<Result> {
    const path = await this.#list.pathOf(name);
    const key = JSON.stringify([path, await versionOf(path), choice]);
    return await this.#turns.run(() =>
      this.#views.use(key, () => openView(path, choice), work)
    );
  }

  /** The size of an image, and of its pixels where it is known. */
  sizeOf(name: string): Promise<ImageSize> {
    return this.useView(
      name,
      {},
      ({ width, height, pixelSize }) =>
        Promise.resolve({ width, height, pixelSize }),
    );
  }

  /**
   * Saves a part of an image as an image of its own.
   *
   * @param region The part.
   * @param out The file.
   * @throws {RequestError} If there is no such image.
   * @throws {FileError} If it cannot be read, or the file not be written.
   */
  async saveRegion(
    { of, plane, time, ...part }: Region,
    out: string,
  ): Promise<void> {
    const path = await this.#list.pathOf(of);
    await this.#turns.run(() =>
      saveRegion(path, part, out, {
        ...(plane !== undefined && { plane }),
        ...(time !== undefined && { time }),
      })
    );
  }

  /**
   * Does something with an image's mask.
   *
   * @param name The image.
   * @param work What is done with it.
   * @throws {RequestError} If there is no such image, or no mask of it.
   * @throws {FileError} If the mask cannot be read.
   */
  async useMask<Result>(
    name: string,
    work: (mask: LabelView) => Promise<Result>,
  ): Promise<Result> {
    const edited = await this.#edited(name);
    if (edited) return await work(edited);
    const path = await this.#list.maskPathOf(name);
    if (path === null) {
      throw new RequestError(
        404,
        `Cannot open mask of image ${JSON.stringify(name)}: found none`,
      );
    }
    const key = JSON.stringify([path, await versionOf(path)]);
    const open = async () =>
      await openLabelView(path, { isMap: await this.#list.isClassMap(name) });
    return await this.#turns.run(() => this.#masks.use(key, open, work));
  }

  /**
   * Names the state of an image's file, and of its mask's: what was made of
   * another one is out of date.
   */
  async versionsOf(
    name: string,
  ): Promise<{ readonly image: string; readonly mask: string | null }> {
    const image = await versionOf(await this.#list.pathOf(name));
    const edited = await this.#edited(name);
    if (edited) return { image, mask: edited.version };
    const mask = await this.#list.maskPathOf(name);
    return { image, mask: mask === null ? null : await versionOf(mask) };
  }

  /**
   * A small picture of an image, made once.
   *
   * @returns A JPEG.
   * @throws {RequestError} If there is no such image.
   * @throws {FileError} If it cannot be read.
   */
  async thumbnail(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const path = await this.#list.pathOf(name);
    const key = await keyOf(path);
    const file = join(this.#cache, key.slice(0, 2), `${key}.jpg`);
    if (await infoOf(file)) return await Deno.readFile(file);
    // Not kept open: thousands of thumbnails would push out what is looked at.
    const jpeg = await this.#turns.run(async () => {
      await using view = await openView(path);
      return await encodeJpeg(await view.thumbnail(thumbnailSide));
    });
    await writeFile(file, jpeg, "thumbnail");
    return new Uint8Array(jpeg);
  }

  /** Where the prediction of an image is kept: of its file as it is now. */
  async predictionOf(name: string): Promise<string> {
    const path = await this.#list.pathOf(name);
    return join(this.#predictions, await keyOf(path));
  }

  /**
   * What a network predicted of an image.
   *
   * @returns Null where nothing is kept.
   * @throws {RequestError} If there is no such image.
   */
  async prediction(name: string): Promise<KeptPrediction | null> {
    return await KeptPrediction.open(await this.predictionOf(name));
  }

  /** Where an image's prediction by a model is kept, to be compared. */
  async comparisonOf(name: string, model: string): Promise<string> {
    const key = await keyOf(await this.#list.pathOf(name));
    // A training that continues, or a person, may replace it.
    const version = await modelVersion(model);
    const own = (await hashOf(`${model} ${version}`)).slice(0, 20);
    return join(this.#comparisons, `${key}-${own}`);
  }

  /**
   * Does something with the objects that a model found, to be compared.
   *
   * @param path Their file.
   * @param work What is done with it.
   * @throws {FileError} If the file cannot be read.
   */
  async useLabels<Result>(
    path: string,
    work: (labels: LabelView) => Promise<Result>,
  ): Promise<Result> {
    const key = JSON.stringify([path, await versionOf(path)]);
    return await this.#turns.run(() =>
      this.#masks.use(key, () => openLabelView(path), work)
    );
  }

  /** Closes all files. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#views[Symbol.asyncDispose]();
    await this.#masks[Symbol.asyncDispose]();
  }
}

async function versionOf(path: string): Promise<string> {
  const mark = await markOf(path);
  return mark ? `${mark.size}-${mark.modified}` : "none";
}

/** Names what is made of an image's file as it is now. */
async function keyOf(path: string): Promise<string> {
  return (await hashOf(`${path} ${await versionOf(path)}`)).slice(0, 40);
}
