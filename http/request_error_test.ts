import { assert, assertEquals } from "@std/assert";
import { UnetError } from "@unet/errors";
import { RequestError } from "./request_error.ts";

Deno.test("RequestError is a fault of input with a status, its cause and when to try again", () => {
  const cause = new Error("full");
  const error = new RequestError(503, "Cannot", { cause, retryAfter: 2 });
  assert(error instanceof UnetError);
  assertEquals(
    [error.name, error.status, error.retryAfter, error.cause],
    ["RequestError", 503, 2, cause],
  );
  assertEquals(new RequestError(404, "Cannot").retryAfter, undefined);
});
