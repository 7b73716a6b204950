import { assertEquals } from "@std/assert";
import { Machine } from "../_machine.ts";
import { findOnednn } from "../find_library.ts";
import { Assembly } from "./assembly.ts";
import { NativeCode } from "./native_code.ts";
import { ProgramQueue } from "./program_queue.ts";

const found = await findOnednn();
const machine = found &&
  new Machine(found.path, { precision: "float32", winograd: true });
const canRun = machine?.winograd ?? null;
const skipped = canRun ? "" : ", but is skipped: no oneDNN with AVX-512";

/**
 * Each piece of work, which threads take by counting, makes of two neighboring
 * numbers one of the next row: 3 a + b + the program's number.
 */
function mixProgram(): Uint8Array<ArrayBuffer> {
  const assembly = new Assembly();
  assembly.emit(
    "next:",
    "mov rax, 1",
    "lock xadd [rdi], rax",
    "cmp rax, [rdi+8]",
    "jge done",
    "mov rsi, [rdi+16]",
    "mov rcx, [rsi+rax*8]",
    "lea rcx, [rcx+rcx*2]",
    "lea rdx, [rax+1]",
    "and rdx, [rdi+40]",
    "add rcx, [rsi+rdx*8]",
    "add rcx, [rdi+32]",
    "mov rsi, [rdi+24]",
    "mov [rsi+rax*8], rcx",
    "jmp next",
    "done:",
    "ret",
  );
  return assembly.bytes();
}

Deno.test({
  name:
    `ProgramQueue runs each program after all threads have ended the one before${skipped}`,
  ignore: !canRun,
  fn() {
    const code = new NativeCode(), queue = ProgramQueue.open(code)!;
    const program = code.load(mixProgram())!;
    const pieces = 64, rows = [0, 1].map(() => new BigInt64Array(pieces));
    const addresses = rows.map((row) =>
      BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(row)))
    );
    let expected = Array.from({ length: pieces }, (_, at) => BigInt(at));
    rows[0]!.set(expected);
    // More than a queue holds.
    const count = 1000, wrap = (value: bigint) => BigInt.asIntN(64, value);
    for (let number = 0; number < count; number++) {
      const given = BigInt64Array.of(
        ...[0n, BigInt(pieces), addresses[number % 2]!],
        ...[addresses[1 - number % 2]!, BigInt(number), BigInt(pieces - 1)],
      );
      queue.add(program, new Uint8Array(given.buffer));
      expected = expected.map((value, at) =>
        wrap(3n * value + expected[(at + 1) % pieces]! + BigInt(number))
      );
    }
    queue.run();
    assertEquals([...rows[count % 2]!], expected);
    // Nothing is left to be run again.
    queue.run();
    assertEquals([...rows[count % 2]!], expected);
    code.close();
  },
});

Deno.test({
  name:
    `what waits in the queue is run before memory is copied, cleared or given to oneDNN${skipped}`,
  ignore: !canRun,
  fn() {
    const { pool, winograd, layouts, reorder } = machine!;
    const shape = [1, 16, 16, 8] as const, size = 2048;
    const x = Float32Array.from({ length: size }, (_, at) => at % 7);
    const outcomes = ["download", "copy", "floats", "reorder"].map((how) => {
      const take = (bytes: number) => pool.take(bytes);
      const [from, to, kernel, other] = [4 * size, 4 * size, 36 * 256, 4 * size]
        .map(take);
      pool.upload(from!.pointer, x);
      const kernels = take(9 * 64 * 4);
      pool.upload(kernels.pointer, new Float32Array(576).fill(1));
      const address = kernels.pointer, inputs = 8, outputs = 8;
      winograd!.turn({ address, inputs, outputs }, "forward", kernel!.pointer);
      const features = { shape, blocked: false };
      winograd!.convolve(
        [{ ...features, address: from!.pointer }],
        { ...features, address: to!.pointer },
        { kernel: kernel!.pointer, bias: null, relu: false },
      );
      // The input changes behind it.
      pool.clear(from!.pointer, 4 * size);
      const values = new Float32Array(size);
      if (how === "download") pool.download(to!.pointer, values);
      if (how === "floats") values.set(pool.floats(to!.pointer, size));
      if (how === "copy") {
        pool.copy(other!.pointer, to!.pointer, 4 * size);
        pool.download(other!.pointer, values);
      }
      if (how === "reorder") {
        const layout = layouts.features(shape);
        reorder.run(layout, layout, to!, other!);
        pool.download(other!.pointer, values);
      }
      for (const block of [from, to, kernel, other, kernels]) pool.give(block!);
      return values;
    });
    // The middle of nine neighbors in eight channels, all of them summed up.
    assertEquals(outcomes[0]!.some((value) => value > 0), true);
    for (const values of outcomes) assertEquals(values, outcomes[0]);
  },
});
