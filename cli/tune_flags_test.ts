import { assert } from "@std/assert";
import { triedInputs } from "@unet/app";
import { choiceFlags } from "./setting_flags.ts";
import { fixedGroups } from "./tune_flags.ts";

Deno.test("a study's trials share which part of image files is read", () => {
  const fixed = fixedGroups.flatMap(({ flags }) =>
    flags.map(({ name }) => name)
  );
  for (const { name } of choiceFlags) {
    assert(fixed.includes(name), name);
    assert(!triedInputs.has(name), name);
  }
});
