import { assert } from "@std/assert";

const name = "isStarved() sees that others take the processor's time (where " +
  "taskset confines programs to one core)";

Deno.test({ name, ignore: Deno.build.os !== "linux" }, async () => {
  // As many programs as on a busy machine, on the one core that this may use.
  const spin = "while (true) Math.sin(1)";
  const core = ["-c", "0"];
  const others = Array.from({ length: 3 }, () =>
    new Deno.Command("taskset", {
      args: [...core, Deno.execPath(), "eval", spin],
      stdout: "null",
      stderr: "null",
    }).spawn());
  try {
    const module = JSON.stringify(import.meta.resolve("./_is_starved.ts"));
    const program = `import { isStarved } from ${module};
      await new Promise((resolve) => setTimeout(resolve, 1000));
      console.log(Array.from({ length: 9 }, isStarved).filter(Boolean).length)`;
    const { stdout } = await new Deno.Command("taskset", {
      args: [...core, Deno.execPath(), "eval", program],
      stderr: "null",
    }).output();
    assert(Number(new TextDecoder().decode(stdout)) > 4);
  } finally {
    for (const other of others) other.kill("SIGKILL");
    await Promise.all(others.map(({ status }) => status));
  }
});
