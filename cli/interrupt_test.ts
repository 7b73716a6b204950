import { assertEquals } from "@std/assert";

Deno.test({
  name:
    "a closed terminal does not end what outlives it, nor when signals are listened to no more",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const script = new URL("fixtures/outlive.ts", import.meta.url).pathname;
    const child = new Deno.Command("nohup", {
      args: [Deno.execPath(), "run", "-q", "--allow-ffi", script],
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let printed = "";
    const lines = child.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of lines) {
      if (!printed.includes("listened")) child.kill("SIGHUP");
      printed += text;
    }
    assertEquals(printed, "listened\nwhole\n");
    assertEquals((await child.status).code, 0);
  },
});
