import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const main = fromFileUrl(new URL("../../cli/main.ts", import.meta.url));
const config = fromFileUrl(new URL("../../deno.json", import.meta.url));

/** A studio in a process of its own, and a browser that it knows. */
export interface StudioProcess {
  /** The process. */
  readonly child: Deno.ChildProcess;
  /** Asks for JSON. */
  get<Value>(path: string): Promise<Value>;
  /** Sends JSON, and takes JSON. */
  post<Value>(path: string, body: unknown): Promise<Value>;
  /** Ends it, by SIGTERM unless another signal is named. */
  end(signal?: Deno.Signal): Promise<void>;
}

/**
 * Starts a studio with the permissions of its task.
 *
 * @param folder Its images; its cache lies beside.
 */
export async function startStudio(folder: string): Promise<StudioProcess> {
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
    async end(signal = "SIGTERM") {
      child.kill(signal);
      await child.status;
      await child.stdout.cancel();
    },
  };
}

/** How a training is. */
export interface TrainingSeen {
  readonly state: string;
  readonly fault: string | null;
  readonly rows: readonly unknown[];
}

/** Waits for a state of the training. */
export async function untilTraining(
  { get }: StudioProcess,
  isThere: (view: TrainingSeen) => boolean,
): Promise<TrainingSeen> {
  for (;;) {
    const view = await get<TrainingSeen>("/api/training");
    if (isThere(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
