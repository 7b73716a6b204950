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
