import { assertEquals } from "@std/assert";
import { commandsOf } from "./task_commands.ts";

for (const name of ["unet", "train", "tune", "segment", "studio", "evaluate"]) {
  Deno.test(`deno task ${name} starts one process, which prints only what is ours`, () => {
    const [command = "", ...others] = commandsOf(name);
    assertEquals(others, []);
    const words = command.split(" ");
    assertEquals(words.slice(0, 3), ["deno", "run", "-q"]);
    assertEquals(words[4], "cli/start.ts");
  });
}
