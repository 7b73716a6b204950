import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  advance,
  assemble,
  f32x4,
  get,
  i32,
  repeatUnrolled,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
} from "./_assembler.ts";
import { copyRows } from "./kernels/_copy_rows.ts";

function compile(
  code: WasmFunction,
): [Float32Array, (...args: number[]) => void] {
  const memory = new WebAssembly.Memory({ initial: 64 });
  const module = new WebAssembly.Module(assemble([code]));
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  return [
    new Float32Array(memory.buffer),
    exports[code.name] as (...args: number[]) => void,
  ];
}

Deno.test("assemble() encodes constants of every length", () => {
  const base = 2 ** 21;
  for (
    const steps of [0, 15, 16, -16, -17, 2047, 2048, -2048, -2049, 2 ** 18]
  ) {
    const [heap, run] = compile(wasmFunction("move", ["place"], (p) => [
      advance(p.place, i32.constant(4 * steps)),
      v128.store(i32.constant(64), v128.loadSplat(get(p.place)), 0, 1),
    ]));
    heap[base / 4 + steps] = 7;
    run(base);
    assertEquals(heap[16], 7, `${steps}`);
  }
});

Deno.test("repeatUnrolled() runs the body as often as asked", () => {
  const [heap, run] = compile(
    wasmFunction("count", ["times"], ({ times }, local) => {
      const count = local("i32"), sum = local("v128");
      return [
        repeatUnrolled(
          count,
          get(times),
          () => set(sum, f32x4.add(get(sum), v128.loadSplat(i32.constant(0)))),
        ),
        v128.store(i32.constant(16), get(sum)),
      ];
    }),
  );
  heap[0] = 1;
  for (let times = 0; times < 14; times++) {
    run(times);
    assertEquals([...heap.subarray(4, 8)], [times, times, times, times]);
  }
});

Deno.test("copyRows() copies rows and nothing beside them", () => {
  const [heap, run] = compile(copyRows);
  const small = fc.integer({ min: 0, max: 9 });
  fc.assert(fc.property(small, small, small, small, (rows, row, from, to) => {
    heap.fill(0).subarray(0, 1024).forEach((_, i, all) => all[i] = i + 1);
    run(
      0,
      4096,
      rows,
      row >> 2,
      row & 3,
      4 * (row + from),
      4 * (row + to),
    );
    const expected = new Float32Array(rows * (row + to) + 16);
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < row; i++) {
        expected[r * (row + to) + i] = r * (row + from) + i + 1;
      }
    }
    assertEquals(heap.slice(1024, 1024 + expected.length), expected);
  }));
});
