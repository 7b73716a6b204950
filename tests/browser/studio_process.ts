import { fromFileUrl } from "@std/path";

/** A studio in a process of its own, as people start it. */
export interface StudioProcess {
  /** The address of its page. */
  readonly url: string;
  /** The number of the process. */
  readonly pid: number;
  /** Ends it, by SIGTERM unless another signal is named. */
  end(signal?: Deno.Signal): Promise<void>;
}

/**
 * Starts a studio with the permissions of its task.
 *
 * @param folder The folder of its images.
 */
export async function startStudio(folder: string): Promise<StudioProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--no-check", "-P=studio"],
      fromFileUrl(new URL("../../cli/start.ts", import.meta.url)),
      ...["studio", folder, "--no-open"],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The studio ended: ${text}`);
    text += value;
    const url = /http:\S+token=[0-9a-f]{64}/.exec(text)?.[0];
    if (url === undefined) continue;
    return {
      ...{ url, pid: child.pid },
      async end(signal = "SIGTERM") {
        child.kill(signal);
        await child.status;
      },
    };
  }
}
