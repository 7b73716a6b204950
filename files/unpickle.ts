/**
 * A bounded reader of Python's pickles that runs nothing. Runs in a browser.
 *
 * @module
 */
import { type Bad, PickleBytes } from "./_pickle_bytes.ts";
import {
  type PickleGlobal,
  PickleInstance,
  PickleMachine,
} from "./_pickle_machine.ts";

export { type Bad, type PickleGlobal, PickleInstance };

/**
 * The names that a pickle may use besides plain values; both functions throw to
 * refuse.
 */
export interface PickleRules {
  /** Finds a name, by module and name. */
  readonly find: (name: string) => PickleGlobal;
  /** Finds what is kept outside of the pickle. */
  readonly load: (id: unknown) => unknown;
  /** Words a refusal. */
  readonly bad: Bad;
}

/**
 * The most steps of a pickle. A state takes some twenty-five steps per tensor,
 * an optimizer's a hundred more; a step costs memory, and a hostile file could
 * hold nothing else.
 */
const maximalSteps = 1_000_000;

/** What an opcode works on. */
interface Step {
  readonly code: number;
  readonly bytes: PickleBytes;
  readonly machine: PickleMachine;
  readonly rules: PickleRules;
}

/** Does what an opcode says. */
type Opcode = (step: Step) => void;

/** An opcode that puts a value on the stack. */
function pushes(value: (step: Step) => unknown): Opcode {
  return (step) => step.machine.push(value(step));
}

const stop = 0x2e;

/** Opcodes by their byte, under the names that Python's pickletools gives. */
const opcodes: ReadonlyMap<number, Opcode> = new Map<number, Opcode>([
  [0x80, readProtocol],
  [0x95, readFrame],
  [0x28, ({ machine }) => machine.mark()], // MARK
  [0x30, ({ machine }) => void machine.pop()], // POP
  [0x31, ({ machine }) => void machine.popMark()], // POP_MARK
  [0x4e, pushes(() => null)], // NONE
  [0x88, pushes(() => true)], // NEWTRUE
  [0x89, pushes(() => false)], // NEWFALSE
  [0x4a, pushes(({ bytes }) => bytes.int32())], // BININT
  [0x4b, pushes(({ bytes }) => bytes.byte())], // BININT1
  [0x4d, pushes(({ bytes }) => bytes.uint16())], // BININT2
  [0x8a, pushes(({ bytes }) => bytes.integer(bytes.byte()))], // LONG1
  [0x47, pushes(({ bytes }) => bytes.float64())], // BINFLOAT
  [0x55, pushes(({ bytes }) => bytes.text(bytes.byte()))], // SHORT_BINSTRING
  [0x8c, pushes(({ bytes }) => bytes.text(bytes.byte()))], // SHORT_BINUNICODE
  [0x54, pushes(({ bytes }) => bytes.text(bytes.uint32()))], // BINSTRING
  [0x58, pushes(({ bytes }) => bytes.text(bytes.uint32()))], // BINUNICODE
  [0x43, pushes(({ bytes }) => bytes.bytes(bytes.byte()))], // SHORT_BINBYTES
  [0x42, pushes(({ bytes }) => bytes.bytes(bytes.uint32()))], // BINBYTES
  [0x8e, pushes(({ bytes }) => bytes.bytes(bytes.uint64()))], // BINBYTES8
  [0x5d, pushes(() => [])], // EMPTY_LIST
  [0x61, ({ machine }) => machine.append([machine.pop()])], // APPEND
  [0x65, ({ machine }) => machine.append(machine.popMark())], // APPENDS
  [0x29, pushes(() => Object.freeze([]))], // EMPTY_TUPLE
  [0x74, pushes(({ machine }) => Object.freeze(machine.popMark()))], // TUPLE
  ...[0x85, 0x86, 0x87].map((code): [number, Opcode] => [
    code, // TUPLE1, TUPLE2, TUPLE3
    pushes(({ machine }) => Object.freeze(machine.popMany(code - 0x84))),
  ]),
  [0x7d, pushes(() => new Map())], // EMPTY_DICT
  [0x73, ({ machine }) => machine.setItems(machine.popMany(2))], // SETITEM
  [0x75, ({ machine }) => machine.setItems(machine.popMark())], // SETITEMS
  [0x63, pushes(readGlobal)], // GLOBAL
  [0x93, pushes(readStackGlobal)], // STACK_GLOBAL
  [0x52, ({ machine }) => machine.reduce()], // REDUCE
  [0x62, ({ machine }) => machine.build()], // BUILD
  [0x51, pushes(({ machine, rules }) => rules.load(machine.pop()))], // BINPERSID
  [0x71, ({ machine, bytes }) => machine.keep(bytes.byte())], // BINPUT
  [0x72, ({ machine, bytes }) => machine.keep(bytes.uint32())], // LONG_BINPUT
  [0x94, ({ machine }) => machine.keep()], // MEMOIZE
  [0x68, ({ machine, bytes }) => machine.recall(bytes.byte())], // BINGET
  [0x6a, ({ machine, bytes }) => machine.recall(bytes.uint32())], // LONG_BINGET
]);

