import { assert, assertEquals, assertThrows } from "@std/assert";
import { DeviceError } from "@unet/errors";
import fc from "fast-check";
import { MemoryPool } from "./_memory_pool.ts";

const ignore = Deno.build.os !== "linux";

Deno.test({
  name:
    "MemoryPool lends blocks at multiples of 64 that hold what they are asked to",
  ignore,
  fn() {
    const pool = new MemoryPool(2 ** 30);
    fc.assert(fc.property(fc.integer({ min: 0, max: 1e7 }), (bytes) => {
      const block = pool.take(bytes);
      assertEquals(block.pointer % 64n, 0n);
      assert(block.bytes >= bytes);
      pool.give(block);
    }));
    assertEquals(pool.use.lent, 0);
    pool.close();
  },
});

Deno.test({
  name: "MemoryPool never lends memory twice at a time",
  ignore,
  fn() {
    const pool = new MemoryPool(2 ** 30);
    fc.assert(fc.property(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.boolean())),
      (asks) => {
        const held: ReturnType<MemoryPool["take"]>[] = [];
        for (const [bytes, giveBack] of asks) {
          const block = pool.take(bytes);
          for (const other of held) {
            assert(
              block.pointer + BigInt(block.bytes) <= other.pointer ||
                other.pointer + BigInt(other.bytes) <= block.pointer,
            );
          }
          if (giveBack) pool.give(block);
          else held.push(block);
        }
        held.forEach((block) => pool.give(block));
      },
    ));
    assertEquals(pool.use.lent, 0);
    pool.close();
  },
});

Deno.test({
  name: "MemoryPool lends blocks again, small ones and large",
  ignore,
  fn() {
    const pool = new MemoryPool(2 ** 24);
    for (const bytes of [1000, 2 ** 22]) {
      const first = pool.take(bytes);
      pool.give(first);
      assertEquals(pool.take(bytes).pointer, first.pointer);
      pool.give(first);
    }
    assertEquals(pool.use.lent, 0);
    assert(pool.use.kept >= 1000);
    pool.trim();
    assertEquals(pool.use.kept, 0);
    pool.close();
  },
});

Deno.test({
  name: "MemoryPool makes two blocks of the room of one",
  ignore,
  fn() {
    const pool = new MemoryPool(2 ** 24);
    const whole = pool.take(2 ** 24);
    pool.give(whole);
    const halves = [pool.take(2 ** 23), pool.take(2 ** 23)];
    assertEquals(halves[0]!.pointer, whole.pointer);
    assertEquals(halves[1]!.pointer, whole.pointer + 2n ** 23n);
    assertEquals(pool.use.peak, 2 ** 24);
    halves.forEach((half) => pool.give(half));
    pool.close();
  },
});

Deno.test({
  name: "MemoryPool says what to do when its limit is passed",
  ignore,
  fn() {
    const pool = new MemoryPool(2 ** 24);
    const held = pool.take(2 ** 23);
    const error = assertThrows(() => pool.take(2 ** 24), DeviceError);
    assertEquals(
      error.message,
      'Cannot allocate tensor on device "onednn": found 16 MiB more than fit ' +
        "beside 8 MiB in use, expected at most 16 MiB in all; use a smaller " +
        "batch, a smaller tile, a narrower model or `precision mixed`; " +
        "UNET_MEMORY sets the limit in GiB",
    );
    pool.give(held);
    pool.close();
  },
});

Deno.test({
  name: "MemoryPool copies numbers in, about and out",
  ignore,
  fn() {
    const pool = new MemoryPool(2 ** 24);
    const [a, b] = [pool.take(32), pool.take(32)];
    pool.upload(a.pointer, Float32Array.of(1, 2, 3, 4));
    pool.clear(b.pointer, 16);
    pool.copy(b.pointer, a.pointer, 8);
    const result = new Float32Array(4);
    pool.download(b.pointer, result);
    assertEquals([...result], [1, 2, 0, 0]);
    [a, b].forEach((block) => pool.give(block));
    pool.close();
  },
});
