import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { commandsOf } from "./task_commands.ts";
import { entryPoints, files, packages, read, runDeno } from "./workspace.ts";

// The root hands on what its members document, a choice of it.
for (const member of packages.filter(({ folder }) => folder !== ".")) {
  Deno.test(`${member.config.name} documents every export and field`, async () => {
    const entries = entryPoints(member)
      .map(([, file]) => join(member.folder, file));
    const { success, output } = await runDeno(["doc", "--lint", ...entries]);
    assert(success, output);
  });
}

Deno.test("`deno task test` runs the examples in docs and READMEs", () => {
  const tests = commandsOf("test").filter((command) =>
    command.includes("deno test")
  );
  const isWhole = (command: string): boolean => / --doc\b/.test(command);
  assert(tests.some(isWhole), `Expected --doc among:\n${tests.join("\n")}`);
});

Deno.test("no example is exempt from being run", () => {
  const exempt = files.filter((path) =>
    /\.(ts|md)$/.test(path) && /^[ *]*```ts ignore/m.test(read(path))
  );
  assertEquals(exempt, []);
});
