import { assertEquals } from "@std/assert";
import { type Args, parseArgs, type ParseOptions } from "./parse_args.ts";
import recorded from "./fixtures/parse_args.json" with { type: "json" };

interface Recorded {
  name: string;
  args: string[];
  options: ParseOptions;
  result: Args;
  kept: Args;
  dropped: Args;
  calls: unknown[][];
}

for (const each of recorded as unknown as Recorded[]) {
  const { name, args, options } = each;
  Deno.test(`parseArgs() ${name}, as the real one`, () => {
    const calls: unknown[][] = [];
    const keep = () => undefined;
    const drop = (...call: unknown[]): boolean => {
      calls.push(call);
      return false;
    };
    assertEquals(parseArgs(args, options), each.result);
    assertEquals(parseArgs(args, { ...options, unknown: keep }), each.kept);
    assertEquals(parseArgs(args, { ...options, unknown: drop }), each.dropped);
    assertEquals(calls, each.calls);
  });
}

Deno.test("parseArgs() leaves its arguments as they are", () => {
  const args = Object.freeze(["--lr", "1", "--", "x"]);
  parseArgs(args, { string: ["lr"] });
  assertEquals(args, ["--lr", "1", "--", "x"]);
});
