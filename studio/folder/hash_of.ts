/**
 * Names what is kept in the cache of something.
 *
 * @param text What it is of.
 * @returns The text's SHA-256, in hexadecimal.
 */
export async function hashOf(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return new Uint8Array(hash).toHex();
}
