import { basename, dirname, extname } from "@std/path";
import { cannot, count } from "@unet/errors";
import { RequestError } from "@unet/http";
import { isImageFolder, maskName, otherMaskNames } from "./mask_name.ts";

const isMaskFile = /\.(png|jpe?g|webp|gif|tiff?|btf)$/i;

/** Which images of a studio's folder have which masks. */
export class MaskOwners {
  readonly #root: string;
  readonly #byMask: ReadonlyMap<string, readonly string[]>;
  readonly #byFolder: ReadonlyMap<string, readonly string[]>;

  /**
   * @param root The studio's folder.
   * @param names Its images, as paths from there.
   */
  constructor(root: string, names: Iterable<string>) {
    const all = [...names];
    this.#root = root;
    this.#byMask = Map.groupBy(all, maskName);
    this.#byFolder = Map.groupBy(all, (name) => dirname(name));
  }

  /**
   * Refuses an image whose mask is that of another image, too.
   *
   * @param name The image.
   * @throws {RequestError} With status 409, naming all of them.
   */
  requireOneImage(name: string): void {
    const mask = maskName(name), images = this.#byMask.get(mask) ?? [];
    if (images.length <= 1) return;
    const found = images.map((image) => JSON.stringify(image)).join(" and ");
    throw new RequestError(
      409,
      cannot("use", "mask", mask, {
        found: `the images ${found}, which share it`,
        expected: "one image per mask",
        remedy: "rename or move all but one of them",
      }),
    );
  }

  /**
   * Refuses an image whose mask would lie among masks of one nucleus each, as
   * the 2018 Data Science Bowl has them: `ID/images/ID.png` with `ID/masks/`.
   * It would be read as one more nucleus.
   *
   * @param name The image.
   * @param files The files in the folder of its mask.
   * @throws {RequestError} With status 409.
   */
  requireNoNuclei(name: string, files: ReadonlySet<string>): void {
    const own = [basename(maskName(name)), ...otherMaskNames(name)];
    if (!this.#isKaggle(name) || own.some((file) => files.has(file))) return;
    const nuclei = [...files].filter((file) => isMaskFile.test(file)).length;
    if (nuclei === 0) return;
    throw new RequestError(
      409,
      cannot("save", "mask of image", name, {
        found: `${count(nuclei, "mask")} of one nucleus${
          nuclei === 1 ? "" : " each"
        }`,
        remedy: "copy the image into a folder without masks to predict it",
      }),
    );
  }

  /** Whether an image is the only one of its `images/`, in a folder of its own. */
  #isKaggle(name: string): boolean {
    const folder = dirname(name), parent = dirname(folder);
    if (!isImageFolder.test(basename(folder))) return false;
    if (this.#byFolder.get(folder)?.length !== 1) return false;
    // The studio's own folder may be an ID, or a dataset of one pair.
    return parent !== "." ||
      basename(this.#root) === basename(name, extname(name));
  }
}
