import { basename, extname, join, SEPARATOR } from "@std/path";
import type { AnnotatedImage } from "@unet/data/annotations";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, infoOf } from "@unet/files";

/** The files of annotations, those of folders in the order of their names. */
export async function annotationFiles(
  given: readonly string[],
): Promise<string[]> {
  const files: string[] = [];
  for (const path of given) {
    try {
      if (!(await Deno.stat(path)).isDirectory) {
        files.push(path);
        continue;
      }
      const names = [...Deno.readDirSync(path)].map(({ name }) => name)
        .filter((name) =>
          /(\.(json|geojson|roi|zip)|_seg\.npy)$/i.test(name) &&
          !name.startsWith(".")
        ).sort();
      if (names.length === 0) {
        throw new FileError(cannot("import", "folder", path, {
          found: "no annotations in it",
          expected: "files ending in .json, .geojson, .roi, .zip or _seg.npy",
        }));
      }
      for (const name of names) files.push(join(path, name));
    } catch (cause) {
      if (cause instanceof FileError) throw cause;
      throw new FileError(
        cannot("read", "annotations", path, {
          found: describeSystemFault(cause),
        }),
        { cause },
      );
    }
  }
  return files;
}

const imageEnding =
  /\.(png|jpe?g|tiff?|webp|gif|svs|ndpi|scn|bif|svslide|czi|btf|qptiff|lsm|stk)$/i;

/**
 * The image in a folder that annotations mean; undefined where there is none.
 *
 * @throws {FileError} If there are several, or it is a link out of the folder.
 */
export async function findImage(
  folder: string,
  annotated: AnnotatedImage,
): Promise<string | undefined> {
  const path = await findNamed(folder, annotated);
  if (path === undefined) return undefined;
  try {
    const root = await Deno.realPath(folder);
    const start = root.endsWith(SEPARATOR) ? root : root + SEPARATOR;
    if ((await Deno.realPath(path)).startsWith(start)) return path;
  } catch (cause) {
    throw new FileError(
      cannot("import", "image", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
  throw new FileError(cannot("import", "image", path, {
    found: "a link that leads out of its folder",
    expected: `a file in "${folder}"`,
    remedy: "name the folder that it leads to as `images`",
  }));
}

async function findNamed(
  folder: string,
  { image, isWholeName }: AnnotatedImage,
): Promise<string | undefined> {
  // COCO may name sub-folders; other paths lead nowhere.
  const parts = image.split(/[/\\]/);
  if (parts.includes("..") || parts[0] === "") return undefined;
  if (isWholeName) {
    const named = [join(folder, ...parts), join(folder, parts.at(-1)!)];
    for (const path of named) {
      if ((await infoOf(path))?.isFile) return path;
    }
    return undefined;
  }
  const found = [...Deno.readDirSync(folder)].map(({ name }) => name)
    .filter((name) =>
      imageEnding.test(name) &&
      (name.startsWith(`${image}.`) &&
          stemOf(name) === image || name === image)
    ).sort();
  if (found.length <= 1) return found[0] && join(folder, found[0]);
  throw new FileError(cannot("import", "annotations of", image, {
    found: `${found.join(" and ")} in ${folder}`,
    expected: "one image of that name",
  }));
}

/** An image's name without its ending. */
export function stemOf(name: string): string {
  return basename(name, extname(name)).replace(/\.ome$/i, "");
}
