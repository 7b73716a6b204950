import { fromFileUrl, join } from "@std/path";
import { cardSettings, exportModel, readNamedModel } from "@unet/app";
import { drawLarge, drawPlate } from "./segment_images.ts";
import type { SegmentRuns } from "./segment_results.ts";
import type { SegmentSettings, WorkName } from "./segment_settings.ts";

/** The command line, and the folder that people run it in. */
const start = fromFileUrl(
  new URL("start.ts", import.meta.resolve("@unet/cli")),
);
const root = join(start, "..", "..");

/** A command to time. */
export interface SegmentCommand
  extends Pick<SegmentRuns, "work" | "program" | "images" | "megapixels"> {
  /** The executable and its arguments. */
  readonly command: readonly string[];
  /** The folder that it runs in. */
  readonly cwd: string;
  /** The folder that it writes, removed before each run. */
  readonly out: string;
}

/**
 * Draws the images and prepares the commands that segment them.
 *
 * @param settings What is measured.
 * @param folder A folder for images, masks and the exported network.
 * @param python OpenVINO's interpreter; null for ours alone.
 */
export async function prepareCommands(
  settings: SegmentSettings,
  folder: string,
  python: string | null,
): Promise<SegmentCommand[]> {
  const commands: SegmentCommand[] = [];
  const { images, size, large } = settings;
  const small = size * size / 1e6;
  const plate = { work: "plate", images, megapixels: images * small } as const;
  for (const work of settings.works) {
    const out = join(folder, `${work}-masks`), cwd = root;
    if (work === "plate") {
      const input = await drawPlate(folder, settings);
      const command = oursOf(settings, input, { work, out });
      commands.push({ ...plate, program: "unet", command, cwd, out });
      if (python === null) continue;
      const theirs = await peerOf(settings, input, { folder, python });
      commands.push({ ...plate, program: "openvino", cwd, ...theirs });
      continue;
    }
    const input = work === "large"
      ? await drawLarge(folder, settings)
      : await drawOne(folder, settings);
    commands.push({
      ...{ work, program: "unet", images: 1, cwd, out },
      megapixels: work === "large" ? large.width * large.height / 1e6 : small,
      command: oursOf(settings, input, { work, out }),
    });
  }
  return commands;
}

async function drawOne(
  folder: string,
  { size }: Pick<SegmentSettings, "size">,
): Promise<string> {
  return await drawPlate(join(folder, "one"), { images: 1, size });
}

/** The command that a person types. */
function oursOf(
  { model, device, precision }: SegmentSettings,
  input: string,
  { work, out }: { readonly work: WorkName; readonly out: string },
): string[] {
  return [
    ...[Deno.execPath(), "run", "-q", "-P=unet", start],
    ...["segment", input, "--model", model, "--out", out],
    ...(work === "large" ? ["--instances"] : []),
    ...(device === null ? [] : ["--device", device]),
    ...(precision === null ? [] : ["--precision", precision]),
  ];
}

/** The peer's, which reads the model as `unet export --format onnx` writes it. */
async function peerOf(
  { model, size, threads }: SegmentSettings,
  images: string,
  { folder, python }: { readonly folder: string; readonly python: string },
): Promise<Pick<SegmentCommand, "command" | "out">> {
  const network = join(folder, "model.onnx"), out = join(folder, "peer-masks");
  await exportModel({ model, format: "onnx", out: network });
  const saved = await readNamedModel(model, () => {});
  const { threshold = 0.5 } = cardSettings(saved);
  const request = { network, images, size, out, threshold, threads };
  const script = fromFileUrl(
    new URL("segment_peer_openvino.py", import.meta.url),
  );
  return { command: [python, script, JSON.stringify(request)], out };
}
