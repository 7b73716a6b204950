import { cropImage, type Image, type Rectangle } from "@unet/data";
import type { MeasuredChannels } from "./measured_channels.ts";
import type { Source } from "./open_source.ts";
import type { Instance } from "../instances/instance.ts";
import {
  type ChannelPixels,
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
  const measurements: Measurement[] = [];
  for (const { members, window } of groupsOf(instances)) {
    const read = await channels?.read(window) ?? [];
    for (const instance of members) {
      measurements.push(
        measureInstance(instance, {
          channels: members.length === 1
            ? read
            : channelsWithin(read, window, instance),
          ...(pixelSize && { pixelSize }),
        }),
      );
    }
  }
  return measurements;
}

/** Instances that are measured in one window of the image. */
interface Group {
  readonly members: readonly Instance[];
  readonly window: Rectangle;
}

/** The most pixels of a window; and of them, per pixel of its instances' boxes. */
const most = { pixels: 2 ** 20, perPixel: 4 };

/** Instances that follow one another and are close: a file is read less often. */
function groupsOf(instances: readonly Instance[]): Group[] {
  const groups: Group[] = [];
  let members: Instance[] = [], boxes = 0;
  let window: Rectangle = { x: 0, y: 0, width: 0, height: 0 };
  for (const instance of instances) {
    const own = instance.width * instance.height;
    const both = members.length === 0 ? instance : unionOf(window, instance);
    const pixels = both.width * both.height;
    const isApart = members.length > 0 &&
      (pixels > most.pixels || pixels > most.perPixel * (boxes + own));
    if (isApart) {
      groups.push({ members, window });
      members = [];
      boxes = 0;
    }
    const { x, y, width, height } = isApart ? instance : both;
    window = { x, y, width, height };
    members.push(instance);
    boxes += own;
  }
  return members.length === 0 ? groups : [...groups, { members, window }];
}

function unionOf(one: Rectangle, other: Rectangle): Rectangle {
  const x = Math.min(one.x, other.x), y = Math.min(one.y, other.y);
  return {
    ...{ x, y },
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}

/** What channels have within an instance's box. */
function channelsWithin(
  read: readonly ChannelPixels[],
  window: Rectangle,
  { x, y, width, height }: Rectangle,
): ChannelPixels[] {
  const place = { x: x - window.x, y: y - window.y, width, height };
  const cut = new Map<Image, Image>();
  return read.map((channel) => {
    const pixels = cut.get(channel.pixels) ?? cropImage(channel.pixels, place);
    cut.set(channel.pixels, pixels);
    return { ...channel, pixels };
  });
}
