import { assertEquals } from "@std/assert";
import { toPartWriter } from "./to_part_writer.ts";

Deno.test("toPartWriter() adds pieces by its function, and ends by the file's own", async () => {
  const calls: string[] = [];
  const file = {
    finish: () => Promise.resolve(void calls.push("finish")),
    [Symbol.asyncDispose]: () => Promise.resolve(void calls.push("dispose")),
  };
  {
    await using writer = toPartWriter<number>(
      file,
      (piece) => Promise.resolve(void calls.push(`write ${piece}`)),
    );
    await writer.write(1);
    await writer.write(2);
    await writer.finish();
  }
  assertEquals(calls, ["write 1", "write 2", "finish", "dispose"]);
});
