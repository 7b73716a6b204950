import type { ImageChoice } from "@unet/data";
import type { TrainSettings } from "./train_settings.ts";

/** Which part of image files settings choose. */
export function choiceOfSettings(
  settings: Pick<TrainSettings, keyof ImageChoice>,
): ImageChoice {
  const { channel, channels, plane, time, level } = settings;
  return {
    ...(channel !== null && { channel }),
    ...(channels !== null && { channels }),
    ...(plane !== null && { plane }),
    ...(time !== null && { time }),
    ...(level !== null && { level }),
  };
}
