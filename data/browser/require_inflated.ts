/**
 * Makes sure that compressed bytes become no more than they should, before
 * something unpacks them that has no bound.
 *
 * @param packed Pieces of one zlib stream.
 * @param most The most bytes that they may become.
 * @throws {Error} If they become more, or are damaged.
 */
export async function requireInflated(
  packed: readonly Uint8Array<ArrayBuffer>[],
  most: number,
): Promise<void> {
  const stream = new Blob([...packed]).stream()
    .pipeThrough(new DecompressionStream("deflate"));
  let found = 0;
  for await (const piece of stream) {
    found += piece.length;
    if (found > most) throw new Error(`more than ${most} bytes of pixels`);
  }
}
