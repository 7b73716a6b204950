import { timingSafeEqual } from "node:crypto";

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
  const token = randomText(), secret = randomText();
  return {
    token,
    isKnown: (request) =>
      cookiesOf(request).some(([key, value]) =>
        key === name && isEqual(value, secret)
      ),
    cookieFor: (given) =>
      given !== null && isEqual(given, token)
        ? `${name}=${secret}; ${attributes}`
        : null,
  };
}

/** 256 random bits that need no escaping in an address. */
function randomText(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

function cookiesOf(request: Request): [string, string][] {
  const header = request.headers.get("cookie") ?? "";
  return header.split(";").map((pair) => {
    const at = pair.indexOf("=");
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}

/** Whether texts are equal, in a time that does not depend on where they differ. */
function isEqual(given: string, wanted: string): boolean {
  const encoder = new TextEncoder();
  const a = encoder.encode(given), b = encoder.encode(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
