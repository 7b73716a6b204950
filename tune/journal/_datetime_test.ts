import { assertEquals, assertThrows } from "@std/assert";
import { parseDatetime, writeDatetime } from "./_datetime.ts";

Deno.test("parseDatetime() reads times with an offset, and local ones without", () => {
  const noon = Date.UTC(2026, 10, 23, 12, 0, 0);
  for (
    const [text, time] of [
      ["2026-11-23T12:00:00+00:00", noon],
      ["2026-11-23T12:00:00.999999+00:00", noon + 999],
      ["2026-11-23 14:30:00.5+02:30", noon + 500],
      ["2026-11-23T12:00Z", noon],
      ["2026-11-23T12:00:00.001002", +new Date(2026, 10, 23, 12, 0, 0, 1)],
    ] as const
  ) assertEquals(parseDatetime(text).getTime(), time, text);
});

Deno.test("parseDatetime() refuses what is no time", () => {
  for (
    const text of [
      "",
      "2026-11-23",
      "2026-13-01T00:00:00",
      "2026-11-23T12:00:00.1234567",
      "2026-11-23T12:00:00 UTC",
      "Mon Nov 23 2026",
    ]
  ) {
    assertThrows(
      () => parseDatetime(text),
      SyntaxError,
      `the time ${JSON.stringify(text)}`,
    );
  }
});

Deno.test("writeDatetime() writes UTC with microseconds, as Optuna does", () => {
  assertEquals(
    writeDatetime(new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 67))),
    "2026-01-02T03:04:05.067000+00:00",
  );
  assertThrows(() => writeDatetime(new Date(NaN)), RangeError);
});
