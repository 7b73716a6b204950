import { assertEquals, assertThrows } from "@std/assert";
import { resolve } from "@std/path";
import { UsageError } from "@unet/errors";
import { readFinetuneSettings } from "./finetune_settings.ts";

const least = ["--data", "cells.zip", "--roles", "roles.json"];

Deno.test("with data and roles alone, three draws of 3, 6 and 9 images are made", () => {
  assertEquals(readFinetuneSettings(least, 2), {
    sources: [{ name: "cells", path: resolve("cells.zip") }],
    roles: resolve("roles.json"),
    trainRole: "finetune",
    scoreRole: "watched",
    images: [3, 6, 9],
    draws: 3,
    seed: 0,
    model: "nuclei",
    device: null,
    threads: 2,
    flags: [],
    json: false,
    out: null,
    resume: false,
  });
});

Deno.test("every flag is read, and those after -- are train's", () => {
  const args = "--data a.zip --data b=more/b --roles r.json --train-role x " +
    "--score-role y --images 2,1 --draws 5 --seed 7 --model runs/first " +
    "--device wasm --threads 1 --json --out results.json --resume -- --lr 0.1 --json";
  assertEquals(readFinetuneSettings(args.split(" "), 2), {
    sources: [
      { name: "a", path: resolve("a.zip") },
      { name: "b", path: resolve("more/b") },
    ],
    roles: resolve("r.json"),
    trainRole: "x",
    scoreRole: "y",
    images: [2, 1],
    draws: 5,
    seed: 7,
    model: "runs/first",
    device: "wasm",
    threads: 1,
    flags: ["--lr", "0.1", "--json"],
    json: true,
    out: "results.json",
    resume: true,
  });
});

for (
  const [args, message] of [
    ["--roles r.json", '"--data": found no value, expected a folder or zip'],
    ["--data a", '"--roles": found no value, expected a file of roles'],
    ["--roles r.json --data a --data=", '"--data": found no value'],
    ["--roles r.json --data a --data ./a", "twice, expected each data set"],
    ["--roles r.json --data a cells", 'argument "cells": found no such'],
    ["--roles r.json --data a --images 3,3", 'found "3,3", expected different'],
    ["--roles r.json --data a --images 0", 'found "0", expected different'],
    ["--roles r.json --data a --resume", '"--out": found no value, expected'],
    ["--roles r.json --data a --draws 0", 'found "0", expected a whole number'],
    [
      "--roles r.json --data a --seed=-1",
      '"-1", expected a whole number from 0',
    ],
    [
      "--roles r.json --data a --score-role finetune",
      'found "finetune", expected another role than that to train on',
    ],
  ] as const
) {
  Deno.test(`${args} is refused`, () => {
    assertThrows(
      () => readFinetuneSettings(args.split(" "), 2),
      UsageError,
      message,
    );
  });
}
