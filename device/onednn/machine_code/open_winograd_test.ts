import { assertEquals } from "@std/assert";
import { Library } from "../_library.ts";
import { MemoryPool } from "../_memory_pool.ts";
import { findOnednn } from "../find_library.ts";
import { openWinograd } from "./open_winograd.ts";

const found = await findOnednn();

Deno.test({
  name: "openWinograd() leaves convolutions to oneDNN without AVX-512" +
    (found ? "" : ", but is skipped: no oneDNN"),
  ignore: !found,
  fn() {
    const library = new Library(found!.path);
    const pool = new MemoryPool(2 ** 20);
    Object.assign(library, { instructions: "AVX2" });
    assertEquals(openWinograd({ library, pool }), null);
    pool.close();
    library.close();
  },
});
