import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { defaultSpace } from "./default_space.ts";
import { parseSpace } from "./parse_space.ts";
import { trainInputs, triedInputs } from "./settings_of_values.ts";

const parse = (text: string) =>
  parseSpace(text, { path: "space.toml", inputs: triedInputs });

Deno.test("parseSpace() reads choices and bounds from TOML, kinds by the flag", () => {
  assertEquals(
    parse(`
      # The learning rate, on a logarithmic scale.
      lr = { low = 1e-3, high = 1, log = true }
      batch = [8, 16, 32]
      nesterov = [true, false]
      loss.choices = ["bce", "dice"]
      [period]
      low = 2
      high = 10
      step = 2
      [momentum]
      low = 0.5
      high = 0.9
      step = 0.1
    `),
    {
      lr: { kind: "float", low: 1e-3, high: 1, log: true, step: null },
      batch: { kind: "categorical", choices: [8, 16, 32] },
      nesterov: { kind: "categorical", choices: [true, false] },
      loss: { kind: "categorical", choices: ["bce", "dice"] },
      period: { kind: "int", low: 2, high: 10, log: false, step: 2 },
      momentum: { kind: "float", low: 0.5, high: 0.9, log: false, step: 0.1 },
    },
  );
});

Deno.test("parseSpace() reads the same from JSON, where null leaves a flag out", () => {
  assertEquals(
    parse('{"period": [null, 5], "batch": {"low": 1, "high": 8, "log": true}}'),
    {
      period: { kind: "categorical", choices: [null, 5] },
      batch: { kind: "int", low: 1, high: 8, log: true, step: 1 },
    },
  );
});

Deno.test("parseSpace() names the file, the key and what would be right", () => {
  const cases: readonly (readonly [text: string, message: string])[] = [
    [
      "lr = [",
      'Cannot use space "space.toml": found text that is not TOML: ',
    ],
    [
      "{lr: 1}",
      'Cannot use space "space.toml": found text that is not JSON: ',
    ],
    [
      `{"lr": ${"[".repeat(1e5)}`,
      'Cannot use space "space.toml": found JSON nested more than 64 deep',
    ],
    [
      `lr = ${"[".repeat(1e5)}`,
      'Cannot use space "space.toml": found text that is not TOML: ',
    ],
    [
      "",
      'Cannot use space "space.toml": found nothing to try, expected settings of train',
    ],
    [
      "learning-rate = [1]",
      'Cannot use space "space.toml: learning-rate": found no such setting, expected one of tile, ',
    ],
    [
      'data = ["a", "b"]',
      'Cannot use space "space.toml: data": found no such setting, ',
    ],
    [
      "lr = 0.4",
      'Cannot use space "space.toml: lr": found 0.4, expected a list of choices, or low and high',
    ],
    [
      "lr = 1979-05-27",
      'Cannot use space "space.toml: lr": found "1979-05-27", ',
    ],
    [
      "lr = { from = 1 }",
      'Cannot use space "space.toml: lr.from": found no such key, expected low, high, log, step, choices',
    ],
    [
      "lr = { low = 1 }",
      'Cannot use space "space.toml: lr.high": found no value, expected a number',
    ],
    [
      'lr = { low = "1", high = 2 }',
      'Cannot use space "space.toml: lr.low": found "1", expected a number',
    ],
    [
      "lr = { low = nan, high = 2 }",
      'Cannot use space "space.toml: lr.low": found NaN, expected a number',
    ],
    [
      "lr = { low = 1, high = inf }",
      'Cannot use space "space.toml: lr.high": found Infinity, expected a number',
    ],
    [
      "lr = { low = 2, high = 1 }",
      'Cannot use space "space.toml: lr.high": found 1, expected at least low, 2',
    ],
    [
      "lr = { low = 0, high = 1, log = true }",
      'Cannot use space "space.toml: lr.low": found 0, expected more than 0 on a logarithmic scale',
    ],
    [
      "lr = { low = 1, high = 2, log = 1 }",
      'Cannot use space "space.toml: lr.log": found 1, expected true or false',
    ],
    [
      "lr = { low = 1, high = 2, log = true, step = 1 }",
      'Cannot use space "space.toml: lr.step": found it beside log, expected one of both',
    ],
    [
      "lr = { low = 1, high = 2, step = 0 }",
      'Cannot use space "space.toml: lr.step": found 0, expected more than 0',
    ],
    [
      "lr = { low = -1, high = 1 }",
      'Cannot use space "space.toml: lr.low": found -1, expected a number from 0',
    ],
    [
      "batch = { low = 1.5, high = 8 }",
      'Cannot use space "space.toml: batch.low": found 1.5, expected a whole number',
    ],
    [
      "batch = { low = 1, high = 4096 }",
      'Cannot use space "space.toml: batch.high": found 4096, expected a whole number from 1 to 1024',
    ],
    [
      "batch = []",
      'Cannot use space "space.toml: batch.choices": found an empty list, expected a list of values',
    ],
    [
      "batch.choices = 8",
      'Cannot use space "space.toml: batch.choices": found 8, expected a list of values',
    ],
    [
      "batch = { choices = [8], low = 1 }",
      'Cannot use space "space.toml: batch.low": found it beside choices, expected one of both',
    ],
    [
      "batch = [8, 8]",
      'Cannot use space "space.toml: batch.choices[1]": found 8 twice, expected each value once',
    ],
    [
      'batch = [8, "many"]',
      'Cannot use space "space.toml: batch.choices[1]": found "many", expected a whole number from 1 to 1024',
    ],
    [
      "batch = [[8]]",
      'Cannot use space "space.toml: batch.choices[0]": found [8], expected a whole number',
    ],
    [
      'loss = ["bce", "hinge"]',
      'Cannot use space "space.toml: loss.choices[1]": found "hinge", expected ',
    ],
    [
      "loss = { low = 1, high = 2 }",
      'Cannot use space "space.toml: loss": found no choices, expected a list of choices, for `loss` takes no number',
    ],
    [
      'nesterov = ["yes"]',
      'Cannot use space "space.toml: nesterov.choices[0]": found "yes", expected true or false',
    ],
    [
      '{"__proto__": [1]}',
      'Cannot use space "space.toml: __proto__": found no such setting',
    ],
  ];
  for (const [text, message] of cases) {
    const error = assertThrows(() => parse(text), UsageError);
    assert(
      error.message.startsWith(message),
      `${text}\nfound    ${error.message}\nexpected ${message}`,
    );
    assert(!error.message.includes("\n"));
  }
});

Deno.test("the default space is one that a file could hold", () => {
  const text = JSON.stringify(Object.fromEntries(
    Object.entries(defaultSpace).map(([name, { kind: _, ...rest }]) => [
      name,
      "step" in rest && rest.step === null
        ? { low: rest.low, high: rest.high, log: rest.log }
        : rest,
    ]),
  ));
  assertEquals(parse(text), defaultSpace);
  assert(Object.keys(defaultSpace).every((name) => trainInputs.has(name)));
});
