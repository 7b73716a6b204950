import { assertEquals } from "@std/assert";
import { readingSettings, readSettings } from "@unet/app";
import type { MaskOptions } from "@unet/data";
import { readFlags } from "./flags.ts";
import { maskFlags } from "./setting_flags.ts";
import { describeMaskOptions, wordSettings } from "./word_settings.ts";

Deno.test("wordSettings() words settings as flags", () => {
  for (
    const [text, worded] of [
      ["train for more `epochs`", "train for more --epochs"],
      [
        "`learningRate 0.001` and another `out`",
        "--lr 0.001 and another --out",
      ],
      ["`freezeBlocks` beside it", "--freeze-blocks beside it"],
      ["`weights-partial` beside it", "--weights-partial beside it"],
      ["`background -1,0` confirms it", "--background=-1,0 confirms it"],
      ["`background #440154`", "--background '#440154'"],
      ["`network unet or vgg16`", "--network unet or vgg16"],
      ["`check` lists them", "unet check DATA lists them"],
      [
        'Cannot use setting "learningRate": found -1',
        'Cannot use flag "--lr": found -1',
      ],
      [
        'Cannot use setting "part encoder": found `format onnx`',
        'Cannot use flag "--part encoder": found --format onnx',
      ],
      [
        'Cannot use settings "`validation` and `test`": found',
        'Cannot use flags "--validation and --test": found',
      ],
      [
        'found Cannot use setting "augment": found "spin"',
        'found Cannot use flag "--augment": found "spin"',
      ],
      ["a `b", "a `b"],
      ['found setting "epochs" with 0', 'found setting "epochs" with 0'],
    ] as const
  ) assertEquals(wordSettings(text), worded);
});

Deno.test("describeMaskOptions() gives flags that read as what they describe", () => {
  const all: MaskOptions[] = [
    { mask: "binary" },
    { background: [255] },
    { mask: "labels", background: [-1, 0] },
  ];
  for (const options of all) {
    const words = describeMaskOptions(options).split(" ");
    const flags = readFlags("check", maskFlags, words);
    assertEquals<unknown>(readSettings(readingSettings, flags), options);
  }
  assertEquals(
    describeMaskOptions({ background: ["#440154", 0] }),
    "--background '#440154,0'",
  );
});
