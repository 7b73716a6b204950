import { assert, assertEquals, assertMatch } from "@std/assert";
import { join, resolve } from "@std/path";
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
      ["--data", "other=plates", "--shares", "cells=2,other:stained=1,other=1"],
      ["--roles", "r.json", "--train-role", "finetune", "--data", "plates"],
    ]
  ) {
    const settings = await settingsFor(
      "--data",
      "cells",
      "--out",
      "r",
      ...args,
    );
    const words = argumentsOf(await freshStart(settings));
    const at = words.indexOf("--weights");
    assertEquals(resolve(words[at + 1]!), resolve("r"));
    // The run's folder has no weights here.
    const again = await settingsFor(...words.toSpliced(at, 2));
    for (
      const name of [
        ...["data", "validation", "test", "modality", "skipFaulty"],
        ...["tile", "optimizer", "channel", "plane", "time", "level"],
        ...["mask", "background", "shares", "roles", "trainRole"],
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
    await freshStart(settings),
    / train --weights r --tile 96 --optimizer sgd --lr 0\.015$/,
  );
});

/** Data whose files say nothing but which classes there are. */
async function dataWith(files: Readonly<Record<string, string>>) {
  const path = await Deno.makeTempDir({ prefix: "unet-fresh-" });
  for (const [name, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(path, name), text);
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

const classesFile = { "classes.json": `{"background": 0, "axon": 255}` };
const tableFile = { "classes.csv": "image,id,class\na,1,b\na,2,a\n" };

Deno.test("freshStart() reads masks as the run did, whatever the data says of classes", async () => {
  for (
    const [files, args, flags] of [
      [{}, [], ""],
      [{}, ["--sparse", "--classes", "a,b"], "--ignore 0 --classes a=1,b=2"],
      [{}, ["--ignore=-1,255", "--background", "1"], "--ignore=-1,255"],
      [
        {},
        ["--classes", "background=0,axon=#ff0000"],
        "--classes background=0,axon=#ff0000",
      ],
      [classesFile, [], ""],
      [classesFile, ["--classes", "off"], "--classes off"],
      [
        classesFile,
        ["--classes", "background=255,axon=0"],
        "--classes background=255,axon=0",
      ],
      [tableFile, [], ""],
      [tableFile, ["--object-classes", "off"], "--object-classes off"],
      [tableFile, ["--object-classes", "b,a"], "--object-classes b,a"],
      [{ "classes.json": "{" }, ["--classes", "off"], "--classes off"],
    ] as const
  ) {
    await using data = await dataWith(files);
    const given = ["--data", data.path, "--out", "r"];
    const settings = await settingsFor(...given, ...args);
    const command = (await freshStart(settings)).replaceAll("'", "");
    assert(command.includes(flags), command);
    const words = argumentsOf(command);
    const isOfClasses = (word: string) => /^--(.*classes|ignore)\b/.test(word);
    assertEquals(
      words.filter(isOfClasses).length,
      flags.split(" ").filter(isOfClasses).length,
      command,
    );
    // The run's folder has no weights here.
    const again = await settingsFor(
      ...words.toSpliced(words.indexOf("--weights"), 2),
    );
    for (const name of ["classes", "objectClasses", "ignore"] as const) {
      assertEquals(again[name], settings[name], name);
    }
  }
});
