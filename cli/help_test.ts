import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Command } from "./command.ts";
import { commandNames, loadCommand } from "./commands.ts";
import { readFlags } from "./flags.ts";
import { describeCommand, describeProgram } from "./help.ts";

const paint: Command = {
  name: "paint",
  summary: "paints walls",
  usage: "WALL [flags]",
  description: "First line.\nSecond line, " + "which is long ".repeat(9),
  groups: [{
    title: "Color",
    flags: [
      {
        name: "color",
        kind: "choice",
        choices: ["red", "blue"],
        default: "red",
        help: "of the wall",
      },
      { name: "coats", kind: "whole", minimum: 1, help: "how many" },
      { name: "dry", kind: "switch", help: "waits" },
    ],
  }],
  examples: [["kitchen --color blue", "a blue kitchen"]],
  positional: [1, 1],
  run: () => Promise.resolve(0),
};

Deno.test("describeCommand() shows usage, flags with values and defaults, and examples", () => {
  const lines = describeCommand(paint, "unet").split("\n");
  assertEquals(lines[0], "unet paint: paints walls");
  assert(lines.includes("Usage: unet paint WALL [flags]"));
  assert(lines.includes("First line."));
  assert(lines.includes("Color:"));
  const flag = lines.find((line) => line.includes("--color "))!;
  assertMatch(flag, /red\|blue.* of the wall \(default red\)$/);
  assert(lines.some((line) => /^ {2}--dry +waits$/.test(line)));
  assert(
    lines.some((line) => /^ {2}--help +prints this help; also -h$/.test(line)),
  );
  const example = lines.indexOf("  unet paint kitchen --color blue");
  assertEquals(lines[example + 1], "      a blue kitchen");
});

Deno.test("the help of train names the defaults of the recipe beside it", async () => {
  const train = await loadCommand("train");
  const helpOf = (...args: string[]) => describeCommand(train, "unet", args);
  for (const args of [["--recipe", "finetune"], ["--recipe=finetune"]]) {
    const help = helpOf(...args).replaceAll("\n", " ");
    assertMatch(help, /Defaults with --recipe finetune: .*--epochs 10, /);
    assertMatch(help, /--lr 0\.0005, .*--batch-norm frozen, /);
  }
  assert(helpOf("--recipe", "report").includes("--optimizer sgd, "));
  for (const args of [[], ["--recipe"], ["--recipe", "toString"]]) {
    assert(!helpOf(...args).includes("Defaults with"));
  }
});

Deno.test("describeProgram() lists each command with its summary", () => {
  const text = describeProgram({ paint: "paints walls", x: "mixes" }, "unet");
  assert(text.includes("\n  paint  paints walls\n  x      mixes\n"));
});

for (const name of commandNames) {
  Deno.test(`${name} has a help that fits a terminal and names every flag`, async () => {
    const command = await loadCommand(name);
    assertEquals(command.name, name);
    const help = describeCommand(command, "deno task unet");
    for (const line of help.split("\n")) assert(line.length <= 80, line);
    const flags = command.groups.flatMap((group) => group.flags);
    assertEquals(new Set(flags.map((flag) => flag.name)).size, flags.length);
    for (const flag of flags) {
      assertMatch(help, new RegExp(`^  --${flag.name}( |$)`, "m"));
      assert(flag.help.length > 3, flag.name);
      assert(flag.kind !== "choice" || flag.choices!.length > 1, flag.name);
    }
    assert(command.examples.length > 0);
  });

  Deno.test(`${name} has examples and defaults that its own flags allow`, async () => {
    const command = await loadCommand(name);
    const table = command.groups.flatMap(({ flags }) => flags);
    for (const [line] of command.examples) {
      const flags = readFlags(name, table, line.split(" ").filter(Boolean));
      const [minimum, maximum] = command.positional;
      assert(flags.positional.length >= minimum, line);
      assert(flags.positional.length <= maximum, line);
    }
    for (const flag of table) {
      if (flag.default === undefined) continue;
      readFlags(name, table, [`--${flag.name}=${flag.default}`]);
    }
  });
}
