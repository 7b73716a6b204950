import { assertEquals } from "@std/assert";
import { bar, describeSeconds, plainLine } from "./terminal.ts";

Deno.test("bar() fills as the share grows, and stays within its ten places", () => {
  assertEquals(bar(0), "╌╌╌╌╌╌╌╌╌╌");
  assertEquals(bar(0.5), "━━━━━╌╌╌╌╌");
  assertEquals(bar(1), "━━━━━━━━━━");
  assertEquals(bar(-1), bar(0));
  assertEquals(bar(7), bar(1));
});

for (
  const [seconds, words] of [
    [0, "0.0 s"],
    [3.14, "3.1 s"],
    [9.99, "10.0 s"],
    [10.4, "10 s"],
    [59.4, "59 s"],
    [59.6, "1 m 00 s"],
    [125, "2 m 05 s"],
    [3599.9, "1 h 00 m"],
    [7500, "2 h 05 m"],
    [360_000, "100 h 00 m"],
  ] as const
) {
  Deno.test(`describeSeconds() words ${seconds} as ${words}`, () => {
    assertEquals(describeSeconds(seconds), words);
  });
}

Deno.test("plainLine() prints the first line after its time, and then one per interval", () => {
  const printed: string[] = [];
  let time = 5;
  const line = plainLine(10, (text) => printed.push(text), () => time);
  for (; time < 40; time++) {
    line.update(`at ${time}`);
    line.clear();
  }
  assertEquals(printed, ["at 15", "at 25", "at 35"]);
});
