import { assert, assertEquals, assertThrows } from "@std/assert";
import { RequestError } from "@unet/http";
import { Admission } from "./admission.ts";

const refused = (work: () => unknown): number | undefined => {
  const error = assertThrows(work, RequestError) as RequestError;
  assertEquals(error.status, 503);
  return error.retryAfter;
};

Deno.test("Admission lets in as many requests as it may, and more once one is answered", () => {
  const admission = new Admission({ requests: 2, bytes: 10 });
  const first = admission.enter();
  using _second = admission.enter();
  assertEquals(refused(() => admission.enter()), 1);
  first[Symbol.dispose]();
  using _third = admission.enter();
  assertEquals(admission.requests, 2);
});

Deno.test("Admission bounds the bytes of all requests together, and gives back those of answered ones", () => {
  const admission = new Admission({ requests: 9, bytes: 10 });
  const first = admission.enter();
  using second = admission.enter();
  first.add(6);
  second.add(4);
  refused(() => second.add(1));
  first[Symbol.dispose]();
  second.add(6);
});

Deno.test("Admission stops when the last request is answered, and lets none in meanwhile", async () => {
  const admission = new Admission({ requests: 2, bytes: 1 });
  const ticket = admission.enter();
  let isOver = false;
  const stopped = admission.stop().then(() => isOver = true);
  await Promise.resolve();
  assert(admission.isStopping && !isOver);
  refused(() => admission.enter());
  ticket[Symbol.dispose]();
  await stopped;
  await new Admission({ requests: 1, bytes: 1 }).stop();
});
