import { ClassFiles } from "./class_files.ts";
import type { MeasuredChannels } from "./measured_channels.ts";
import type { NetworkOutputs } from "./network_outputs.ts";
import type { Source } from "./open_source.ts";
import { OutputFiles } from "./output_files.ts";
import type { SegmentOptions } from "./segment_options.ts";
import type { OutputPaths } from "../formats/part_writers.ts";

/** What files are opened for. */
export interface FilesPlan
  extends Pick<SegmentOptions, "settings" | "pyramid"> {
  /** The files to write, by what they are. */
  readonly paths: OutputPaths;
  /** What becomes of the network's predictions. */
  readonly network: NetworkOutputs;
  /** The channels that objects are measured in; none by default. */
  readonly channels?: MeasuredChannels;
}

/**
 * Begins the files of an image, by what is found with the network.
 *
 * @throws {FileError} If one cannot be made.
 */
export async function openFiles(
  source: Source,
  { paths, network, channels, pyramid = false, settings = {} }: FilesPlan,
): Promise<ClassFiles | OutputFiles> {
  const { finding, classHead, style } = network;
  const plan = { paths, pyramid, style, ...(channels && { channels }) };
  if (finding === "classes") {
    return await ClassFiles.open(source, { ...plan, classHead: classHead! });
  }
  const { threshold = 0.5, instances = {} } = settings;
  return await OutputFiles.open(source, { ...plan, threshold, instances });
}
