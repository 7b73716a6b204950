import { assertEquals } from "@std/assert";
import { commandNames, loadCommand } from "./commands.ts";
import { commonFlags } from "./flags.ts";
import { nearestName } from "./nearest_name.ts";
import { commandMeanings, flagMeanings } from "./other_names.ts";

const names = [
  ...["out", "count", "epochs", "tiles-per-epoch", "lr", "tile", "validation"],
  ...["min-area", "threshold", "help", "augment", "augment-strength"],
];

for (
  const [word, expected] of [
    ["epoch", "epochs"],
    ["epohcs", "epochs"],
    ["poch", undefined],
    ["tresh", undefined],
    ["nepochs", "epochs"],
    ["tiel", "tile"],
    ["til", "tile"],
    ["time", undefined],
    ["thresh", "threshold"],
    ["treshold", "threshold"],
    ["tiles_per_epoch", "tiles-per-epoch"],
    ["tilesPerEpoch", "tiles-per-epoch"],
    ["TilesPerEpoch", "tiles-per-epoch"],
    ["minArea", "min-area"],
    ["output", "out"],
    ["lr-max", "lr"],
    ["patch-size", "tile"],
    ["ut", "out"],
    ["vali", "validation"],
    // Begins two flags: neither is more likely.
    ["au", undefined],
    // Short words are near to many, and mean another thing.
    ["file", undefined],
    ["cut", undefined],
    ["amount", undefined],
    ["l", undefined],
    ["constructor", undefined],
    ["__proto__", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`nearestName() finds ${expected ?? "nothing"} for "${word}"`, () => {
    assertEquals(nearestName(word, names, flagMeanings), expected);
  });
}

Deno.test("nearestName() takes --out for no --count", () => {
  assertEquals(nearestName("out", ["count", "size", "seed"]), undefined);
});

Deno.test("what flags and commands are called elsewhere leads to those that there are", async () => {
  const commands = await Promise.all(commandNames.map(loadCommand));
  const flags = commands.flatMap(({ groups }) =>
    groups.flatMap(({ flags }) => flags.map(({ name }) => name))
  );
  const known = new Set([...flags, ...commonFlags.map(({ name }) => name)]);
  for (const [word, meant] of Object.entries(flagMeanings)) {
    const strangers = meant.filter((name) => !known.has(name));
    assertEquals(strangers, [], word);
  }
  for (const [word, meant] of Object.entries(commandMeanings)) {
    assertEquals(commandNames.filter((name) => name === word), []);
    for (const name of meant) {
      assertEquals(commandNames.filter((each) => each === name), [name], word);
    }
  }
});
