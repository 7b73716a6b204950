import { assert, assertEquals } from "@std/assert";
import { startPython } from "./start_python.ts";

Deno.test("startPython() runs a program with pipes, and without a person's packages", async () => {
  const started = startPython(
    "import sys; print(sys.stdin.read() + sys.argv[1], sys.flags.isolated)",
    ["b"],
  );
  if ("reason" in started) {
    // deno-lint-ignore no-console
    console.log(`Skipped: ${started.reason}`);
    return;
  }
  const { child } = started, writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode("a"));
  await writer.close();
  const { success, stdout } = await child.output();
  assert(success);
  assertEquals(new TextDecoder().decode(stdout).trim(), "ab 1");
});
