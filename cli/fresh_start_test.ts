import { assertEquals, assertMatch } from "@std/assert";
import { resolve } from "@std/path";
import { readFlags } from "./flags.ts";
import { freshStart } from "./fresh_start.ts";
import { train } from "./train.ts";
import { settingsOf } from "./train_settings.ts";

const table = train.groups.flatMap(({ flags }) => flags);

function settingsFor(...args: string[]) {
  return settingsOf(readFlags("train", table, args));
}

/** The words after "train". */
function argumentsOf(command: string): string[] {
  return command.split(" train ")[1]!.split(" ");
}

Deno.test("freshStart() trains on the same images, split alike, at 0.3 of the rate", async () => {
  for (
    const args of [
      [],
      ["--validation", "0.3", "--test", "0.1", "--seed", "4"],
      ["--seed", "4", "--split-seed", "0", "--optimizer", "sgd"],
      ["--modality", "fluorescence,stained", "--skip-faulty", "--tile", "96"],
      ["--mask", "binary", "--background", "255,0"],
      ["--background=-1", "--mask", "labels"],
      ["--channel", "dapi", "--plane", "max", "--time", "2", "--level", "1"],
    ]
  ) {
    const settings = await settingsFor(
      "--data",
      "cells",
      "--out",
      "r",
      ...args,
    );
    const words = argumentsOf(freshStart(settings));
    const at = words.indexOf("--weights");
    assertEquals(resolve(words[at + 1]!), resolve("r"));
    // The run's folder has no weights here.
    const again = await settingsFor(...words.toSpliced(at, 2));
    for (
      const name of [
        ...["data", "validation", "test", "modality", "skipFaulty"],
        ...["tile", "optimizer", "channel", "plane", "time", "level"],
        ...["mask", "background"],
      ] as const
    ) {
      assertEquals(again[name], settings[name], name);
    }
    assertEquals(
      again.splitSeed ?? again.seed,
      settings.splitSeed ?? settings.seed,
    );
    assertEquals(
      again.learningRate,
      Number((0.3 * settings.learningRate).toPrecision(2)),
    );
  }
});

Deno.test("freshStart() names no data where the program draws its own", async () => {
  const settings = { ...await settingsFor("--out", "r"), tile: 96 };
  assertMatch(
    freshStart(settings),
    / train --weights r --tile 96 --optimizer sgd --lr 0\.03$/,
  );
});
