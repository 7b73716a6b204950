import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { colorInput, colorPercentilesInput } from "@unet/task";
import {
  instancesOf,
  noteBrightness,
  readingOf,
  thresholdOf,
} from "./reading_of.ts";

Deno.test("readingOf() takes what is chosen, and nothing else", () => {
  assertEquals(readingOf({}), {});
  assertEquals(
    readingOf({ channel: 2, plane: 0, level: 1 }),
    { channel: 2, plane: 0, level: 1 },
  );
});

Deno.test("readingOf() takes what a model was trained on, and says so in one line", () => {
  const lines: string[] = [];
  const choice = readingOf(
    { plane: 4 },
    { instances: {}, choice: { channel: "DAPI", plane: "max" } },
    (line) => lines.push(line),
  );
  assertEquals(choice, { channel: "DAPI", plane: 4 });
  assertEquals(lines, [
    "Reading channel DAPI, as the model was trained (`channel` to change it)",
  ]);
});

Deno.test("readingOf() lets color come before a model's channel", () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  assertEquals(
    readingOf(
      { channel: null },
      { instances: {}, choice: { channel: 1 } },
      say,
    ),
    {},
  );
  assertEquals(lines, []);
});

Deno.test("thresholdOf() takes what is chosen, else the card's, else a half", () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  assertEquals(thresholdOf(0, { threshold: 0.3, instances: {} }, say), 0);
  assertEquals(thresholdOf(undefined, { instances: {} }, say), 0.5);
  assertEquals(lines, []);
  assertEquals(thresholdOf(null, { threshold: 0.3, instances: {} }, say), 0.3);
  assertEquals(lines, ["Threshold: 0.3, as the model's card has it"]);
});

Deno.test("instancesOf() lets what is chosen come before the card's", () => {
  const card = { instances: { minimalArea: 50, depth: 2 } };
  assertEquals(
    instancesOf({ minimalArea: 0, maximalHole: null }, card),
    { minimalArea: 0, depth: 2 },
  );
});

Deno.test("readingOf() takes the channels that a model was trained on, or as many others", () => {
  const card = {
    instances: {},
    channels: ["DAPI", "actin"],
    choice: { channels: ["DAPI", "actin"] },
  };
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  assertEquals(readingOf({}, card, say), card.choice);
  assertEquals(lines, [
    "Reading channels DAPI,actin, as the model was trained (`channels` to change it)",
  ]);
  assertEquals(readingOf({ channels: [2, 0] }, card, say), {
    channels: [2, 0],
  });
  assertEquals(lines.length, 1);
});

Deno.test("readingOf() refuses channels that a model does not take", () => {
  const ofColor = { instances: {} };
  const ofTwo = { instances: {}, channels: ["DAPI", "actin"] };
  const cases = [
    [
      { channels: ["DAPI"], channel: 0 },
      undefined,
      'setting "channels": found `channel` beside it, expected one of the two',
    ],
    [
      { channels: ["DAPI"] },
      ofColor,
      'setting "channels": found a model of red, green and blue, expected `channel` for one of them, or none',
    ],
    [
      { channel: "DAPI" },
      ofTwo,
      'setting "channel": found a model of the channels DAPI,actin, expected `channels` with 2 channels',
    ],
    [
      { channels: [0] },
      ofTwo,
      'setting "channels": found 0, for a model of the channels DAPI,actin, expected 2 channels in this order',
    ],
  ] as const;
  for (const [choices, card, message] of cases) {
    assertThrows(
      () => readingOf(choices, card),
      UsageError,
      `Cannot use ${message}`,
    );
  }
});

Deno.test("noteBrightness() says that images are spread by percentiles, and nothing of another rule", () => {
  const notes: string[] = [];
  noteBrightness(colorPercentilesInput, (line) => notes.push(line));
  assertEquals(notes, [
    "Brightness: each image is spread from its 1st to its 99.8th percentile, " +
    "as in training",
  ]);
  noteBrightness(colorInput, (line) => notes.push(line));
  assertEquals(notes.length, 1);
});
