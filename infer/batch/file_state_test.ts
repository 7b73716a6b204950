import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type FileState, latestState, stateAfter } from "./file_state.ts";
import type { DoneEvent, FailedEvent, StartEvent } from "./manifest_event.ts";

const name = "a";

function time(second: number): string {
  return `2026-01-31T12:00:${String(second).padStart(2, "0")}.000Z`;
}

function start(second: number, ...outputs: string[]): StartEvent {
  return { event: "start", at: time(second), name, outputs };
}

function done(second: number): DoneEvent {
  return {
    ...{ event: "done", at: time(second), name, input: name, size: 3 },
    ...{ modified: 5, hash: "0".repeat(64), setup: "0123456789abcdef" },
    ...{ outputs: [], counts: {}, seconds: 1 },
  };
}

function failed(second: number): FailedEvent {
  return { event: "failed", at: time(second), name, input: name, error: "" };
}

type Event = StartEvent | DoneEvent | FailedEvent;

function after(...events: readonly Event[]): FileState | undefined {
  return events.reduce<FileState | undefined>(stateAfter, undefined);
}

Deno.test("stateAfter() gathers begun outputs until the file is done", () => {
  assertEquals(after(start(1, "x"), failed(2), start(3, "y", "x")), {
    ...{ name, at: time(3), begun: ["x", "y"] },
  });
  assertEquals(after(start(1, "x"), done(2)), {
    ...{ name, at: time(2), begun: [], done: done(2) },
  });
});

Deno.test("stateAfter() forgets that a file was done once outputs are begun anew", () => {
  assertEquals(after(done(1), start(2, "x")), {
    ...{ name, at: time(2), begun: ["x"] },
  });
});

Deno.test("stateAfter() keeps a file done that is refused before any output", () => {
  assertEquals(after(done(1), failed(2)), {
    ...{ name, at: time(2), begun: [], done: done(1), failed: failed(2) },
  });
  assertEquals(after(done(1), failed(2), done(3)), {
    ...{ name, at: time(3), begun: [], done: done(3) },
  });
});

const history = fc.array(
  fc.tuple(fc.constantFrom("start", "done", "failed"), fc.boolean()),
  { minLength: 1, maxLength: 6 },
).map((kinds) =>
  kinds.map(([kind, isFirst], index): { event: Event; isFirst: boolean } => ({
    event: kind === "start"
      ? start(index, `x${index}`)
      : kind === "done"
      ? done(index)
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
      assertEquals(latestState(other, one), state);
      assertEquals(state.at, whole.at);
      assertEquals(state.failed, whole.failed);
      const lost = whole.begun.filter((output) =>
        !state.begun.includes(output)
      );
      assertEquals(lost, []);
      // What is begun in either is never taken for done, unless it ended last.
      if (whole.begun.length > 0) assertEquals(state.done, whole.done);
    }),
    { numRuns: 1000 },
  );
});
