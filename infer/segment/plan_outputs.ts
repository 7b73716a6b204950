import { dirname, join, SEPARATOR } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { describeSystemFault, FileWriter } from "@unet/files";
import type { Input } from "./find_inputs.ts";
import { placeInLabels } from "./into_labels.ts";
import type { BatchFile } from "../batch/batch_file.ts";
import type { OutputStyle } from "../formats/format.ts";
import type { CustomFormats } from "../formats/custom_formats.ts";
import {
  endingOf,
  type FormatTable,
  kindOfOutput,
  objectFormats,
  type OutputFormat,
} from "../formats/formats.ts";
import type { OutputPaths } from "../formats/part_writers.ts";

/** One image and the files that will be made of it. */
export interface Job extends BatchFile {
  /** Its outputs' paths below the output folder, with "/". */
  readonly names: OutputPaths;
  /** Its outputs' paths. */
  readonly paths: OutputPaths;
  /** The folder for what is kept while it is under way. */
  readonly partial: string;
  /** Why the image cannot be read, where that is known. */
  readonly fault?: FileError;
}

/** The outputs to write for each image. */
export interface OutputChoice extends OutputStyle {
  /** The formats. */
  readonly formats: readonly OutputFormat[];
  /** Formats of the program's own, each of which is written too. */
  readonly customFormats?: CustomFormats;
  /** The name of labels that go into their images; none by default. */
  readonly intoLabels?: string;
  /** Whether all planes of each image are written. */
  readonly isStack?: boolean;
  /** Whether a summary is written, and a picture of each image for it. */
  readonly summary: boolean;
}

/** Tables of a whole batch, and of its shards; systems may ignore the case. */
const batchTables = /^measurements(-\d+-of-\d+)?\.csv$/i;

/**
 * Makes the output folder and writes a trial file into it, so that hours of
 * work do not end in a folder that takes nothing.
 *
 * @throws {FileError} If it cannot be written.
 */
export async function prepareFolder(out: string): Promise<void> {
  try {
    await using _trial = await FileWriter.open(join(out, ".trial"));
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
 * @param inputs The images.
 * @param out The output folder.
 * @param choice What is written of each image.
 * @returns A job per image, in the same order.
 * @throws {FileError} If two outputs would have one name, or one an input's, or
 * labels cannot go into an image.
 */
export async function planOutputs(
  inputs: readonly Input[],
  out: string,
  choice: OutputChoice,
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
    if (batchTables.test(name)) {
      throw new FileError(
        cannot("write", "output", join(out, name), {
          found: `an image, "${path}", whose table would have that name`,
          expected: "only the table of the whole batch",
          remedy: "rename the image",
        }),
      );
    }
    taken.set(name, path);
    return name;
  };
  return inputs.map((input) => {
    const named = namesOf(input, out, choice)
      .map(([format, name]) => [format, claim(name, input)] as const);
    const { stem } = input;
    const last = stem.slice(stem.lastIndexOf(SEPARATOR) + 1);
    const slashed = named.map(([format, name]) =>
      [format, name.replaceAll(SEPARATOR, "/")] as const
    );
    return {
      name: input.name,
      input: input.path,
      outputs: slashed.map(([, name]) => name),
      kinds: kindsOf(slashed, choice),
      names: Object.fromEntries(slashed),
      paths: Object.fromEntries(
        named.map(([format, name]) => [format, join(out, name)]),
      ),
      partial: join(out, dirname(stem), `.${last}.partial`),
      ...(input.fault && { fault: input.fault }),
    };
  });
}

/** An image's outputs, and their paths below the output folder. */
function namesOf(
  { stem, path }: Input,
  out: string,
  { formats, customFormats = {}, pyramid, summary, isStack = false, ...choice }:
    OutputChoice,
): [string, string][] {
  const { intoLabels } = choice;
  const table = tableOf(customFormats);
  const planned = [...formats, ...Object.keys(customFormats)];
  return [...planned, ...summary ? ["preview"] : []].map((name) => {
    if (name === "ome-zarr" && intoLabels !== undefined) {
      return [name, placeInLabels(path, intoLabels, out)];
    }
    const format = table[name]!;
    const file = `${stem}${endingOf(format, pyramid || isStack)}`;
    return [name, join(format.folder ?? "", file)];
  });
}

/** How outputs are written of which there are several kinds. */
function kindsOf(
  names: readonly (readonly [string, string])[],
  choice: OutputChoice,
): Record<string, string> {
  const table = tableOf(choice.customFormats);
  const kinds: Record<string, string> = {};
  for (const [format, name] of names) {
    const kind = kindOfOutput(table[format]!, choice);
    if (kind !== undefined) kinds[name] = kind;
  }
  return kinds;
}

/** How outputs are named; whatever is found with a network, the same. */
function tableOf(custom: CustomFormats = {}): FormatTable {
  return { ...objectFormats, ...custom };
}
