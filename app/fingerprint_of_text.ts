/**
 * A short number that changes with a text: the first 16 digits of its SHA-256
 * in hexadecimal.
 *
 * @param text The text.
 */
export async function fingerprintOfText(text: string): Promise<string> {
  const hash = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(text),
  );
  return new Uint8Array(hash).toHex().slice(0, 16);
}
