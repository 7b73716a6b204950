import { assertEquals } from "@std/assert";
import { programName } from "./program_name.ts";

Deno.test("programName() is what a person can type", () => {
  const name = (variables: Record<string, string>): string =>
    programName((key) => variables[key]);
  assertEquals(name({}), "deno task unet");
  assertEquals(name({ npm_command: "exec" }), "npx --yes deno task unet");
  assertEquals(name({ npm_command: "run" }), "deno task unet");
  assertEquals(name({ npm_command: "exec", UNET_PROGRAM: "unet" }), "unet");
});
