import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";

const main = fromFileUrl(new URL("../../cli/main.ts", import.meta.url));
const config = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** A studio in a process of its own, and a browser that it knows. */
interface StudioProcess {
  /** The process. */
  readonly child: Deno.ChildProcess;
  /** Asks for JSON. */
  get<Value>(path: string): Promise<Value>;
  /** Sends JSON, and takes JSON. */
  post<Value>(path: string, body: unknown): Promise<Value>;
}

/** Starts a studio with the permissions of its task. */
async function startStudio(folder: string): Promise<StudioProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-check", "--config", config, "-P=studio", main],
      ...["studio", folder, "--no-open"],
    ],
    env: { UNET_CACHE: join(folder, "..", "cache") },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  // It ends where nobody reads what it prints, so that this stays open.
  const reader = child.stdout.getReader();
  while (!/http:\S+\n/.test(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`found no address in ${text}`);
    text += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  const url = new URL(/http:\S+/.exec(text)![0]);
  const { origin } = url;
  const welcome = await fetch(url, { redirect: "manual" });
  await welcome.body?.cancel();
  const cookie = welcome.headers.get("set-cookie")!.split(";")[0]!;
  const answer = async (response: Response) => {
    const json = await response.json();
    assert(response.ok, json?.error);
    return json;
  };
  return {
    child,
    get: async (path) =>
      await answer(await fetch(origin + path, { headers: { cookie } })),
    post: async (path, body) =>
      await answer(
        await fetch(origin + path, {
          method: "POST",
          headers: { cookie, origin, "Content-Type": "application/json" },
          body: JSON.stringify(body),
        }),
      ),
  };
}

interface View {
  readonly state: string;
  readonly fault: string | null;
  readonly rows: readonly unknown[];
}

/** Waits for a state of the training. */
async function until(
  { get }: StudioProcess,
  isThere: (view: View) => boolean,
): Promise<View> {
  for (;;) {
    const view = await get<View>("/api/training");
    if (isThere(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

Deno.test("a training that was killed with its studio continues in the next one, and ends as one that was not", async () => {
  const place = await Deno.realPath(await Deno.makeTempDir());
  const folder = join(place, "images"), size = { width: 64, height: 64 };
  let at = 0;
  for (const { image, labels } of synthesize({ count: 2, ...size, seed: 6 })) {
    const mask = {
      ...{ ...size, channels: 1, depth: 16 } as const,
      data: Uint16Array.from(labels.data),
    };
    await writeFile(join(folder, `${at}.png`), await encodePng(image));
    await writeFile(join(folder, "masks", `${at}.png`), await encodePng(mask));
    at++;
  }
  const values = {
    ...{ width: 0.0625, tile: 64, batch: 2, epochs: 40, workers: 0 },
    ...{ device: "wasm", "batch-norm-batches": 0, validation: 0 },
  };
  const first = await startStudio(folder);
  await first.post("/api/train", { name: "killed", values });
  await until(first, ({ rows }) => rows.length >= 2);
  first.child.kill("SIGKILL");
  await first.child.status;
  await first.child.stdout.cancel();
  const second = await startStudio(folder);
  const [run] = await second.get<
    { name: string; epoch: number; canResume: boolean }[]
  >("/api/runs");
  assertEquals([run!.name, run!.canResume], ["killed", true]);
  assert(run!.epoch >= 2 && run!.epoch < 40, String(run!.epoch));
  await second.post("/api/train/resume", { name: "killed" });
  const ended = await until(second, ({ state }) => state !== "running");
  assertEquals([ended.state, ended.fault, ended.rows.length], [
    ...["ended", null],
    40,
  ]);
  await second.post("/api/train", { name: "whole", values });
  await until(second, ({ state }) => state === "ended");
  second.child.kill("SIGTERM");
  await second.child.status;
  await second.child.stdout.cancel();
  const modelOf = (name: string) =>
    Deno.readFile(
      join(folder, ".studio", "runs", name, "last", "model.safetensors"),
    );
  assertEquals(await modelOf("killed"), await modelOf("whole"));
  await Deno.remove(place, { recursive: true });
});
