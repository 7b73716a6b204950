import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import fc from "fast-check";
import { type Outcome, overlap, type Stages } from "./overlap.ts";

type Stage = "read" | "work" | "write";

/** What happens to one item: how long each stage takes, and what fails it. */
interface Fate {
  readonly turns: Readonly<Record<Stage, number>>;
  readonly fails: Stage | undefined;
  readonly isBug: boolean;
}

const turns = fc.integer({ min: 0, max: 6 });
const fates = (stages: readonly (Stage | undefined)[], bugs: boolean) =>
  fc.array(
    fc.record({
      turns: fc.record({ read: turns, work: turns, write: turns }),
      fails: fc.constantFrom(...stages),
      isBug: bugs
        ? fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0)
        : fc.constant(false),
    }),
    { maxLength: 12 },
  );
const all = [undefined, undefined, "read", "work", "write"] as const;
const limits = fc.record({
  ahead: fc.integer({ min: 0, max: 3 }),
  behind: fc.integer({ min: 1, max: 3 }),
});

/** Lets others run; some turns are longer than those between two stages. */
async function pass(count: number): Promise<void> {
  for (let turn = 0; turn < 5 * count; turn++) await null;
}

/** Stages that follow the fates, and notes of what happened. */
function stagesOf(fates: readonly Fate[]) {
  const running = { read: 0, work: 0, write: 0 };
  const begun = { read: 0, work: 0, write: 0 };
  const most = { held: 0, work: 0, write: 0 };
  const read: number[] = [], worked: number[] = [], written: number[] = [];
  const workable: number[] = [], writable: number[] = [];
  const released: number[] = [];
  let held = 0;
  const run = async (stage: Stage, item: number): Promise<void> => {
    running[stage]++;
    begun[stage]++;
    if (stage === "read") held++;
    if (stage === "write") held--;
    most.held = Math.max(most.held, held);
    most.work = Math.max(most.work, running.work);
    most.write = Math.max(most.write, running.write);
    const { turns, fails, isBug } = fates[item]!;
    await pass(turns[stage]);
    running[stage]--;
    if (fails !== stage) return;
    if (stage !== "write") held--;
    const text = `${stage} of ${item}`;
    throw isBug ? new TypeError(text) : new FileError(text);
  };
  const stages: Stages<number, number, number, number> = {
    async read(item) {
      read.push(item);
      await run("read", item);
      workable.push(item);
      return item * 2;
    },
    async work(value, item, signal) {
      assertEquals(value, item * 2);
      assert(!signal.aborted, "work begins after the end");
      worked.push(item);
      await run("work", item);
      writable.push(item);
      return item * 3;
    },
    async write(value, item) {
      assertEquals(value, item * 3);
      written.push(item);
      await run("write", item);
      return item * 5;
    },
    release(value, item) {
      assertEquals(value, item * 2);
      released.push(item);
    },
  };
  const sort = (list: number[]) => list.toSorted((a, b) => a - b);
  /** Nothing runs on, and what was read was worked on or released, once. */
  const checkEnd = (): void => {
    assertEquals(running, { read: 0, work: 0, write: 0 });
    assertEquals(sort([...worked, ...released]), sort(workable));
    assertEquals(sort(written), sort(writable));
  };
  return { stages, most, begun, released, read, worked, checkEnd };
}

function expectedOf(fates: readonly Fate[]): string[] {
  return fates.map(({ fails }, item) =>
    fails ? `${fails} of ${item}` : String(item * 5)
  );
}

function textOf(outcome: Outcome<number, number>): string {
  return "error" in outcome ? outcome.error.message : String(outcome.result);
}

const runs = { numRuns: 300 };

Deno.test("overlap() reports every item once and in order, whatever stage fails it", async () => {
  await fc.assert(
    fc.asyncProperty(fates(all, false), limits, async (fates, limits) => {
      const { stages, read, worked, released, checkEnd } = stagesOf(fates);
      const outcomes: string[] = [];
      await overlap(fates.keys(), stages, {
        ...limits,
        onOutcome: (outcome) => outcomes.push(textOf(outcome)),
      });
      assertEquals(outcomes, expectedOf(fates));
      assertEquals(read, [...fates.keys()]);
      assertEquals(worked, worked.toSorted((a, b) => a - b));
      assertEquals(released, []);
      checkEnd();
    }),
    runs,
  );
});

