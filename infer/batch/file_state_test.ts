import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type FileState,
  isFinished,
  latestState,
  stateAfter,
} from "./file_state.ts";
import type { DoneEvent, FailedEvent, StartEvent } from "./manifest_event.ts";

const name = "a";

function time(second: number): string {
  return `2026-01-31T12:00:${String(second).padStart(2, "0")}.000Z`;
}

function start(second: number, ...outputs: string[]): StartEvent {
  return { event: "start", at: time(second), name, outputs };
}

function done(second: number, ...outputs: string[]): DoneEvent {
  return {
    ...{ event: "done", at: time(second), name, input: name, size: 3 },
    ...{ modified: 5, hash: "0".repeat(64), setup: "0123456789abcdef" },
    ...{ counts: {}, seconds: 1 },
    outputs: outputs.map((path) => ({ path, size: 9 })),
  };
}

function failed(second: number): FailedEvent {
  return { event: "failed", at: time(second), name, input: name, error: "" };
}

type Event = StartEvent | DoneEvent | FailedEvent;

function after(...events: readonly Event[]): FileState | undefined {
  return events.reduce<FileState | undefined>(stateAfter, undefined);
}

Deno.test("stateAfter() gathers begun outputs until they are done", () => {
  assertEquals(after(start(1, "x"), failed(2), start(3, "y", "x")), {
    ...{ name, at: time(3), begun: ["x", "y"], isOpen: true },
  });
  assertEquals(after(start(1, "x", "y"), done(2, "x", "z")), {
    ...{ name, at: time(2), begun: ["y"], isOpen: false },
    done: done(2, "x", "z"),
  });
});

Deno.test("stateAfter() forgets that outputs were done once they are begun anew, and keeps the others", () => {
  assertEquals(after(done(1, "x", "y"), start(2, "x", "z")), {
    ...{ name, at: time(2), begun: ["x", "z"], isOpen: true },
    done: done(1, "y"),
  });
});

Deno.test("stateAfter() keeps a file done that is refused before any output", () => {
  assertEquals(after(done(1, "x"), failed(2)), {
    ...{ name, at: time(2), begun: [], isOpen: false },
    ...{ done: done(1, "x"), failed: failed(2) },
  });
  assertEquals(after(done(1), failed(2), done(3)), {
    ...{ name, at: time(3), begun: [], isOpen: false, done: done(3) },
  });
});

Deno.test("isFinished() is false of a file that failed, or was begun again", () => {
  assertEquals(
    [
      after(done(1, "x")),
      after(start(1, "x"), done(2, "x")),
      after(start(1, "x", "y"), done(2, "x")),
      after(start(1, "x")),
      after(done(1, "x"), start(2, "y")),
      after(done(1, "x"), failed(2)),
    ].map((state) => isFinished(state!)),
    [true, true, true, false, false, false],
  );
});

const output = fc.constantFrom("x", "y", "z");

const history = fc.array(
  fc.record({
    kind: fc.constantFrom("start", "done", "failed"),
    outputs: fc.uniqueArray(output, { minLength: 1 }),
    isFirst: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
).map((kinds) =>
  kinds.map((
    { kind, outputs, isFirst },
    index,
  ): { event: Event; isFirst: boolean } => ({
    event: kind === "start"
      ? start(index, ...outputs)
      : kind === "done"
      ? done(index, ...outputs)
      : failed(index),
    isFirst,
  }))
);

Deno.test("latestState() of one manifest's events in two says what is last, and forgets no begun output", () => {
  fc.assert(
    fc.property(history, (events) => {
      const pick = (first: boolean): FileState | undefined =>
        after(
          ...events.filter(({ isFirst }) => isFirst === first)
            .map(({ event }) => event),
        );
      const one = pick(true), other = pick(false);
      if (!one || !other) return;
      const state = latestState(one, other);
      const whole = after(...events.map(({ event }) => event))!;
      assertEquals(sorted(latestState(other, one)), sorted(state));
      assertEquals(state.at, whole.at);
      assertEquals(state.failed, whole.failed);
      assertEquals(state.done?.at, whole.done?.at);
      const lost = whole.begun.filter((output) =>
        !state.begun.includes(output)
      );
      assertEquals(lost, []);
      // What is begun in either is never taken for done, unless it ended last.
      const done = new Set(whole.done?.outputs.map(({ path }) => path));
      for (const { path } of state.done?.outputs ?? []) assert(done.has(path));
      if (whole.isOpen) assert(state.isOpen);
    }),
    { numRuns: 1000 },
  );
});

Deno.test("latestState() of equal times takes what was begun for the last, then what failed, then what was done", () => {
  const states = {
    done: after(done(1, "x"))!,
    failed: after(done(1, "x"), failed(1))!,
    begun: after(done(1, "x"), start(1, "x"))!,
    "begun and failed": after(done(1, "x"), start(1, "x"), failed(1))!,
  };
  const { done: one, failed: two, begun: three } = states;
  assertEquals([latestState(one, two), latestState(two, one)], [two, two]);
  for (const [first, last] of [[one, three], [two, three]] as const) {
    for (const state of [latestState(first, last), latestState(last, first)]) {
      assertEquals(state, three);
      assert(!isFinished(state));
    }
  }
  for (const [what, state] of Object.entries(states)) {
    assertEquals(latestState(state, state), state, what);
  }
});

Deno.test("latestState() of equal times and of the like takes the second", () => {
  const [one, other] = ["0", "1"].map((digit) =>
    after({ ...done(1, "x"), hash: digit.repeat(64) })!
  ) as [FileState, FileState];
  assertEquals(latestState(one, other), other);
  assertEquals(latestState(other, one), one);
});

Deno.test("latestState() forgets no begun output, and takes no begun file for done, though many events have one time", () => {
  const atOneTime = history.map((events) =>
    events.map(({ event, isFirst }, index) => ({
      event: { ...event, at: time(Math.floor(index / 3)) },
      isFirst,
    }))
  );
  fc.assert(
    fc.property(atOneTime, (events) => {
      const pick = (first: boolean): FileState | undefined =>
        after(
          ...events.filter(({ isFirst }) => isFirst === first)
            .map(({ event }) => event),
        );
      const one = pick(true), other = pick(false);
      if (!one || !other) return;
      const whole = after(...events.map(({ event }) => event))!;
      for (const state of [latestState(one, other), latestState(other, one)]) {
        assertEquals(
          whole.begun.filter((output) => !state.begun.includes(output)),
          [],
        );
        if (whole.isOpen) assert(!isFinished(state));
      }
    }),
    { numRuns: 2000 },
  );
});

function sorted(state: FileState): FileState {
  return { ...state, begun: state.begun.toSorted() };
}
