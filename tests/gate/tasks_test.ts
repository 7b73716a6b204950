import { assertEquals } from "@std/assert";
import { commandsOf } from "./task_commands.ts";
import { packages } from "./workspace.ts";

for (
  const name of [
    "unet",
    "train",
    "tune",
    "segment",
    "studio",
    "serve",
    "evaluate",
  ]
) {
  Deno.test(`deno task ${name} starts one process, which prints only what is ours`, () => {
    const [command = "", ...others] = commandsOf(name);
    assertEquals(others, []);
    const words = command.split(" ");
    assertEquals(words.slice(0, 3), ["deno", "run", "-q"]);
    assertEquals(words[4], "cli/start.ts");
  });
}

Deno.test("deno task docs writes the reference of every package", () => {
  const command = commandsOf("docs").find((each) => each.includes("deno doc"));
  const documented = command?.split(" ").filter((word) =>
    word.endsWith("mod.ts")
  );
  const modules = packages.map(({ folder }) =>
    folder === "." ? "mod.ts" : `${folder}/mod.ts`
  );
  assertEquals(documented?.sort(), modules.sort());
});
