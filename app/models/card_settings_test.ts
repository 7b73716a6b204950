import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { completePlan } from "@unet/model";
import { channelInput, objectTask } from "@unet/task";
import { cardSettings } from "./card_settings.ts";

const file = { tensors: new Map(), metadata: {} };
const plan = completePlan();

const settingsOf = (card: Record<string, unknown>) =>
  cardSettings({ path: "a", bytes: new Uint8Array(), plan, file, card });

Deno.test("cardSettings() takes what a card specifies, and nothing else", () => {
  assertEquals(settingsOf({}), { instances: {} });
  const instances = { minimalArea: 9, maximalHole: 0, depth: 1.5 };
  assertEquals(
    settingsOf({ threshold: 0, instances, pixelScale: 0.65, license: "MIT" }),
    { threshold: 0, instances, pixelSize: 0.65 },
  );
  assertEquals(settingsOf({ pixelScale: null }), { instances: {} });
  const diameters = { low: 10, median: 20, high: 40 };
  assertEquals(settingsOf({ diameters }), { instances: {}, diameters });
  for (const diameter of ["off", "auto", 30] as const) {
    assertEquals(settingsOf({ diameter }), { instances: {}, diameter });
  }
  const reading = { channel: "DAPI", plane: "max", time: 2, level: 1 } as const;
  assertEquals(settingsOf({ reading }), { instances: {}, choice: reading });
});

Deno.test("cardSettings() refuses settings that cannot be", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ threshold: 1.1 }, "found threshold 1.1, expected 0 to 1"],
    [{ threshold: "0.5" }, 'found threshold "0.5", expected 0 to 1'],
    [
      { diameter: "large" },
      'found diameter "large", expected 1 to 10000, auto or off',
    ],
    [{ threshold: null }, "found threshold null, expected 0 to 1"],
    [
      { diameters: 20 },
      "found diameters 20, expected low, median and high, 1 to 10000 in order",
    ],
    [
      { diameters: { low: 1, median: 2 } },
      'found diameters {"low":1,"median":2}',
    ],
    [{ diameters: { low: 0.5, median: 2, high: 3 } }, "found diameters"],
    [{ diameters: { low: 5, median: 20, high: 1e6 } }, "found diameters"],
    [{ diameters: { low: 4, median: 2, high: 9 } }, "found diameters"],
    [{ instances: [1] }, "found instances [1], expected settings by name"],
    [{ instances: { depth: -1 } }, "found depth -1, expected 0 to 100"],
    [{ instances: { depth: 101 } }, "found depth 101, expected 0 to 100"],
    [
      { instances: { minimalArea: 0.5 } },
      "found minimalArea 0.5, expected a whole number from 0",
    ],
    [
      { instances: { maximalHole: 2.5 } },
      "found maximalHole 2.5, expected a whole number from 0",
    ],
    ...[-1, 0, NaN, Infinity].map((pixelScale) =>
      [
        { pixelScale },
        "found pixelScale",
      ] as [Record<string, unknown>, string]
    ),
    [
      { pixelScale: "0.5" },
      'found pixelScale "0.5", expected µm per pixel above 0, or null',
    ],
    [
      { instances: { toString: 1 } },
      'found instances with "toString", expected minimalArea, maximalHole, depth, smoothing, borderWeight',
    ],
    [{ reading: "DAPI" }, 'found reading "DAPI", expected choices by name'],
    [
      { reading: { series: 1 } },
      'found reading with "series", expected channel, channels, plane, time, level',
    ],
    [
      { reading: { channels: 1 } },
      "found channels 1, expected 1 to 128 numbers from 0 or names, each once",
    ],
    [
      { reading: { channels: ["DAPI", "DAPI"] } },
      'found channels ["DAPI","DAPI"], expected 1 to 128 numbers',
    ],
    [
      { reading: { channels: ["DAPI"] } },
      'found reading with {"channels":["DAPI"]}, expected what the network takes: color',
    ],
    [
      { reading: { channel: "" } },
      'found channel "", expected a whole number from 0, a name, max or mean',
    ],
    [
      { reading: { plane: "min" } },
      'found plane "min", expected a whole number from 0, max or mean',
    ],
    [
      { reading: { level: 0.5 } },
      "found level 0.5, expected a whole number from 0",
    ],
  ];
  for (const [card, found] of cases) {
    assertThrows(
      () => settingsOf(card),
      ModelError,
      `Cannot use card of model "a": ${found}`,
    );
  }
});

Deno.test("cardSettings() takes the channels of the network where the card does not say how they are read", () => {
  const task = objectTask({ input: channelInput(["DAPI", 2]) });
  const of = (card: Record<string, unknown>) =>
    cardSettings({
      ...{ path: "a", bytes: new Uint8Array(), file, card },
      plan: completePlan({ task }),
    });
  assertEquals(of({}), {
    instances: {},
    channels: ["DAPI", "channel 2"],
    choice: { channels: ["DAPI", "channel 2"] },
  });
  const reading = { channels: ["DAPI", 2], plane: 1 };
  assertEquals(of({ reading }).choice, reading);
  for (
    const [reading, found] of [
      [{ channels: ["DAPI"] }, '{"channels":["DAPI"]}'],
      [{ channel: 0 }, '{"channel":0}'],
    ] as const
  ) {
    assertThrows(
      () => of({ reading }),
      ModelError,
      `found reading with ${found}, expected what the network takes: DAPI, channel 2`,
    );
  }
});
