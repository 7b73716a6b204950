import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import {
  downloadFile,
  type DownloadOptions,
  pathInfo,
  sha256Of,
} from "@unet/files";
import {
  imagenetNames,
  type NetworkName,
  networks,
} from "./networks/networks.ts";

/** Where torchvision publishes its weights. */
const source = "https://download.pytorch.org/models/";

/** Where {@linkcode downloadImagenetWeights} keeps the file. */
export interface ImagenetOptions
  extends Pick<DownloadOptions, "onProgress" | "signal"> {
  /** The folder that keeps the file. */
  readonly folder: string;
  /** Where from, with a slash at its end; torchvision's place by default. */
  readonly from?: string;
  /** Whether nothing may be downloaded; false by default. */
  readonly offline?: boolean;
}

/**
 * Finds torchvision's ImageNet weights in a folder, or downloads them once.
 * A file that was put there by hand is as good, if its checksum is right.
 *
 * @param network The network whose encoder they are for.
 * @param options The folder, and whom to report to.
 * @returns The file, 83 to 530 MB.
 * @throws {FileError} If it cannot be had, with the place to put it by hand;
 * or if what is there is another file.
 * @throws {RangeError} If torchvision has no weights for that encoder.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import { downloadImagenetWeights } from "@unet/model";
 * import { FileError } from "@unet/errors";
 * import { assertRejects } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${folder}/vgg16-397923af.pth`, "another file");
 * await assertRejects(
 *   () => downloadImagenetWeights("vgg16", { folder }),
 *   FileError,
 *   "expected 397923af…",
 * );
 * ```
 */
export async function downloadImagenetWeights(
  network: NetworkName,
  { folder, from = source, offline, onProgress, signal }: ImagenetOptions,
): Promise<string> {
  const name = networks[network].imagenet;
  if (name === undefined) {
    throw new RangeError(
      cannot("download", "weights of", network, {
        found: "an encoder that torchvision does not have",
        expected: imagenetNames.join(", "),
      }),
    );
  }
  const sha256 = /-([0-9a-f]+)\.pth$/.exec(name)![1]!;
  const path = join(folder, name);
  if (await pathInfo(path, "load", "weights") !== null) {
    const found = await sha256Of(path);
    if (found.startsWith(sha256)) return path;
    throw new FileError(
      cannot("use", "weights", path, {
        found: `a file of SHA-256 ${found}`,
        expected: `${sha256}…`,
        remedy: "remove it to download it again",
      }),
    );
  }
  if (offline) {
    throw new FileError(
      cannot("download", "weights", from + name, {
        found: "downloads forbidden by `offline` or UNET_OFFLINE",
        remedy: `download it elsewhere and put it at ${path}`,
      }),
    );
  }
  await downloadFile(from + name, path, {
    sha256,
    thing: "weights",
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return path;
}
