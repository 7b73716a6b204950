import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import fc from "fast-check";
import { FileWriter } from "./file_writer.ts";
import { keepWritten, takeWritten } from "./written_files.ts";

Deno.test("takeWritten() gives a file once", async () => {
  keepWritten("a", new Blob(["text"]));
  assertEquals(await takeWritten("a").text(), "text");
  assertThrows(() => takeWritten("a"), RangeError, "found none");
});

Deno.test("FileWriter of a page holds what was written, wherever pieces end", async () => {
  const piece = fc.tuple(fc.nat(5e6), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 4 }), async (pieces) => {
      await using file = await FileWriter.open("b", "note");
      const all: number[][] = [];
      for (const [length, value] of pieces) {
        await file.write(new Uint8Array(length).fill(value));
        all.push([length, value]);
      }
      assertEquals(
        file.length,
        all.reduce((sum, [length]) => sum + length!, 0),
      );
      if (file.length > 8) {
        const middle = Math.floor(file.length / 2);
        await file.writeAt(middle, new Uint8Array([1, 2, 3]));
        assertEquals([...await file.readAt(middle, 3)], [1, 2, 3]);
      }
      const length = file.length;
      await file.finish();
      const bytes = await takeWritten("b").bytes();
      assertEquals(bytes.length, length);
      if (length > 8) assertEquals(bytes[Math.floor(length / 2) + 2], 3);
    }),
    { numRuns: 12 },
  );
});

Deno.test("FileWriter of a page refuses to write beyond its end, and after it", async () => {
  const file = await FileWriter.open("c", "note");
  assertThrows(
    () => file.writeAt(0, new Uint8Array(1)),
    RangeError,
    "found 1 at 0",
  );
  await file.abort();
  await assertRejects(
    async () => await file.write(new Uint8Array(1)),
    TypeError,
    "finished or aborted",
  );
  assertThrows(() => takeWritten("c"), RangeError);
});
