import { assertEquals } from "@std/assert";
import { instancesOf, readingOf, thresholdOf } from "./reading_of.ts";

Deno.test("readingOf() takes what is chosen, and nothing else", () => {
  assertEquals(readingOf({}), {});
  assertEquals(
    readingOf({ channel: 2, plane: 0, level: 1 }),
    { channel: 2, plane: 0, level: 1 },
  );
});

Deno.test("readingOf() takes what a model was trained on, and says so in one line", () => {
  const lines: string[] = [];
  const choice = readingOf(
    { plane: 4 },
    { channel: "DAPI", plane: "max" },
    (line) => lines.push(line),
  );
  assertEquals(choice, { channel: "DAPI", plane: 4 });
  assertEquals(lines, [
    "Reading channel DAPI, as the model was trained (`channel` to change it)",
  ]);
});

Deno.test("readingOf() lets color come before a model's channel", () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  assertEquals(readingOf({ channel: null }, { channel: 1 }, say), {});
  assertEquals(lines, []);
});

Deno.test("thresholdOf() takes what is chosen, else the card's, else a half", () => {
  const lines: string[] = [];
  const say = (line: string) => lines.push(line);
  assertEquals(thresholdOf(0, { threshold: 0.3, instances: {} }, say), 0);
  assertEquals(thresholdOf(undefined, { instances: {} }, say), 0.5);
  assertEquals(lines, []);
  assertEquals(thresholdOf(null, { threshold: 0.3, instances: {} }, say), 0.3);
  assertEquals(lines, ["Threshold: 0.3, as the model's card has it"]);
});

Deno.test("instancesOf() lets what is chosen come before the card's", () => {
  const card = { instances: { minimalArea: 50, depth: 2 } };
  assertEquals(
    instancesOf({ minimalArea: 0, maximalHole: null }, card),
    { minimalArea: 0, depth: 2 },
  );
});
