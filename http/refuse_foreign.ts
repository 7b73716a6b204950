import { brief } from "@unet/errors";
import { RequestError } from "./request_error.ts";

/** Who may ask. */
export interface OwnPlace {
  /** The hosts by which the server is known, as in "127.0.0.1:8000". */
  readonly hosts: readonly string[];
  /** Whose requests are answered, for the message. */
  readonly expected: string;
}

/**
 * Refuses what a page of another site sends: one that made its own name lead to
 * this machine (DNS rebinding) has another host, and one that calls this server
 * has another origin. Programs without a browser's headers have neither.
 *
 * @param request The request.
 * @param place Who may ask.
 * @throws {RequestError} With status 403.
 *
 * @example
 * ```ts
 * import { refuseForeign, RequestError } from "@unet/http";
 * import { assertThrows } from "@std/assert";
 *
 * const place = { hosts: ["127.0.0.1:8000"], expected: "this machine's own" };
 * const request = new Request("http://evil.example", {
 *   headers: { host: "evil.example" },
 * });
 * assertThrows(() => refuseForeign(request, place), RequestError);
 * ```
 */
export function refuseForeign(
  { headers }: Request,
  { hosts, expected }: OwnPlace,
): void {
  const host = headers.get("host");
  if (host === null || !hosts.includes(host)) {
    throw foreignRequest("host", host, expected);
  }
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) {
    throw foreignRequest("origin", origin, expected);
  }
  const site = headers.get("sec-fetch-site");
  if (site === "cross-site" || site === "same-site") {
    throw foreignRequest("site", site, expected);
  }
}

/**
 * Refuses a request that comes from elsewhere.
 *
 * @param what Which of its headers says so.
 * @param found What it says.
 * @param expected Whose requests are answered.
 * @returns The error, with status 403.
 *
 * @example
 * ```ts
 * import { foreignRequest } from "@unet/http";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   foreignRequest("origin", null, "the page's").message,
 *   "Cannot answer request: found the origin nothing, expected the page's",
 * );
 * ```
 */
export function foreignRequest(
  what: string,
  found: string | null,
  expected: string,
): RequestError {
  return new RequestError(
    403,
    `Cannot answer request: found the ${what} ${
      brief(found ?? undefined)
    }, expected ${expected}`,
  );
}
