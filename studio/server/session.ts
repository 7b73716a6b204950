import { isSameSecret, randomSecret } from "@unet/http";

/** How long a browser keeps the cookie: until it is closed. */
const attributes = "Path=/; HttpOnly; SameSite=Strict";

/**
 * Who may use a studio: whoever has the token of its address, and from then on
 * the browser that holds its cookie. Both are random and end with the process.
 */
export interface Session {
  /** The token of the address. */
  readonly token: string;
  /** Whether a request holds the cookie. */
  isKnown(request: Request): boolean;
  /** The `Set-Cookie` header for a token, or null if it is not the token. */
  cookieFor(token: string | null): string | null;
}

/**
 * Begins a session.
 *
 * @param port The server's port. Cookies do not depend on ports, so that two
 * studios on one machine need two names.
 */
export function startSession(port: number): Session {
  const name = `unet_studio_${port}`;
  const token = randomSecret(), secret = randomSecret();
  return {
    token,
    isKnown: (request) =>
      cookiesOf(request).some(([key, value]) =>
        key === name && isSameSecret(value, secret)
      ),
    cookieFor: (given) =>
      given !== null && isSameSecret(given, token)
        ? `${name}=${secret}; ${attributes}`
        : null,
  };
}

function cookiesOf(request: Request): [string, string][] {
  const header = request.headers.get("cookie") ?? "";
  return header.split(";").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}
