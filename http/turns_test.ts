import { assert, assertEquals, assertRejects } from "@std/assert";
import { RequestError } from "./request_error.ts";
import { Turns } from "./turns.ts";

Deno.test("Turns runs no more at once than it may, in order, each to its end", async () => {
  const turns = new Turns(2, 10);
  let running = 0, most = 0;
  const ended: number[] = [];
  const work = (name: number) => async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
    running--;
    ended.push(name);
    return name;
  };
  const names = [...Array(8).keys()];
  assertEquals(
    await Promise.all(names.map((name) => turns.run(work(name)))),
    names,
  );
  assertEquals(most, 2);
  assertEquals(ended, names);
});

Deno.test("Turns refuses work where too many wait, and continues after a failure", async () => {
  const turns = new Turns(1, 1);
  const first = turns.run(() => Promise.reject(new Error("broken")));
  const second = turns.run(() => Promise.resolve("second"));
  const refused = await assertRejects(
    () => turns.run(() => Promise.resolve("third")),
    RequestError,
  );
  assertEquals((refused as RequestError).status, 503);
  await assertRejects(() => first, Error, "broken");
  assertEquals(await second, "second");
  assert(await turns.run(() => Promise.resolve(true)));
});

Deno.test("Turns forgets work that gives up waiting, and keeps the order of the rest", async () => {
  const turns = new Turns(1, 3);
  const held = Promise.withResolvers<string>();
  const ended: string[] = [];
  const note = (name: string) => () => Promise.resolve(void ended.push(name));
  const first = turns.run(() => held.promise);
  const controller = new AbortController();
  const given = turns.run(note("given up"), controller.signal);
  const second = turns.run(note("second"), new AbortController().signal);
  const third = turns.run(note("third"));
  assertEquals([turns.running, turns.waiting], [1, 3]);
  controller.abort(new Error("gone"));
  await assertRejects(() => given, Error, "gone");
  assertEquals(turns.waiting, 2);
  held.resolve("first");
  assertEquals(await first, "first");
  await Promise.all([second, third]);
  assertEquals(ended, ["second", "third"]);
  assertEquals([turns.running, turns.waiting], [0, 0]);
  await assertRejects(
    () => turns.run(note("late"), controller.signal),
    Error,
    "gone",
  );
});
