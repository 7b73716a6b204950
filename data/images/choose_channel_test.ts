import { assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { findChannels, findEachChannel } from "./choose_channel.ts";

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

Deno.test("findEachChannel() finds names and numbers in the order of the choices", () => {
  const names = ["DAPI", "actin", "488"];
  assertEquals(findEachChannel(names, ["actin", 0], "a.tif"), [1, 0]);
  assertEquals(findEachChannel(names, [2, "dapi"], "a.tif"), [2, 0]);
  // A number that no channel has can only be a name.
  assertEquals(findEachChannel(names, [488], "a.tif"), [2]);
});

Deno.test("findEachChannel() refuses a channel that is not there, and one chosen twice", () => {
  const names = ["DAPI", "actin"];
  const listed = '2 channels (0 "DAPI", 1 "actin")';
  for (
    const [choices, message] of [
      [
        ["DAPI", "GFP"],
        `found ${listed}, expected a channel "GFP"; give names or numbers that it has as \`channels\``,
      ],
      [
        [0, 2],
        `found ${listed}, expected channel 2; give names or numbers that it has as \`channels\``,
      ],
      [
        ["DAPI", "actin", 0],
        'found channel 0 "DAPI" chosen twice, as "DAPI" and 0, expected each channel once',
      ],
    ] as const
  ) {
    assertThrows(
      () => findEachChannel(names, choices, "a.tif"),
      FileError,
      `Cannot read image "a.tif": ${message}`,
    );
  }
});
