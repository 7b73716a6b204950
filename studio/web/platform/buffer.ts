/** What takes the place of `node:buffer` in a page. */
export const Buffer: { concat(pieces: readonly Uint8Array[]): Uint8Array } = {
  concat(pieces) {
    const out = new Uint8Array(
      pieces.reduce((sum, { length }) => sum + length, 0),
    );
    let to = 0;
    for (const piece of pieces) {
      out.set(piece, to);
      to += piece.length;
    }
    return out;
  },
};
