import type { MeasuredChannels } from "./measured_channels.ts";
import type { Source } from "./open_source.ts";
import type { Instance } from "../instances/instance.ts";
import {
  measureInstance,
  type Measurement,
} from "../outputs/measure_instance.ts";

/**
 * Measures instances of an image in its channels.
 *
 * @param instances The instances.
 * @param source The image.
 * @param channels Its channels; none by default.
 * @returns A measurement per instance, in the same order.
 * @throws {FileError} If a channel cannot be read.
 */
export async function measureAll(
  instances: readonly Instance[],
  { pixelSize }: Pick<Source, "pixelSize">,
  channels?: MeasuredChannels,
): Promise<Measurement[]> {
  const measurements = [];
  for (const instance of instances) {
    measurements.push(
      measureInstance(instance, {
        channels: await channels?.read(instance) ?? [],
        ...(pixelSize && { pixelSize }),
      }),
    );
  }
  return measurements;
}
