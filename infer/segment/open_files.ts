import { ClassFiles } from "./class_files.ts";
import type { MeasuredChannels } from "./measured_channels.ts";
import type { NetworkOutputs } from "./network_outputs.ts";
import type { Source } from "./open_source.ts";
import { outputImageOf } from "./output_image.ts";
import { OutputFiles } from "./output_files.ts";
import type { SegmentOptions } from "./segment_options.ts";
import { instancesOf } from "../diameter/scaled_instances.ts";
import type { InstanceBand } from "../instances/instance.ts";
import type { PlaneNumbers } from "../instances/stack_numbers.ts";
import { type OutputPaths, PartWriters } from "../formats/part_writers.ts";

/** What files are opened for. */
export interface FilesPlan
  extends Pick<SegmentOptions, "settings" | "pyramid"> {
  /** The files to write, by what they are. */
  readonly paths: OutputPaths;
  /** What becomes of the network's predictions. */
  readonly network: NetworkOutputs;
  /** The channels that objects are measured in; none by default. */
  readonly channels?: MeasuredChannels;
  /** The instances that each band completes, where they are known. */
  readonly found?: readonly InstanceBand[];
  /** What numbers the objects of a plane of a stack; nothing by default. */
  readonly numbers?: PlaneNumbers;
}

/**
 * Begins the files of an image, by what is found with the network.
 *
 * @throws {FileError} If one cannot be made.
 */
export async function openFiles(
  source: Source,
  plan: FilesPlan,
): Promise<ClassFiles | OutputFiles> {
  const { paths, network, channels, pyramid = false, settings } = plan;
  const { style, classHead, table } = network;
  const writers = await PartWriters.open(
    paths,
    outputImageOf(source, {
      ...{ style, pyramid, channels: channels?.names ?? [] },
      ...(settings && { settings }),
      ...(classHead && { classHead }),
    }),
    table,
  );
  return filesOf(source, plan, writers);
}

/**
 * What makes the parts of an image, or of a plane of a stack, for files that are
 * open.
 */
export function filesOf(
  source: Source,
  plan: Omit<FilesPlan, "paths">,
  writers: PartWriters,
): ClassFiles | OutputFiles {
  const { network, channels, found, numbers } = plan;
  const { pyramid = false, settings = {} } = plan;
  const { finding, classHead, style } = network;
  const shared = {
    ...{ pyramid, style },
    ...(channels && { channels }),
    ...(numbers && { numbers }),
  };
  if (finding === "classes") {
    return new ClassFiles(
      source,
      { ...shared, classHead: classHead! },
      writers,
    );
  }
  const { threshold = 0.5, diameter } = settings;
  const own = { threshold, ...settings.instances };
  const instances = instancesOf(source.scaled, own, diameter?.kept);
  return new OutputFiles(source, {
    ...{ ...shared, threshold, instances },
    ...(found && { found }),
    ...(classHead && { classHead }),
  }, writers);
}