/**
 * Reads a pickle of Python (protocols 2 to 5) of plain values: numbers, text,
 * bytes, lists and tuples as arrays, dictionaries as `Map`, and what the rules
 * allow. Nothing is run but the rules; any other opcode is refused.
 *
 * @param bytes The bytes.
 * @param start Where the pickle starts.
 * @param rules What it may do.
 * @returns The value, and where the pickle ends. Bytes are views of the file.
 * @throws {Error} As the rules word it: if it is cut off, takes over a million
 * steps, holds over 20,000 values at a time, or asks for anything else.
 *
 * @example
 * ```ts
 * import { unpickle } from "@unet/files/unpickle";
 * import { assertEquals } from "@std/assert";
 *
 * // pickle.dumps((1, 2), 2)
 * const bytes = Uint8Array.of(0x80, 2, 0x4b, 1, 0x4b, 2, 0x86, 0x2e);
 * const refuse = (name: string) => {
 *   throw new Error(`Cannot unpickle "${name}"`);
 * };
 * const { value } = unpickle(bytes, 0, {
 *   find: refuse,
 *   load: () => refuse("what is kept elsewhere"),
 *   bad: (found, expected) => new Error(`found ${found}, expected ${expected}`),
 * });
 * assertEquals(value, [1, 2]);
 * ```
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  rules: PickleRules,
): { value: unknown; end: number } {
  const reader = new PickleBytes(bytes, start, rules.bad);
  const machine = new PickleMachine(rules.bad);
  for (let steps = 0; steps < maximalSteps; steps++) {
    const code = reader.byte();
    if (code === stop) return { value: machine.pop(), end: reader.at };
    const opcode = opcodes.get(code);
    if (!opcode) {
      throw rules.bad(
        `pickle opcode 0x${code.toString(16).padStart(2, "0")}`,
        "those of arrays, dictionaries and numbers",
      );
    }
    opcode({ code, bytes: reader, machine, rules });
    machine.requireRoom();
  }
  throw rules.bad(`a pickle of more than ${maximalSteps} steps`, "a state");
}

/** PROTO: the version of the pickle's language. */
function readProtocol({ bytes, rules }: Step): void {
  const protocol = bytes.byte();
  if (protocol >= 2 && protocol <= 5) return;
  throw rules.bad(`pickle protocol ${protocol}`, "2 to 5");
}

/** FRAME: how far a reader may fetch ahead. */
function readFrame({ bytes, rules }: Step): void {
  if (bytes.uint64() <= BigInt(bytes.left)) return;
  throw rules.bad("a pickle that is cut off", "its frame");
}

function readGlobal({ bytes, rules }: Step): PickleGlobal {
  const module = bytes.line();
  return rules.find(`${module}.${bytes.line()}`);
}

function readStackGlobal({ machine, rules }: Step): PickleGlobal {
  const [module, name] = machine.popMany(2);
  // A value that is no text may be endless to write out.
  if (typeof module !== "string" || typeof name !== "string") {
    throw rules.bad("a name that is not text", "a module and a name");
  }
  return rules.find(`${module}.${name}`);
}
