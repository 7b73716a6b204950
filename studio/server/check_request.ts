import { foreignRequest, refuseForeign } from "@unet/http";

/** Whose requests are answered. */
const expected = "the studio's own page";

/**
 * Refuses what another site sends: a page that made its own name lead to this
 * machine (DNS rebinding) has another host, and a page that calls this server
 * has another origin.
 *
 * @param request The request.
 * @param port The server's port.
 * @throws {RequestError} With status 403.
 */
export function checkRequest(request: Request, port: number): void {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  refuseForeign(request, { hosts, expected });
  // Programs without a browser's headers have no origin to be foreign to, but
  // what changes files must say where it comes from.
  const { headers, method } = request;
  const changes = method !== "GET" && method !== "HEAD";
  if (changes && !headers.has("origin")) {
    throw foreignRequest("origin", null, expected);
  }
}
