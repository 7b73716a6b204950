import { timingSafeEqual } from "node:crypto";

/**
 * Makes a secret that cannot be guessed.
 *
 * @returns 256 random bits as text that needs no escaping in an address.
 *
 * @example
 * ```ts
 * import { randomSecret } from "@unet/http";
 * import { assertMatch } from "@std/assert";
 *
 * assertMatch(randomSecret(), /^[0-9a-f]{64}$/);
 * ```
 */
export function randomSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/**
 * Whether a text is the secret, in a time that does not depend on where they
 * differ.
 *
 * @param given The text.
 * @param secret The secret.
 *
 * @example
 * ```ts
 * import { isSameSecret } from "@unet/http";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(isSameSecret("open", "open"), true);
 * assertEquals(isSameSecret("opem", "open"), false);
 * ```
 */
export function isSameSecret(given: string, secret: string): boolean {
  const encoder = new TextEncoder();
  const a = encoder.encode(given), b = encoder.encode(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}
