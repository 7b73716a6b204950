import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ByteBudget } from "./byte_budget.ts";

/** Lets everything that is ready run. */
const settle = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 0));

Deno.test("ByteBudget lends what fits and lets the rest wait in order", async () => {
  const budget = new ByteBudget(100), begun: string[] = [];
  const lend = async (name: string, bytes: number) => {
    const loan = await budget.lend(bytes);
    begun.push(name);
    return loan;
  };
  const first = await lend("a", 60), second = await lend("b", 40);
  const third = lend("c", 50), fourth = lend("d", 1);
  await settle();
  assertEquals([begun.join(""), budget.lent], ["ab", 100]);
  second[Symbol.dispose]();
  await settle();
  // "d" would fit, but "c" came first.
  assertEquals([begun.join(""), budget.lent], ["ab", 60]);
  first[Symbol.dispose]();
  await settle();
  assertEquals([begun.join(""), budget.lent], ["abcd", 51]);
  for (const loan of [await third, await fourth]) loan[Symbol.dispose]();
  assertEquals(budget.lent, 0);
});

Deno.test("ByteBudget lets a task that would fit wait behind a larger one", async () => {
  const budget = new ByteBudget(100), begun: string[] = [];
  const first = await budget.lend(60);
  const larger = budget.lend(50).then((loan) => {
    begun.push("larger");
    return loan;
  });
  const small = budget.lend(1).then((loan) => {
    begun.push("small");
    return loan;
  });
  await settle();
  assertEquals([begun, budget.lent], [[], 60]);
  first[Symbol.dispose]();
  for (const loan of [await larger, await small]) loan[Symbol.dispose]();
  assertEquals(begun, ["larger", "small"]);
});

Deno.test("ByteBudget lets a task run alone that is larger than all of it", async () => {
  const budget = new ByteBudget(10);
  const small = await budget.lend(1);
  let isBegun = false;
  const large = budget.lend(1000).then((loan) => {
    isBegun = true;
    return loan;
  });
  await settle();
  assert(!isBegun);
  small[Symbol.dispose]();
  using _loan = await large;
  assertEquals(budget.lent, 1000);
});

Deno.test("ByteBudget takes a loan back once, and after a failure too", async () => {
  const budget = new ByteBudget(10);
  const loan = await budget.lend(4);
  loan[Symbol.dispose]();
  loan[Symbol.dispose]();
  assertEquals(budget.lent, 0);
  await assertRejects(() =>
    budget.use(8, () => Promise.reject(new Error("no")))
  );
  assertEquals(budget.lent, 0);
});

Deno.test("ByteBudget never lends more than it has, and everybody gets a turn", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.record({
      bytes: fc.integer({ min: 0, max: 150 }),
      steps: fc.integer({ min: 0, max: 3 }),
    })),
    async (tasks) => {
      const budget = new ByteBudget(100);
      let running = 0, done = 0;
      await Promise.all(
        tasks.map(({ bytes, steps }) =>
          budget.use(bytes, async () => {
            running += bytes;
            assert(running <= 100 || running === bytes, `${running}`);
            assert(running <= budget.lent);
            for (let step = 0; step < steps; step++) await Promise.resolve();
            running -= bytes;
            done++;
          })
        ),
      );
      assertEquals([done, budget.lent], [tasks.length, 0]);
    },
  ));
});

Deno.test("ByteBudget refuses what is no number of bytes", async () => {
  for (const total of [0, -1, NaN]) {
    assertThrows(() => new ByteBudget(total), RangeError, "Cannot make budget");
  }
  const budget = new ByteBudget(10);
  for (const bytes of [-1, NaN, Infinity]) {
    await assertRejects(() => budget.lend(bytes), RangeError, `found ${bytes}`);
  }
  assertEquals(budget.lent, 0);
});
