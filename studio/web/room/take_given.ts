import { brief, cannot, UnetError } from "@unet/errors";
import { decodeModel } from "@unet/model/model-file";
import type { SentFile } from "../network/network_messages.ts";
import { isImageName } from "./is_image_name.ts";
import type { Jobs } from "./jobs.ts";
import type { Room } from "./room.ts";
import { unzipImages } from "./unzip_images.ts";

/** What became of files that a person gave. */
export interface Taken {
  /** The paths of images. */
  readonly images: readonly string[];
  /** The names of models. */
  readonly models: readonly string[];
  /** Why others were not taken. */
  readonly faults: readonly string[];
}

/** The largest model file that a page opens. */
const mostModelBytes = 2 ** 28;

/** Takes files that a person gave: images, zips of images, and models. */
export async function takeGiven(
  files: readonly File[],
  { room, jobs }: { readonly room: Room; readonly jobs: Jobs },
): Promise<Taken> {
  const images: string[] = [], models: string[] = [], faults: string[] = [];
  for (const file of files) {
    try {
      if (file.name.endsWith(".safetensors")) {
        models.push(await takeModel(file, jobs));
      } else {
        const found = await imagesIn(file, room.freeName(file.name));
        room.take(found);
        images.push(...found.map(({ path }) => path));
      }
    } catch (error) {
      if (!(error instanceof UnetError)) throw error;
      faults.push(error.message);
    }
  }
  return { images, models, faults };
}

/** The images of a file, under a name that is free. */
async function imagesIn(file: File, free: string): Promise<SentFile[]> {
  const { name } = file;
  if (isImageName(name)) {
    return [{ path: free, name, folder: "", content: file }];
  }
  if (/\.zip$/i.test(name)) {
    return (await unzipImages(file, name)).map(({ path, content }) => {
      const end = path.lastIndexOf("/");
      return {
        ...{ path: `${free}/${path}`, content },
        name: path.slice(end + 1),
        folder: `${free}/${path.slice(0, Math.max(0, end))}`,
      };
    });
  }
  throw new UnetError(cannot("open", "file", name, {
    found: `the ending ${brief(/\.[^.]*$/.exec(name)?.[0] ?? "")}`,
    expected: "png, jpg, tif, zip, or safetensors for a model",
  }));
}

async function takeModel(file: File, jobs: Jobs): Promise<string> {
  if (file.size > mostModelBytes) {
    throw new UnetError(cannot("open", "model", file.name, {
      found: `${file.size} bytes`,
      expected: `at most ${mostModelBytes}`,
    }));
  }
  // Refused here, before anything is predicted with it.
  decodeModel(await file.bytes(), file.name);
  jobs.addModel(file.name, file);
  return file.name;
}