Deno.test("overlap() works on one item at a time, and holds no more than it says", async () => {
  await fc.assert(
    fc.asyncProperty(fates(all, false), limits, async (fates, limits) => {
      const { stages, most } = stagesOf(fates);
      await overlap(fates.keys(), stages, limits);
      const { ahead, behind } = limits;
      assert(most.work <= 1, `${most.work} at work`);
      assert(most.write <= behind, `${most.write} of ${behind} written`);
      assert(most.held <= ahead + 1, `${most.held} held, ahead ${ahead}`);
    }),
    runs,
  );
});

Deno.test("overlap() draws items only as they are needed, and closes their source", async () => {
  let drawn = 0, isClosed = false;
  function* source(): Generator<number> {
    try {
      for (;;) yield drawn++;
    } finally {
      isClosed = true;
    }
  }
  const stop = new AbortController();
  await assertRejects(() =>
    overlap(source(), {
      read: (item) => Promise.resolve(item),
      work: (item) => Promise.resolve(item),
      write: (item) => {
        if (item === 5) stop.abort(new Error("enough"));
        return Promise.resolve(item);
      },
    }, { signal: stop.signal, ahead: 2 })
  );
  assert(drawn >= 6 && drawn <= 12, `${drawn} drawn`);
  assert(isClosed);
});

Deno.test("overlap() ends on abort: work that is done is written, the rest released", async () => {
  await fc.assert(
    fc.asyncProperty(
      fates(all, false),
      limits,
      fc.integer({ min: 0, max: 60 }),
      async (fates, limits, when) => {
        const { stages, checkEnd, begun } = stagesOf(fates);
        const stop = new AbortController(), reason = new Error("Ctrl-C");
        const outcomes: string[] = [];
        const timer = pass(when).then(() => stop.abort(reason));
        let thrown: unknown;
        try {
          await overlap(fates.keys(), stages, {
            ...limits,
            signal: stop.signal,
            onOutcome: (outcome) => outcomes.push(textOf(outcome)),
          });
        } catch (error) {
          thrown = error;
        }
        checkEnd();
        const whole = expectedOf(fates);
        assert(
          thrown === reason || outcomes.length === whole.length,
          String(thrown),
        );
        assertEquals(outcomes, whole.slice(0, outcomes.length));
        const before = begun.read + begun.work + begun.write;
        await timer;
        assertEquals(begun.read + begun.work + begun.write, before);
      },
    ),
    runs,
  );
});

Deno.test("overlap() ends on an error that belongs to no item, and throws it", async () => {
  await fc.assert(
    fc.asyncProperty(fates(all, true), limits, async (fates, limits) => {
      const { stages, checkEnd } = stagesOf(fates);
      const outcomes: string[] = [];
      const bugs = fates.flatMap(({ fails, isBug }, item) =>
        fails && isBug ? [`${fails} of ${item}`] : []
      );
      let thrown: unknown;
      try {
        await overlap(fates.keys(), stages, {
          ...limits,
          onOutcome: (outcome) => outcomes.push(textOf(outcome)),
        });
      } catch (error) {
        thrown = error;
      }
      checkEnd();
      if (bugs.length === 0) assertEquals(thrown, undefined);
      else {
        assert(thrown instanceof TypeError);
        assert(bugs.includes(thrown.message));
        assert(!outcomes.includes(thrown.message));
      }
      // Work that was done by then is written, and reported.
      const whole = expectedOf(fates).filter((text) => !bugs.includes(text));
      assertEquals(outcomes, whole.slice(0, outcomes.length));
    }),
    runs,
  );
});

Deno.test("overlap() reads the next item and writes the last one during the work", async () => {
  const order: string[] = [];
  const noted = async (what: string, count: number): Promise<void> => {
    order.push(`${what} begins`);
    await pass(count);
    order.push(`${what} ends`);
  };
  await overlap([1, 2, 3], {
    read: (item) => noted(`read ${item}`, 2),
    work: (_, item) => noted(`work ${item}`, 12),
    write: (_, item) => noted(`write ${item}`, 2),
  });
  const during = (what: string, work: string): boolean =>
    order.indexOf(`${what} begins`) < order.indexOf(`${work} ends`) &&
    order.indexOf(`${what} ends`) < order.indexOf(`${work} ends`);
  assert(during("read 2", "work 1"), order.join());
  assert(during("read 3", "work 2"), order.join());
  assert(during("write 1", "work 2"), order.join());
  assert(during("write 2", "work 3"), order.join());
});

