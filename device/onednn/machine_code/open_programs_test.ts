import { assertEquals } from "@std/assert";
import { Library } from "../_library.ts";
import { findOnednn } from "../find_library.ts";
import { openPrograms } from "./open_programs.ts";

const found = await findOnednn();

Deno.test({
  name: "openPrograms() makes no code without AVX-512" +
    (found ? "" : ", but is skipped: no oneDNN"),
  ignore: !found,
  fn() {
    const library = new Library(found!.path);
    Object.assign(library, { instructions: "AVX2" });
    assertEquals(openPrograms({ library }), null);
    library.close();
  },
});
