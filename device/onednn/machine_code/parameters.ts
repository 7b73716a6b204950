import { placeOf } from "./arguments.ts";

/** What every program is given, at the places of Winograd's programs. */
const common = ["counter", "threads", "pieces", "scratch", "scratchBytes"];

/** Memory of the threads' own: where the first's lies, and bytes of each. */
export interface Scratch {
  readonly address: bigint;
  readonly bytes: number;
}

/** The arguments of a program, numbers of 64 bits one after the other. */
export interface Parameters<Name extends string> {
  /** Where an argument lies, while the arguments are at rbx. */
  at(name: Name): string;
  /** Arguments as the program reads them, of so many pieces of work. */
  pack(
    pieces: number,
    values: Readonly<Record<Name, number | bigint>>,
    scratch?: Scratch,
  ): Uint8Array<ArrayBuffer>;
}

/** Arguments of these names, besides those that every program has. */
export function parametersOf<Name extends string>(
  names: readonly Name[],
): Parameters<Name> {
  const first = common.length;
  return {
    at: (name) => `[rbx+${8 * (first + names.indexOf(name))}]`,
    pack(pieces, values, scratch = { address: 0n, bytes: 0 }) {
      const packed = new BigInt64Array(first + names.length);
      packed[placeOf.pieces / 8] = BigInt(pieces);
      packed[placeOf.scratch / 8] = scratch.address;
      packed[placeOf.scratchBytes / 8] = BigInt(scratch.bytes);
      names.forEach((name, i) => packed[first + i] = BigInt(values[name]));
      return new Uint8Array(packed.buffer);
    },
  };
}
