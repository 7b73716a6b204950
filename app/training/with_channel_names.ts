import { channelNamesAt } from "@unet/data";
import { isChannelName } from "@unet/task";
import { sourcesOf } from "../settings/data_sources.ts";
import type { TrainSettings } from "../settings/train_settings.ts";
import { openSources } from "../sources/open_sources.ts";

/**
 * Settings whose channels are names where they were numbers: a model finds
 * them in files that have their channels in another order.
 *
 * @param settings The settings.
 * @param onNote Given the line that says so, or that files name the channels
 * differently.
 * @returns The settings; as they were unless all files of the data name these
 * channels, and alike.
 * @throws {UnetError} If the data cannot be opened.
 */
export async function withChannelNames(
  settings: TrainSettings,
  onNote: (line: string) => void = () => {},
): Promise<TrainSettings> {
  const { data, channels } = settings;
  const numbers = channels?.filter((one) => typeof one === "number") ?? [];
  if (data === null || !channels || numbers.length === 0) return settings;
  using open = await openSources(sourcesOf(data));
  const cases = open.sources.flatMap(({ dataset }) => dataset.cases);
  const [names, other] = await channelNamesAt(cases, numbers);
  if (!names) return settings;
  const rest = names.values();
  const named = channels.map((one) =>
    typeof one === "number" ? rest.next().value! : one
  );
  const list = numbers.join(", ");
  if (other) {
    onNote(
      `Channels ${list} are ${names.join(", ")} in some images, ` +
        `${other.join(", ")} in others: taken by number; ` +
        `\`channels ${named.join(",")}\` takes them by name`,
    );
    return settings;
  }
  const isUsable = named.every(isChannelName) &&
    new Set(named).size === named.length;
  if (!isUsable) return settings;
  onNote(
    `Channels ${list} are ${names.join(", ")} in all images: the model finds ` +
      "them by these names",
  );
  return { ...settings, channels: named };
}
