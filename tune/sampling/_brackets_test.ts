import { assertEquals } from "@std/assert";
import { bracketOf, bracketsFrom } from "./_brackets.ts";
import { readFixture } from "./fixtures/read_fixture.ts";

Deno.test("bracketsFrom() and bracketOf() count and deal as Optuna does", () => {
  for (
    const { count, brackets: expected, ...row } of readFixture("brackets.json")
  ) {
    const brackets = bracketsFrom({ ...row, bootstrapCount: 0 });
    assertEquals(brackets.length, count);
    assertEquals(
      expected.map((_: number, number: number) =>
        brackets.indexOf(bracketOf("brackets", number, brackets))
      ),
      expected,
    );
  }
});