Deno.test("overlap() hands stages a signal that is aborted when another item ends it all", async () => {
  let wasAborted = false;
  await assertRejects(
    () =>
      overlap([0, 1], {
        read: (item) => Promise.resolve(item),
        work: async (item, _, signal) => {
          while (item === 1 && !signal.aborted) await pass(1);
          wasAborted = signal.aborted;
          return item;
        },
        write: async () => {
          await pass(3);
          throw new TypeError("a bug");
        },
      }),
    TypeError,
    "a bug",
  );
  assert(wasAborted);
});

Deno.test("overlap() throws what its listener, its source or a release throws", async () => {
  const { stages } = stagesOf([]);
  const plain: Stages<number, number, number, number> = {
    read: (item) => Promise.resolve(item),
    work: (item) => Promise.resolve(item),
    write: (item) => Promise.resolve(item),
  };
  await assertRejects(
    () =>
      overlap([1, 2, 3, 4], plain, {
        onOutcome() {
          throw new FileError("a full disk");
        },
      }),
    FileError,
    "a full disk",
  );
  await assertRejects(
    () =>
      overlap(
        (function* () {
          yield 1;
          throw new RangeError("no more");
        })(),
        plain,
      ),
    RangeError,
    "no more",
  );
  const stop = new AbortController();
  await assertRejects(
    () =>
      overlap([1, 2], {
        ...plain,
        work: (item) => {
          stop.abort(new Error("Ctrl-C"));
          return Promise.resolve(item);
        },
        release: () => Promise.reject(new TypeError("cannot close")),
      }, { signal: stop.signal }),
    Error,
    "Ctrl-C",
  );
  await assertRejects(
    () => overlap([], stages, { signal: AbortSignal.abort(new Error("late")) }),
    Error,
    "late",
  );
});

Deno.test("overlap() refuses limits that leave nothing to do", async () => {
  const { stages } = stagesOf([]);
  for (
    const limits of [{ ahead: -1 }, { ahead: 1.5 }, { behind: 0 }, {
      behind: NaN,
    }]
  ) {
    await assertRejects(() => overlap([], stages, limits), RangeError);
  }
});

/** The most items that were read and not written, and written at once. */
async function mostUnderWay(sizes: readonly number[]) {
  const held = new Set<number>(), writing = new Set<number>();
  const most = { held: 0, bytes: 0, writing: 0 };
  const note = () => {
    let bytes = 0;
    for (const item of held) bytes += sizes[item]!;
    most.held = Math.max(most.held, held.size);
    most.bytes = Math.max(most.bytes, bytes);
    most.writing = Math.max(most.writing, writing.size);
  };
  const results: number[] = [];
  await overlap(sizes.keys(), {
    async read(item) {
      held.add(item);
      note();
      await pass(1);
      return item;
    },
    async work(item) {
      await pass(1);
      return item;
    },
    async write(item) {
      writing.add(item);
      note();
      await pass(9);
      writing.delete(item);
      held.delete(item);
      return item;
    },
  }, {
    ahead: 8,
    behind: 4,
    room: {
      most: 100,
      // A file that packs its content well seems small.
      expected: (item) => Math.min(50, sizes[item]!),
      taken: (item) => sizes[item]!,
    },
    onOutcome: (outcome) =>
      results.push("result" in outcome ? outcome.result : NaN),
  });
  assertEquals(results, [...sizes.keys()]);
  return most;
}

Deno.test("overlap() with room has many small items under way, and of large ones one ahead, one at work and one behind", async () => {
  const small = await mostUnderWay(Array(40).fill(1));
  assertEquals(small.writing, 4);
  assert(small.held > 8, `${small.held}`);
  for (const size of [80, 150, 1000]) {
    const large = await mostUnderWay(Array(20).fill(size));
    assertEquals(large.writing, 1);
    assert(large.held <= 4, `${large.held} of ${size}`);
  }
  const mixed = await mostUnderWay(
    Array.from({ length: 60 }, (_, at) => at % 7 === 0 ? 90 : 5),
  );
  assert(mixed.held > 4, `${mixed.held}`);
  assert(mixed.bytes <= 100 + 3 * 90, `${mixed.bytes}`);
});

Deno.test("overlap() waits for what is done with an outcome before it reports the next", async () => {
  const reported: number[] = [];
  let isBusy = false;
  await overlap([5, 1, 3], {
    read: (item) => Promise.resolve(item),
    work: (item) => Promise.resolve(item),
    write: (item) => Promise.resolve(item),
  }, {
    ahead: 3,
    behind: 3,
    async onOutcome({ item }) {
      assert(!isBusy);
      isBusy = true;
      await pass(item);
      isBusy = false;
      reported.push(item);
    },
  });
  assertEquals(reported, [5, 1, 3]);
});
