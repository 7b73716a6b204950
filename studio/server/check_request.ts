import { brief } from "@unet/errors";
import { RequestError } from "./request_error.ts";

/**
 * Refuses what another site sends: a page that made its own name lead to this
 * machine (DNS rebinding) has another host, and a page that calls this server
 * has another origin.
 *
 * @param request The request.
 * @param port The server's port.
 * @throws {RequestError} With status 403.
 */
export function checkRequest({ headers, method }: Request, port: number): void {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = headers.get("host");
  if (host === null || !hosts.includes(host)) throw foreign("host", host);
  const origin = headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) {
    throw foreign("origin", origin);
  }
  const site = headers.get("sec-fetch-site");
  if (site === "cross-site" || site === "same-site") {
    throw foreign("site", site);
  }
  // Programs without a browser's headers have no origin to be foreign to, but
  // what changes files must say where it comes from.
  const changes = method !== "GET" && method !== "HEAD";
  if (changes && origin === null) throw foreign("origin", origin);
}

function foreign(what: string, found: string | null): RequestError {
  return new RequestError(
    403,
    `Cannot answer request: found the ${what} ${
      brief(found ?? undefined)
    }, expected the studio's own page`,
  );
}
