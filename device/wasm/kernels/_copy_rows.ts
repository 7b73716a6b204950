import {
  advance,
  get,
  i32,
  repeat,
  repeatUnrolled,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
} from "../_assembler.ts";

/**
 * Copies rows of floats between places that step by different numbers of
 * bytes. A row is `vectors` times four floats and then `rest` floats.
 */
export const copyRows: WasmFunction = wasmFunction(
  "copyRows",
  ["from", "to", "rows", "vectors", "rest", "fromStep", "toStep"],
  (p, local) => {
    const from = local("i32"), to = local("i32"), count = local("i32");
    const copy = (lanes: 1 | 4) =>
      repeatUnrolled(
        count,
        get(lanes === 4 ? p.vectors : p.rest),
        (step) => {
          const offset = 4 * lanes * step;
          const value = v128.load(get(from), offset, lanes);
          return v128.store(get(to), value, offset, lanes);
        },
        (steps) =>
          [from, to].map((pointer) =>
            advance(pointer, i32.constant(4 * lanes * steps))
          ),
      );
    return repeat(p.rows, [
      set(from, get(p.from)),
      set(to, get(p.to)),
      copy(4),
      copy(1),
      advance(p.from, get(p.fromStep)),
      advance(p.to, get(p.toStep)),
    ]);
  },
);
