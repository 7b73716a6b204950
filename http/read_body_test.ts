import { assertEquals, assertRejects } from "@std/assert";
import { readBody } from "./read_body.ts";
import { RequestError } from "./request_error.ts";

const address = "http://127.0.0.1";

/** A request whose body comes in pieces, and what became of its source. */
function inPieces(...pieces: number[][]) {
  let isCanceled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(new Uint8Array(piece));
      else controller.close();
    },
    cancel() {
      isCanceled = true;
    },
  }, { highWaterMark: 0 });
  const request = new Request(address, { method: "POST", body });
  return { request, isCanceled: () => isCanceled };
}

Deno.test("readBody() joins the pieces of a body, and reads none of a request without one", async () => {
  const counted: number[] = [];
  const { request } = inPieces([1, 2], [], [3]);
  const bytes = await readBody(request, {
    most: 3,
    onBytes: (count) => counted.push(count),
  });
  assertEquals(bytes, new Uint8Array([1, 2, 3]));
  assertEquals(counted, [2, 0, 1]);
  const empty = await readBody(new Request(address), { most: 0 });
  assertEquals(empty.length, 0);
});

Deno.test("readBody() ends a body that is larger than its bound, and cancels its source", async () => {
  const { request, isCanceled } = inPieces([1, 2], [3, 4], [5]);
  const error = await assertRejects(
    () => readBody(request, { most: 3 }),
    RequestError,
    "Cannot read request: found more than 3 bytes",
  );
  assertEquals([error.status, isCanceled()], [413, true]);
});

Deno.test("readBody() refuses a large body by its header, before it is read", async () => {
  const body = new Uint8Array(10);
  const request = new Request(address, {
    ...{ method: "POST", body, headers: { "content-length": "10" } },
  });
  const error = await assertRejects(
    () => readBody(request, { most: 9 }),
    RequestError,
  );
  assertEquals([error.status, request.bodyUsed], [413, false]);
});

Deno.test("readBody() ends when its signal is aborted, though the body never does", async () => {
  const controller = new AbortController();
  const body = new ReadableStream<Uint8Array>({
    pull() {
      controller.abort(new Error("over"));
      return new Promise(() => {});
    },
  }, { highWaterMark: 0 });
  const request = new Request(address, { method: "POST", body });
  await assertRejects(
    () => readBody(request, { most: 1, signal: controller.signal }),
    Error,
    "over",
  );
});
