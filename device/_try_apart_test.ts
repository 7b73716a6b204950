import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { tryApart } from "./_try_apart.ts";

const trial = { name: "cpu" } as const;

Deno.test("tryApart() finds nothing against a device that works", async () => {
  assertEquals(await tryApart(trial, 60), null);
});

Deno.test("tryApart() reports why a device does not open", async () => {
  assertEquals(
    await tryApart({ ...trial, precision: "mixed" }, 60),
    "no mixed precision",
  );
});

Deno.test("tryApart() reports why its worker does not start", async () => {
  const broken = new URL(
    "data:application/javascript,throw new Error('a broken driver')",
  );
  assertMatch(
    await tryApart(trial, 60, broken) ?? "",
    /^Uncaught .*a broken driver$/,
  );
});

Deno.test({
  name: "tryApart() gives up a driver that hangs in native code",
  // skipped: the fixture hangs in a function of libc.
  ignore: Deno.build.os === "windows",
  async fn() {
    // In a process of its own, since a thread that hangs cannot be ended.
    const program = await Deno.makeTempFile({ suffix: ".ts" });
    const url = (path: string) =>
      JSON.stringify(new URL(path, import.meta.url).href);
    await Deno.writeTextFile(
      program,
      `import { tryApart } from ${url("./_try_apart.ts")};
      const worker = new URL(${url("./fixtures/hanging_worker.ts")});
      console.log(await tryApart({ name: "cpu" }, 2, worker));
      Deno.exit(7);`,
    );
    const config = fileURLToPath(new URL("../deno.json", import.meta.url));
    const { stdout, code } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-lock", "--no-check", `--config=${config}`],
        ...["--allow-read", "--allow-ffi", program],
      ],
      stderr: "null",
    }).output();
    await Deno.remove(program);
    const said = new TextDecoder().decode(stdout);
    assert(said.startsWith("no answer within 2 s"), said);
    assertEquals(code, 7);
  },
});
