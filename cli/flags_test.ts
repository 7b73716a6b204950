import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import {
  type Configuration,
  describeUse,
  type Flag,
  readFlags,
} from "./flags.ts";

const table: readonly Flag[] = [
  { name: "out", kind: "text", value: "DIR", help: "" },
  { name: "lr", kind: "number", minimum: 0, default: "0.4", help: "" },
  { name: "epochs", kind: "whole", minimum: 1, maximum: 99, help: "" },
  { name: "loss", kind: "choice", choices: ["bce", "dice"], help: "" },
  { name: "json", kind: "switch", help: "" },
  { name: "data", kind: "text", value: "DIR", isRepeated: true, help: "" },
  { name: "config", kind: "text", value: "FILE", help: "" },
  {
    ...{ name: "link", kind: "number", minimum: 0.1, maximum: 1 } as const,
    ...{ bare: "0.25", help: "" },
  },
];

const read = (args: string[], settings?: Record<string, unknown>) =>
  readFlags("train", table, args, settings && { path: "a.json", settings });

function faultOf(args: string[], settings?: Record<string, unknown>): string {
  return assertThrows(() => read(args, settings), UsageError).message;
}

Deno.test("readFlags() reads values behind a space and behind an equals sign", () => {
  const flags = read(["--out", "a b", "--lr=1e-3", "--epochs", "7", "--json"]);
  assertEquals(flags.text("out"), "a b");
  assertEquals(flags.number("lr"), 0.001);
  assertEquals(flags.number("epochs"), 7);
  assert(flags.on("json"));
  assertEquals(flags.names, ["out", "lr", "epochs", "json"]);
});

Deno.test("readFlags() reads a flag that may do without its value", () => {
  const linkOf = (...args: string[]) => {
    const flags = read(args);
    return [flags.number("link"), ...flags.positional];
  };
  assertEquals(linkOf("a.tif"), [undefined, "a.tif"]);
  assertEquals(linkOf("a.tif", "--link"), [0.25, "a.tif"]);
  assertEquals(linkOf("--link", "a.tif"), [0.25, "a.tif"]);
  assertEquals(linkOf("--link", "--json", "a.tif"), [0.25, "a.tif"]);
  assertEquals(linkOf("--link", "0.5", "a.tif"), [0.5, "a.tif"]);
  assertEquals(linkOf("--link=0.5", "a.tif"), [0.5, "a.tif"]);
  assertEquals(linkOf("--link", "--", "--link"), [0.25, "--link"]);
  assertEquals(describeUse(table.at(-1)!), "--link [N]");
  assertEquals(
    faultOf(["--link", "3"]),
    'Cannot use flag "--link": found "3", expected a number from 0.1 to 1',
  );
  assertEquals(
    faultOf(["--link", "0.5", "--link"]),
    'Cannot use flag "--link": found it 2 times, expected once',
  );
});

Deno.test("readFlags() reads a flag that may be repeated, also from a file", () => {
  assertEquals(read(["--data", "a", "--data=b"]).texts("data"), ["a", "b"]);
  assertEquals(read(["--data", "a"]).texts("data"), ["a"]);
  assertEquals(read([]).texts("data"), []);
  assertEquals(read([], { data: "a" }).texts("data"), ["a"]);
  assertEquals(read([], { data: ["a", "b"] }).texts("data"), ["a", "b"]);
  assertEquals(read(["--data", "c"], { data: ["a"] }).texts("data"), ["c"]);
  assertEquals(
    faultOf(["--data", "a", "--data="]),
    'Cannot use flag "--data": found no value, expected DIR',
  );
  for (const wrong of [[], [true], { a: 1 }]) {
    assert(faultOf([], { data: wrong }).includes(`"data" with`));
  }
});

Deno.test("readFlags() gives defaults, which count as not given", () => {
  const flags = read([]);
  assertEquals(flags.number("lr"), 0.4);
  assertEquals(flags.number("epochs"), undefined);
  assertEquals(flags.text("loss"), undefined);
  assert(!flags.on("json"));
  assert(!flags.given("lr"));
  assert(read(["--lr", "0.4"]).given("lr"));
});

Deno.test("readFlags() keeps other arguments as text and in order", () => {
  assertEquals(
    read(["b.png", "--json", "1", "--", "--lr", "-x"]).positional,
    ["b.png", "1", "--lr", "-x"],
  );
});

