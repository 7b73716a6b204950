import { brief } from "@unet/errors";
import type { Bad } from "./_pickle_bytes.ts";

/** The most values that it holds on its stack; Python puts a thousand there. */
const maximalHeld = 20_000;

/** A name that a pickle asks for; `call` is what it may be applied to. */
export interface PickleGlobal {
  /** Module and name, as in `collections.OrderedDict`. */
  readonly name: string;
  /** What the name makes of its arguments; some are never called. */
  readonly call?: (args: readonly unknown[]) => unknown;
}

/** An object whose state follows its making, as that of a NumPy array does. */
export class PickleInstance {
  /** What made it, as in `numpy.dtype`. */
  readonly name: string;
  /** What it was made of. */
  readonly args: readonly unknown[];
  /** Its state; undefined until the pickle sets it. */
  state: unknown = undefined;

  /** Made of arguments, without a state. */
  constructor(name: string, args: readonly unknown[]) {
    this.name = name;
    this.args = args;
  }
}

/**
 * The stack and the memory of a pickle's machine. Lists are arrays, tuples
 * frozen arrays, dictionaries a `Map`. No value is walked through or written
 * out, for a few bytes can hold one another any number of times.
 */
export class PickleMachine {
  readonly #bad: Bad;
  readonly #memo = new Map<number, unknown>();
  /** The stacks below each mark. */
  readonly #below: unknown[][] = [];
  #stack: unknown[] = [];

  /** Starts with nothing. */
  constructor(bad: Bad) {
    this.#bad = bad;
  }

  push(value: unknown): void {
    this.#stack.push(value);
  }

  pop(): unknown {
    return this.popMany(1)[0];
  }

  popMany(count: number): unknown[] {
    if (this.#stack.length < count) {
      throw this.#bad("a pickle that takes what is not there", "a value");
    }
    return this.#stack.splice(this.#stack.length - count, count);
  }

  mark(): void {
    this.#below.push(this.#stack);
    this.#stack = [];
  }

  /** Takes all values above the last mark, and the mark. */
  popMark(): unknown[] {
    const items = this.#stack, below = this.#below.pop();
    if (!below) throw this.#bad("a pickle without a mark", "a mark");
    this.#stack = below;
    return items;
  }

  /** Remembers the value on top, under the next number if none is given. */
  keep(index = this.#memo.size): void {
    if (this.#stack.length === 0) {
      throw this.#bad("a pickle that keeps what is not there", "a value");
    }
    this.#memo.set(index, this.#stack.at(-1));
  }

  recall(index: number): void {
    if (!this.#memo.has(index)) {
      throw this.#bad(
        `a pickle that recalls what it never kept (${index})`,
        "a value",
      );
    }
    this.#stack.push(this.#memo.get(index));
  }

  /** Adds to the list on top. */
  append(items: readonly unknown[]): void {
    const target = this.#stack.at(-1);
    if (!Array.isArray(target) || Object.isFrozen(target)) {
      throw this.#bad("entries for what is no list", "a list");
    }
    for (const item of items) target.push(item);
  }

  /** Sets entries of the dictionary on top: keys and values in turn. */
  setItems(items: readonly unknown[]): void {
    const target = this.#stack.at(-1);
    if (!(target instanceof Map) || items.length % 2 !== 0) {
      throw this.#bad("entries for what is no dictionary", "a dictionary");
    }
    for (let at = 0; at < items.length; at += 2) {
      const key = items[at];
      if (typeof key !== "string" && typeof key !== "number") {
        throw this.#bad(
          `a dictionary with the key ${brief(key)}`,
          "names or numbers",
        );
      }
      target.set(key, items[at + 1]);
    }
  }

  /** Applies a name to arguments. */
  reduce(): void {
    const [callee, args] = this.popMany(2);
    const call = isGlobal(callee) ? callee.call : undefined;
    if (call === undefined || !Array.isArray(args)) {
      throw this.#bad(
        `a call of ${isGlobal(callee) ? `"${callee.name}"` : "a value"}`,
        "tensors, dictionaries and numbers",
      );
    }
    this.#stack.push(call(args));
  }

  /**
   * Sets the state of an instance; drops attributes of a dictionary: a state
   * dict keeps version numbers there.
   */
  build(): void {
    const state = this.pop(), target = this.#stack.at(-1);
    if (target instanceof PickleInstance) target.state = state;
    if (target instanceof PickleInstance || target instanceof Map) return;
    throw this.#bad("attributes for what is no dictionary", "a dictionary");
  }

  /** Refuses a stack that no file of weights needs. */
  requireRoom(): void {
    if (this.#stack.length + this.#below.length <= maximalHeld) return;
    throw this.#bad(
      `a pickle that holds over ${maximalHeld} values`,
      "a state",
    );
  }
}

function isGlobal(value: unknown): value is PickleGlobal {
  return typeof value === "object" && value !== null && "name" in value &&
    !(value instanceof Map) && !Array.isArray(value) &&
    !(value instanceof PickleInstance);
}
