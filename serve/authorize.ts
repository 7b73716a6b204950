import { isSameSecret, refuseForeign, RequestError } from "@unet/http";

/** Who may ask. */
export interface Access {
  /** What a client must know; null where this machine alone can reach it. */
  readonly token: string | null;
  /** The port. */
  readonly port: number;
}

/**
 * Makes sure that a request may be answered: by its token, or, where there is
 * none, by coming from this machine and from no page of another site.
 *
 * @param request The request.
 * @param access Who may ask.
 * @throws {RequestError} With status 401 or 403.
 */
export function authorize(request: Request, { token, port }: Access): void {
  if (token === null) {
    const names = ["127.0.0.1", "localhost", "[::1]"];
    return refuseForeign(request, {
      hosts: names.map((name) => `${name}:${port}`),
      expected: "a program or a page of this machine",
    });
  }
  const header = request.headers.get("authorization");
  const given = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
  if (given !== undefined && isSameSecret(given, token)) return;
  throw new RequestError(
    401,
    `Cannot answer request: found ${
      header === null ? "no token" : "another token"
    }, expected the header "Authorization: Bearer TOKEN"`,
  );
}
