import { assert, assertEquals } from "@std/assert";
import { recipes } from "./recipes.ts";
import {
  defaultsOf,
  entriesOf,
  inputsOf,
  readSettings,
  type Typed,
} from "./setting.ts";
import { trainTable } from "./train_table.ts";

const entries = entriesOf(trainTable);

/** Every input with a value that it takes, as it would be typed. */
function typedAll(): Map<string, string> {
  const values = new Map<string, string>();
  for (const [, { inputs }] of entries) {
    const [input] = inputs;
    if (!input) continue;
    const { name, kind, choices, minimum } = input;
    const word = kind === "choice"
      ? choices!.at(-1)!
      : kind === "whole"
      ? String((minimum ?? 0) + 1)
      : kind === "number"
      ? String((minimum ?? 0) + 0.25)
      : "7";
    values.set(name, word);
  }
  values.set("modality", "stained");
  values.set("shares", "cells=2");
  values.set("augment", "gamma");
  values.set("scales", "0.5-2");
  values.set("instance-heads", "directions");
  values.set("log", "json");
  values.set("classes", "background,axon");
  return values;
}

function typed(values: ReadonlyMap<string, string>): Typed {
  return {
    texts: (name) => values.has(name) ? [values.get(name)!] : [],
    text: (name) => values.get(name),
    number: (name) => values.has(name) ? Number(values.get(name)) : undefined,
    on: (name) => values.has(name),
    given: (name) => values.has(name),
  };
}

Deno.test("each input of trainTable has a name of its own and says what it does", () => {
  const inputs = entries.flatMap(([, { inputs }]) => [...inputs]);
  const names = inputs.map(({ name }) => name);
  assertEquals(names.length, new Set(names).size);
  for (const { name, help } of inputs) {
    assert(/^[a-z][a-z-]*[a-z]$/.test(name), name);
    assert(help.length > 10 && !/--[a-z]/.test(help), name);
  }
});

Deno.test("readSettings() gives each setting that was typed a value that a file may hold", () => {
  const settings = readSettings(trainTable, typed(typedAll()));
  for (const [name, { inputs, check, isStored }] of entries) {
    if (inputs.length === 0 || !isStored) continue;
    assert(Object.hasOwn(settings, name), name);
    assert(check(settings[name]), `${name} ${settings[name]}`);
  }
});

Deno.test("readSettings() gives nothing where nothing was typed", () => {
  assertEquals(readSettings(trainTable, typed(new Map())), {});
});

Deno.test("defaults, and what earlier runs meant, are values that a file may hold", () => {
  const defaults = defaultsOf(trainTable);
  for (const [name, { check, before }] of entries) {
    if (Object.hasOwn(defaults, name)) assert(check(defaults[name]), name);
    if (before !== undefined) assert(check(before), name);
  }
});

Deno.test("recipes hold values that settings may have", () => {
  for (const recipe of Object.values(recipes)) {
    for (const [name, value] of Object.entries(recipe)) {
      const setting = name === "classLoss" ? "loss" : name as "loss";
      assert(trainTable[setting].check(value), `${name} ${value}`);
    }
  }
});

Deno.test("inputsOf() lists every input once, by group", () => {
  const groups = ["Data", "Network", "Training", "Run", "Machine"] as const;
  assertEquals(
    groups.flatMap((group) => inputsOf(trainTable, group)).map(({ name }) =>
      name
    ).sort(),
    entries.flatMap(([, { inputs }]) => inputs.map(({ name }) => name)).sort(),
  );
});
