import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, writeFile } from "@unet/files";
import type { Input } from "./_find_inputs.ts";

/** One image and the files that will be made of it. */
export interface Job {
  /** The image, as a person would write it. */
  readonly input: string;
  /** The mask's path. */
  readonly mask: string;
  /** The overlay's path, if one is wanted. */
  readonly overlay?: string;
}

/**
 * Makes the output folder and writes a trial file into it, so that hours of
 * work do not end in a folder that takes nothing.
 *
 * @throws {FileError} If it cannot be written.
 */
export async function prepareFolder(out: string): Promise<void> {
  const trial = join(out, `.trial.${crypto.randomUUID()}`);
  try {
    await writeFile(trial, "");
    await Deno.remove(trial);
  } catch (cause) {
    throw new FileError(
      cannot("write into", "output folder", out, {
        found: describeSystemFault(
          cause instanceof FileError ? cause.cause : cause,
        ),
      }),
      { cause },
    );
  }
}

/**
 * Names each image's outputs. The output folder is there already.
 *
 * @throws {FileError} If two outputs would have one name, or one an input's.
 */
export async function planOutputs(
  inputs: readonly Input[],
  out: string,
  overlay: boolean,
): Promise<Job[]> {
  const folder = await Deno.realPath(out);
  const images = new Set(inputs.map((input) => input.place));
  const taken = new Map<string, string>();
  const claim = (name: string, { path }: Input): string => {
    const other = taken.get(name);
    if (other !== undefined) {
      throw new FileError(
        cannot("write", "output", join(out, name), {
          found: `two inputs that would make it, "${other}" and "${path}"`,
          remedy: "segment them one by one, into different folders",
        }),
      );
    }
    if (images.has(join(folder, name))) {
      throw new FileError(
        cannot("write", "output", join(out, name), {
          found: "an input of that name",
          remedy: "choose another output folder",
        }),
      );
    }
    taken.set(name, path);
    return join(out, name);
  };
  return inputs.map((input) => {
    const mask = claim(`${input.stem}.png`, input);
    if (!overlay) return { input: input.path, mask };
    return {
      input: input.path,
      mask,
      overlay: claim(`${input.stem}_overlay.png`, input),
    };
  });
}

/**
 * Makes sure that nothing would be replaced.
 *
 * @throws {FileError} If an output is there already.
 */
export async function refuseExisting(job: Job): Promise<void> {
  for (const path of [job.mask, job.overlay]) {
    if (path === undefined || !await exists(path)) continue;
    throw new FileError(
      cannot("write", "output", path, {
        found: "a file of that name",
        remedy: "use --force to replace it",
      }),
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    // A folder above is a file; writing says so.
    if (cause instanceof Deno.errors.NotADirectory) return false;
    throw new FileError(
      cannot("write", "output", path, { found: describeSystemFault(cause) }),
      { cause },
    );
  }
}
