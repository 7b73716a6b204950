import { dirname, join, SEPARATOR } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, writeFile } from "@unet/files";
import type { Input } from "./_find_inputs.ts";
import type { BatchFile } from "./batch/batch_file.ts";
import { endingOfOutput, type OutputFormat } from "./output_format.ts";

/** One image and the files that will be made of it. */
export interface Job extends BatchFile {
  /** The outputs' paths, by format. */
  readonly paths: Readonly<Partial<Record<OutputFormat, string>>>;
  /** The folder for what is kept while it is under way. */
  readonly partial: string;
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
  { formats, pyramid }: {
    readonly formats: readonly OutputFormat[];
    readonly pyramid: boolean;
  },
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
    return name;
  };
  return inputs.map((input) => {
    const named = formats.map((format) => {
      const name = `${input.stem}${endingOfOutput(format, pyramid)}`;
      return [format, claim(name, input)] as const;
    });
    const { stem } = input;
    const last = stem.slice(stem.lastIndexOf(SEPARATOR) + 1);
    return {
      name: input.name,
      input: input.path,
      outputs: named.map(([, name]) => name.replaceAll(SEPARATOR, "/")),
      paths: Object.fromEntries(
        named.map(([format, name]) => [format, join(out, name)]),
      ),
      partial: join(out, dirname(stem), `.${last}.partial`),
    };
  });
}
