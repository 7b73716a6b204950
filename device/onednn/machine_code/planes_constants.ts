/** Registers of constants that programs on planes read, one after the other. */
const tables = {
  /** Four channels of four pixels each to four pixels of four channels. */
  pixels: Uint8Array.from(
    { length: 64 },
    (_, i) => (i >> 2) % 4 + 4 * (i % 4),
  ),
  /** Of two registers of pixels: every other one, and those between. */
  even: Int32Array.from({ length: 16 }, (_, i) => 2 * i),
  odd: Int32Array.from({ length: 16 }, (_, i) => 2 * i + 1),
  /** Pixels of two registers in turn: the first half, the second half. */
  low: Int32Array.from({ length: 16 }, (_, i) => (i >> 1) + 16 * (i % 2)),
  high: Int32Array.from({ length: 16 }, (_, i) => 8 + (i >> 1) + 16 * (i % 2)),
  /** A register's lanes. */
  lanes: Int32Array.from({ length: 16 }, (_, i) => i),
  /** The largest number of eight bits. */
  most: new Float32Array(16).fill(255),
  /** Of four channels' bytes, the first and the third as words. */
  words: new Int32Array(16).fill(0x00ff00ff),
  /** What Winograd's transform of sums multiplies by. */
  two: new Float32Array(16).fill(2),
  four: new Float32Array(16).fill(4),
  six: new Float32Array(16).fill(6),
  eight: new Float32Array(16).fill(8),
  twentyFour: new Float32Array(16).fill(24),
} as const;

/** Where a constant lies among {@linkcode planesConstants}. */
export function constantPlace(name: keyof typeof tables): number {
  return 64 * Object.keys(tables).indexOf(name);
}

/** All constants, as programs read them. */
export function planesConstants(): Uint8Array<ArrayBuffer> {
  const values = Object.values(tables);
  const bytes = new Uint8Array(64 * values.length);
  values.forEach(({ buffer }, i) => bytes.set(new Uint8Array(buffer), 64 * i));
  return bytes;
}
