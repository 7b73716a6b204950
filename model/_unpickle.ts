import type { ModelError } from "@unet/errors";

/** A name that a pickle asks for; `call` is what it may be applied to. */
export interface PickleGlobal {
  /** Module and name, as in `collections.OrderedDict`. */
  readonly name: string;
  /** What the name makes of its arguments; some are never called. */
  readonly call?: (args: readonly unknown[]) => unknown;
}

/** What a pickle may do besides plain values; both throw to refuse. */
export interface PickleRules {
  /** Finds a name, by module and name. */
  readonly find: (name: string) => PickleGlobal;
  /** Finds what is kept outside of the pickle. */
  readonly load: (id: unknown) => unknown;
  /** Words a refusal. */
  readonly bad: (found: string, expected: string) => ModelError;
}

/**
 * The most steps of a pickle. A state takes some twenty-five a tensor; a step
 * costs memory, and a hostile file could hold nothing else.
 */
const maximalSteps = 200_000;

/** The most values that it holds on its stack; Python puts a thousand there. */
const maximalHeld = 20_000;

/** The longest integer that is read, in bytes. */
const longestInteger = 16;

/**
 * Reads a pickle of Python (protocols 2 to 5) of plain values: numbers, text,
 * lists and tuples as arrays, dictionaries as `Map`, and what the rules allow.
 * Nothing is run but the rules; any other opcode is refused.
 *
 * @param bytes The bytes.
 * @param start Where the pickle starts.
 * @param rules What it may do.
 * @returns The value, and where the pickle ends.
 */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  rules: PickleRules,
): { value: unknown; end: number } {
  const { bad } = rules;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const memo = new Map<number, unknown>();
  const outer: unknown[][] = [];
  let stack: unknown[] = [];
  let at = start;

  const take = (count: number): number => {
    const from = at;
    if (count > bytes.length - at) {
      throw bad("a pickle that is cut off", "its end");
    }
    at += count;
    return from;
  };
  const byte = (): number => bytes[take(1)]!;
  const word = (): number => view.getUint32(take(4), true);
  const text = (length: number): string => {
    const from = take(length);
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
        .decode(bytes.subarray(from, from + length));
    } catch (cause) {
      throw Object.assign(bad("a name that is not text", "UTF-8"), { cause });
    }
  };
  const line = (): string => {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw bad("a pickle that is cut off", "the end of a line");
    const found = text(end - at);
    at = end + 1;
    return found;
  };
  const long = (): bigint => {
    const from = take(8);
    return view.getBigUint64(from, true);
  };
  const integer = (length: number): number | bigint => {
    if (length > longestInteger) {
      throw bad(`an integer of ${length} bytes`, `at most ${longestInteger}`);
    }
    const from = take(length);
    let value = 0n;
    for (let i = length; i-- > 0;) {
      value = (value << 8n) | BigInt(bytes[from + i]!);
    }
    value = BigInt.asIntN(8 * length, value);
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  };
  const pop = (): unknown => {
    if (stack.length === 0) {
      throw bad("a pickle that takes what is not there", "a value");
    }
    return stack.pop();
  };
  const popMany = (count: number): unknown[] => {
    if (stack.length < count) {
      throw bad("a pickle that takes what is not there", "values");
    }
    return stack.splice(stack.length - count, count);
  };
  const popMark = (): unknown[] => {
    const items = stack;
    const before = outer.pop();
    if (before === undefined) throw bad("a pickle without a mark", "a mark");
    stack = before;
    return items;
  };
  const recall = (index: number): unknown => {
    if (memo.has(index)) return memo.get(index);
    throw bad(`a pickle that recalls what it never kept (${index})`, "a value");
  };
  const keep = (index: number): void => {
    if (stack.length === 0) {
      throw bad("a pickle that keeps what is not there", "a value");
    }
    memo.set(index, stack.at(-1));
  };
  const setItems = (target: unknown, items: readonly unknown[]): void => {
    if (!(target instanceof Map) || items.length % 2 !== 0) {
      throw bad("entries for what is no dictionary", "a dictionary");
    }
    for (let i = 0; i < items.length; i += 2) {
      const key = items[i];
      if (typeof key !== "string" && typeof key !== "number") {
        throw bad("a dictionary whose keys are no names", "names or numbers");
      }
      target.set(key, items[i + 1]);
    }
  };
  const append = (items: readonly unknown[]): void => {
    const target = stack.at(-1);
    if (!Array.isArray(target) || Object.isFrozen(target)) {
      throw bad("entries for what is no list", "a list");
    }
    for (const item of items) target.push(item);
  };
  const reduce = (): void => {
    const [callee, args] = popMany(2) as [PickleGlobal, unknown];
    const call = isGlobal(callee) ? callee.call : undefined;
    if (call === undefined || !Array.isArray(args)) {
      throw bad(
        `a call of ${isGlobal(callee) ? `"${callee.name}"` : "a value"}`,
        "tensors, dictionaries and numbers",
      );
    }
    stack.push(call(args));
  };
  const build = (): void => {
    // A state dict keeps version numbers as attributes; nothing needs them.
    pop();
    if (stack.at(-1) instanceof Map) return;
    throw bad("attributes for what is no dictionary", "a dictionary");
  };

  for (let steps = 0; steps < maximalSteps; steps++) {
    if (stack.length + outer.length > maximalHeld) {
      throw bad(`a pickle that holds over ${maximalHeld} values`, "a state");
    }
    const code = byte();
    switch (code) {
      case 0x80: { // PROTO
        const protocol = byte();
        if (protocol < 2 || protocol > 5) {
          throw bad(`pickle protocol ${protocol}`, "2 to 5");
        }
        break;
      }
      case 0x95: // FRAME: where a reader may fetch ahead
        if (long() > BigInt(bytes.length - at)) {
          throw bad("a pickle that is cut off", "its frame");
        }
        break;
      case 0x2e: // STOP
        return { value: pop(), end: at };
      case 0x28: // MARK
        outer.push(stack);
        stack = [];
        break;
      case 0x30: // POP
        pop();
        break;
      case 0x31: // POP_MARK
        popMark();
        break;
      case 0x4e: // NONE
        stack.push(null);
        break;
      case 0x88: // NEWTRUE
        stack.push(true);
        break;
      case 0x89: // NEWFALSE
        stack.push(false);
        break;
      case 0x4a: // BININT
        stack.push(view.getInt32(take(4), true));
        break;
      case 0x4b: // BININT1
        stack.push(byte());
        break;
      case 0x4d: // BININT2
        stack.push(view.getUint16(take(2), true));
        break;
      case 0x8a: // LONG1
        stack.push(integer(byte()));
        break;
      case 0x47: // BINFLOAT
        stack.push(view.getFloat64(take(8), false));
        break;
      case 0x55: // SHORT_BINSTRING, as Python 2 wrote it
      case 0x8c: // SHORT_BINUNICODE
        stack.push(text(byte()));
        break;
      case 0x54: // BINSTRING
      case 0x58: // BINUNICODE
        stack.push(text(word()));
        break;
      case 0x5d: // EMPTY_LIST
        stack.push([]);
        break;
      case 0x61: // APPEND
        append([pop()]);
        break;
      case 0x65: // APPENDS
        append(popMark());
        break;
      case 0x29: // EMPTY_TUPLE
        stack.push(Object.freeze([]));
        break;
      case 0x74: { // TUPLE
        const items = popMark();
        stack.push(Object.freeze(items));
        break;
      }
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        stack.push(Object.freeze(popMany(code - 0x84)));
        break;
      case 0x7d: // EMPTY_DICT
        stack.push(new Map());
        break;
      case 0x73: { // SETITEM
        const pair = popMany(2);
        setItems(stack.at(-1), pair);
        break;
      }
      case 0x75: { // SETITEMS
        const items = popMark();
        setItems(stack.at(-1), items);
        break;
      }
      case 0x63: // GLOBAL
        stack.push(rules.find(`${line()}.${line()}`));
        break;
      case 0x93: { // STACK_GLOBAL
        const [module, name] = popMany(2);
        stack.push(rules.find(`${module}.${name}`));
        break;
      }
      case 0x52: // REDUCE
        reduce();
        break;
      case 0x62: // BUILD
        build();
        break;
      case 0x51: // BINPERSID
        stack.push(rules.load(pop()));
        break;
      case 0x71: // BINPUT
        keep(byte());
        break;
      case 0x72: // LONG_BINPUT
        keep(word());
        break;
      case 0x94: // MEMOIZE
        keep(memo.size);
        break;
      case 0x68: // BINGET
        stack.push(recall(byte()));
        break;
      case 0x6a: // LONG_BINGET
        stack.push(recall(word()));
        break;
      default:
        throw bad(
          `pickle opcode 0x${code.toString(16).padStart(2, "0")}`,
          "those of tensors, dictionaries and numbers",
        );
    }
  }
  throw bad(`a pickle of more than ${maximalSteps} steps`, "a state");
}

function isGlobal(value: unknown): value is PickleGlobal {
  return typeof value === "object" && value !== null && "name" in value &&
    !(value instanceof Map) && !Array.isArray(value);
}
