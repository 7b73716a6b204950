import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const examples = fromFileUrl(new URL("../../examples/", import.meta.url));

/**
 * Runs a command of Deno that a tutorial gives for a clone of the repository,
 * in another folder. A server is asked for its page, program and model, then
 * ended.
 *
 * @param args The words behind `deno`, paths of examples as in the clone.
 * @param folder The folder it runs in.
 */
export async function runInClone(
  args: readonly string[],
  folder: string,
): Promise<void> {
  const port = freePort();
  const [script = ""] = args.filter((word) => word.startsWith("examples/"));
  const words = args.map((word) =>
    word === script
      ? join(examples, script.slice("examples/".length))
      : word === "8000"
      ? String(port)
      : word
  );
  const [command = "", ...rest] = words;
  const config = ["--config", join(examples, "deno.json")];
  const child = new Deno.Command(Deno.execPath(), {
    args: [command, ...config, "--quiet", ...rest],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const output = child.output();
  if (args.includes("8000")) {
    const model = args.at(-1)!.endsWith(".safetensors") ? args.at(-1)! : null;
    try {
      await expectPage(child, port, model && join(folder, model));
    } finally {
      child.kill();
      await output;
    }
    return;
  }
  const { code, stderr } = await output;
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}

/** Waits for a server and reads what a page needs of it. */
async function expectPage(
  child: Deno.ChildProcess,
  port: number,
  model: string | null,
): Promise<void> {
  const status = { hasEnded: false };
  child.status.then(() => status.hasEnded = true);
  const hostname = "127.0.0.1";
  for (;;) {
    assert(!status.hasEnded, "Expected the server to run");
    const connection = await Deno.connect({ hostname, port }).catch(() => null);
    connection?.close();
    if (connection) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const get = async (path: string): Promise<Response> => {
    const answer = await fetch(`http://${hostname}:${port}${path}`);
    assertEquals(answer.status, 200, path);
    return answer;
  };
  assert((await (await get("/")).text()).includes("/page.js"));
  assert((await (await get("/page.js")).bytes()).length > 10_000);
  await (await get("/wasm/tfjs-backend-wasm-simd.wasm")).bytes();
  const served = await (await get("/model")).bytes();
  if (model) assertEquals(served.length, (await Deno.stat(model)).size);
}

/** A port that nothing listens to. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
