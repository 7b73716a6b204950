/**
 * Shared parts of this program's servers: refused requests, bodies of bounded
 * size, secrets, and work that waits for its turn.
 *
 * @example
 * ```ts
 * import { isSameSecret, randomSecret, readBody, RequestError } from "@unet/http";
 * import { assert, assertEquals, assertRejects } from "@std/assert";
 *
 * const secret = randomSecret();
 * assert(isSameSecret(secret, secret) && !isSameSecret("", secret));
 *
 * const request = () =>
 *   new Request("http://127.0.0.1", { method: "POST", body: "12345" });
 * assertEquals((await readBody(request(), { most: 5 })).length, 5);
 * await assertRejects(() => readBody(request(), { most: 4 }), RequestError);
 * ```
 *
 * @module
 */
export * from "./listen.ts";
export * from "./read_body.ts";
export * from "./refuse_foreign.ts";
export * from "./request_error.ts";
export * from "./secret.ts";
export * from "./turns.ts";
