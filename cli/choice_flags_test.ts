import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { choiceFlags, choiceOf } from "./choice_flags.ts";
import { readFlags } from "./flags.ts";

const flagsOf = (...args: string[]) => readFlags("check", choiceFlags, args);

Deno.test("choiceOf() reads numbers, names and projections", () => {
  assertEquals(choiceOf(flagsOf()), {});
  assertEquals(
    choiceOf(flagsOf("--channel", "2", "--plane", "0", "--level", "1")),
    { channel: 2, plane: 0, level: 1 },
  );
  assertEquals(
    choiceOf(flagsOf("--channel", "DAPI", "--plane", "max", "--time", "3")),
    { channel: "DAPI", plane: "max", time: 3 },
  );
});

Deno.test("choiceOf() refuses a plane that is neither a number nor a projection", () => {
  for (const text of ["all", "1.5", "-1", "Max"]) {
    const { message } = assertThrows(
      () => choiceOf(flagsOf(`--plane=${text}`)),
      UsageError,
    );
    assertEquals(
      message,
      `Cannot use flag "--plane": found "${text}", expected a whole number from 0, max or mean`,
    );
  }
});

Deno.test("choiceOf() takes what a model was trained on, and says so in one line", () => {
  const lines: string[] = [];
  const trainedOn = { channel: "DAPI", plane: "max" } as const;
  const choice = choiceOf(
    flagsOf("--plane", "4"),
    trainedOn,
    (line) => lines.push(line),
  );
  assertEquals(choice, { channel: "DAPI", plane: 4 });
  assertEquals(lines, [
    "Reading channel DAPI, as the model was trained (--channel to change it)",
  ]);
});

Deno.test("choiceOf() lets color come before a model's channel", () => {
  const lines: string[] = [];
  const choice = choiceOf(
    flagsOf("--channel", "color"),
    { channel: 1 },
    (line) => lines.push(line),
  );
  assertEquals([choice, lines], [{}, []]);
});
