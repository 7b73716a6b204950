import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { named } from "./_distribution_json.ts";
import type { Action } from "./_operation.ts";
import { parsePythonJson } from "./_python_json.ts";
import { readOperation } from "./_read_operation.ts";
import { Replay } from "./_replay.ts";
import { newCursor, replayLines } from "./_replay_lines.ts";
import { writeOperation } from "./_write_operation.ts";
import { actions } from "./fixtures/actions.ts";

const write = (action: Action): string =>
  writeOperation({ worker: "a-1", action });

Deno.test("writeOperation() writes lines as Optuna does, byte by byte", () => {
  const every = new URL("fixtures/every_kind.log", import.meta.url);
  for (const line of Deno.readTextFileSync(every).trimEnd().split("\n")) {
    const written = writeOperation(readOperation(parsePythonJson(line)));
    // Times of day are kept to the millisecond.
    const cut = line.replace(/(T[\d:]+\.\d{3})\d{3}/g, "$1000");
    assertEquals(written, cut);
  }
});

Deno.test("readOperation() reads what writeOperation() wrote, whatever it does", () => {
  fc.assert(fc.property(actions, (actions) => {
    for (const action of actions) {
      assertEquals(readOperation(parsePythonJson(write(action))), {
        worker: "a-1",
        action,
      });
    }
  }));
});

Deno.test("lines add up to the same studies, read at once, by pieces, or never written", () => {
  fc.assert(
    fc.property(actions, fc.array(fc.nat(999)), (actions, cuts) => {
      const direct = new Replay();
      for (const action of actions) direct.apply(action);

      const bytes = new TextEncoder().encode(
        actions.map((action) => write(action) + "\n").join(""),
      );
      const whole = new Replay();
      replayLines([bytes], whole, newCursor("whole"));
      assertEquals(whole.studies, direct.studies);

      // Each time somebody looks there is a little more.
      const pieces = new Replay();
      const cursor = newCursor("pieces");
      let end = 0;
      for (const cut of [...cuts, bytes.length]) {
        end = Math.min(bytes.length, end + cut);
        const fresh = bytes.subarray(cursor.bytes, end);
        replayLines(
          [fresh.subarray(0, 5), fresh.subarray(5)],
          pieces,
          cursor,
        );
        // What was shown once must not change later, nor hold back changes.
        pieces.studies;
      }
      assertEquals(cursor.bytes, bytes.length);
      assertEquals(pieces.studies, direct.studies);
    }),
  );
});

Deno.test("replayLines() continues after a fault where it stopped", () => {
  const begin = write({
    kind: "createStudy",
    name: "a",
    directions: ["minimize"],
  }) + "\n";
  const bytes = new TextEncoder().encode(`${begin}{}\n`);
  const replay = new Replay();
  const cursor = newCursor("a.log");
  for (let time = 0; time < 2; time++) {
    assertThrows(
      () => replayLines([bytes.subarray(cursor.bytes)], replay, cursor),
      Error,
      'Cannot read journal "a.log": found no usable "op_code" in line 2',
    );
    assertEquals(replay.studies.length, 1);
  }
});

Deno.test("a trial that was shown stays as it was, and the same while nothing changes", () => {
  const replay = new Replay();
  replay.apply({ kind: "createStudy", name: "a", directions: ["minimize"] });
  const create: Action = {
    kind: "createTrial",
    study: 0,
    started: null,
    template: null,
  };
  replay.apply(create);
  replay.apply(create);
  const before = replay.studies;
  assertEquals(replay.studies === before, true);
  replay.apply({ kind: "setIntermediateValue", trial: 1, step: 0, value: 1 });
  const after = replay.studies;
  assertEquals(after[0]!.trials[0] === before[0]!.trials[0], true);
  assertEquals(before[0]!.trials[1]!.intermediateValues.size, 0);
  assertEquals(after[0]!.trials[1]!.intermediateValues.size, 1);
});

Deno.test("writeOperation() refuses a parameter that its distribution cannot have", () => {
  const param = (distribution: unknown, value: unknown) => () =>
    write({
      kind: "setTrialParam",
      trial: 0,
      name: "x",
      distribution: named(distribution as never),
      value: value as never,
    });
  const float = { kind: "float", low: 1, high: 2, log: true, step: null };
  const int = { kind: "int", low: 1, high: 2, log: false, step: 1 };
  const choice = { kind: "categorical", choices: [1, "1"] };
  for (
    const [distribution, value, message] of [
      [float, NaN, 'Expected a positive number as "x", got NaN'],
      [float, 0, 'Expected a positive number as "x", got 0'],
      [int, 1.5, 'Expected a whole number as "x", got 1.5'],
      [choice, 2, 'Expected one of the choices of "x", got 2'],
      [choice, true, 'Expected one of the choices of "x", got true'],
      [{ ...float, low: 3 }, 1, "Cannot write a distribution of 3 to 2"],
      [{ ...float, high: NaN }, 1, "Cannot write a distribution of 1 to NaN"],
      [{ ...int, low: 0.5 }, 1, "fractions of whole numbers"],
      [{ ...float, step: 1 }, 1, "of step 1 on a logarithmic scale"],
    ] as const
  ) assertThrows(param(distribution, value), RangeError, message);
  assertThrows(param(int, "1"), TypeError, 'a number as "x", got 1');
  assertThrows(
    param({ kind: "categorical", choices: [] }, 1),
    RangeError,
    'Expected one of the choices of "x", got 1',
  );
});
