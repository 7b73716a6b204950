import { count } from "@unet/errors";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { bar, liveLine, printLine } from "./terminal.ts";

/** `unet synth`: images of nuclei with exact masks, drawn by the program. */
export const synth: Command = {
  name: "synth",
  summary: commandSummaries.synth,
  usage: "DIR [flags]",
  description:
    "Draws fluorescence, stained and bright field images of touching and " +
    "overlapping nuclei into a folder, in the layout of the 2018 Data Science " +
    "Bowl. The same seed draws the same images.",
  groups: [{
    title: "Images",
    flags: [
      {
        name: "count",
        kind: "whole",
        minimum: 1,
        maximum: 100_000,
        default: "20",
        help: "number of images",
      },
      {
        name: "size",
        kind: "whole",
        minimum: 32,
        maximum: 4096,
        default: "256",
        help: "height and width of the images",
      },
      {
        name: "seed",
        kind: "whole",
        minimum: 0,
        default: "0",
        help: "seed of the drawing",
      },
    ],
  }],
  examples: [["drawn --count 50", "fifty images into drawn/"]],
  positional: [1, 1],
  async run(flags) {
    const { synthesize, writeKaggle } = await import("@unet/data");
    const [folder] = flags.positional as [string];
    const images = flags.number("count")!, size = flags.number("size")!;
    const live = liveLine();
    let done = 0;
    const samples = synthesize({
      count: images,
      width: size,
      height: size,
      seed: flags.number("seed")!,
    });
    const counted = samples.map((sample) => {
      live.update(`Drawing ${bar(++done / images)} ${done}/${images}`);
      return sample;
    });
    await writeKaggle(counted, folder);
    live.clear();
    printLine(`${count(images, "image")} of ${size}×${size} in ${folder}`);
    return 0;
  },
};
