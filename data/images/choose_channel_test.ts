import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { findChannels } from "./choose_channel.ts";

Deno.test("findChannels() takes a name in any capitals, as it is written first", () => {
  const names = ["Phase", "DAPI", "dapi", "µm \u00e9"];
  assertEquals(findChannels(names, "DAPI", "a.tif"), [1]);
  assertEquals(findChannels(names, "dapi", "a.tif"), [2]);
  assertEquals(findChannels(names, "phase", "a.tif"), [0]);
  assertEquals(findChannels(names, " PHASE ", "a.tif"), [0]);
  assertEquals(findChannels(names, "\u039cM E\u0301", "a.tif"), [3]);
  assertEquals(findChannels(names, undefined, "a.tif"), undefined);
});

Deno.test("findChannels() refuses a name of several channels, and one of none", () => {
  for (
    const [names, choice, expected] of [
      [["DAPI", "DAPI"], "DAPI", 'one channel "DAPI"; choose it by its number'],
      [["Dapi", "DAPI"], "dapi", 'one channel "dapi"; choose it by its number'],
      [["DAPI", "GFP"], "Cy5", 'a channel "Cy5"'],
      [["DAPI", "GFP"], 2, "channel 2"],
    ] as const
  ) {
    const { message } = assertThrows(
      () => findChannels(names, choice, "a.tif"),
      FileError,
    );
    assertEquals(
      message,
      `Cannot read image "a.tif": found 2 channels (0 "${names[0]}", 1 "${
        names[1]
      }"), expected ${expected}`,
    );
  }
});

Deno.test("findChannels() leaves alpha out of a projection", () => {
  const names = ["red", "green", "blue", "alpha"];
  assertEquals(findChannels(names, "max", "a.png"), [0, 1, 2]);
  assertEquals(findChannels(names, "mean", "a.png"), [0, 1, 2]);
});