Deno.test("readFlags() takes a switch with true and false, and no other value", () => {
  assert(read(["--json=true"]).on("json"));
  assert(!read(["--json=false"]).on("json"));
  assertEquals(
    faultOf(["--json=maybe"]),
    'Cannot use flag "--json": found "maybe", expected no value',
  );
});

Deno.test("readFlags() names the flag that was probably meant", () => {
  assertEquals(
    faultOf(["--epoch", "3"]),
    'Cannot use flag "--epoch": found no such flag of train; ' +
      "did you mean --epochs?",
  );
  assertEquals(
    faultOf(["--elephant=3"]),
    'Cannot use flag "--elephant": found no such flag of train; ' +
      "see unet train --help",
  );
  assert(faultOf(["-e", "3"]).includes('"-e"'));
  assert(faultOf(["--__proto__=3"]).includes('"--__proto__"'));
});

Deno.test("readFlags() says how a value is written that starts with a minus", () => {
  assert(faultOf(["--out", "-1"]).endsWith("is written --FLAG=VALUE"));
  assertEquals(read(["--out=-1"]).text("out"), "-1");
});

for (
  const [args, message] of [
    [["--out"], '"--out": found no value, expected DIR'],
    [["--out="], '"--out": found no value, expected DIR'],
    [["--lr", "fast"], '"--lr": found "fast", expected a number from 0'],
    [["--lr", "NaN"], '"--lr": found "NaN", expected a number from 0'],
    [["--lr", "1e999"], '"--lr": found "1e999", expected a number from 0'],
    [["--lr= "], '"--lr": found " ", expected a number from 0'],
    [["--lr=-1"], '"--lr": found "-1", expected a number from 0'],
    [
      ["--epochs", "0"],
      '"--epochs": found "0", expected a whole number from 1 to 99',
    ],
    [
      ["--epochs", "100"],
      '"--epochs": found "100", expected a whole number from 1 to 99',
    ],
    [
      ["--epochs", "1.5"],
      '"--epochs": found "1.5", expected a whole number from 1 to 99',
    ],
    [["--loss", "mse"], '"--loss": found "mse", expected bce, dice'],
    [["--lr", "1", "--lr", "2"], '"--lr": found it 2 times, expected once'],
    [["--json", "--json"], '"--json": found it 2 times, expected once'],
  ] as const
) {
  Deno.test(`readFlags() refuses ${args.join(" ")}`, () => {
    assertEquals(faultOf([...args]), `Cannot use flag ${message}`);
  });
}

Deno.test("Flags.required() says what is missing and where to read on", () => {
  const flags = read([]);
  assertEquals(
    assertThrows(() => flags.required("out"), UsageError).message,
    'Cannot run command "train": expected --out DIR; ' +
      "see unet train --help",
  );
  assertEquals(read(["--out", "a"]).required("out"), "a");
});

Deno.test("readFlags() takes values of a file, those of the command line first", () => {
  const settings = { lr: 2, epochs: "5", loss: "dice", json: true };
  const flags = read(["--lr", "3"], settings);
  assertEquals(flags.number("lr"), 3);
  assertEquals(flags.number("epochs"), 5);
  assertEquals(flags.text("loss"), "dice");
  assert(flags.on("json"));
  assert(flags.given("epochs"));
  assert(!read(["--json=false"], settings).on("json"));
});

for (
  const [settings, found, expected] of [
    [
      { epoch: 3 },
      '"epoch"',
      "flags that train takes from a file; did you mean epochs?",
    ],
    [{ help: true }, '"help"', "flags that train takes from a file"],
    [{ config: "b.json" }, '"config"', "flags that train takes from a file"],
    [{ json: "yes" }, '"json" with "yes"', "true or false"],
    [{ out: true }, '"out" with true', "a number or a text"],
    [{ lr: null }, '"lr" with null', "a number or a text"],
    [{ lr: [1] }, '"lr" with [1]', "a number or a text"],
  ] as [Configuration["settings"], string, string][]
) {
  Deno.test(`readFlags() refuses a file with ${JSON.stringify(settings)}`, () => {
    assertEquals(
      faultOf([], settings),
      `Cannot use configuration "a.json": found ${found}, expected ${expected}`,
    );
  });
}

Deno.test("readFlags() checks the values of a file as those of the command line", () => {
  assertEquals(
    faultOf([], { epochs: 0 }),
    'Cannot use flag "--epochs": found "0", expected a whole number from 1 to 99',
  );
});
