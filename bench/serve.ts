/**
 * Measures the server of models under load: `deno task bench serve`, of which
 * README.md says more.
 */
// deno-lint-ignore-file no-console
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { cannot, count, DeviceError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { thisMachine } from "./machine.ts";
import { readFlags } from "./read_flags.ts";
import { benchRoot } from "./run_bench.ts";

/** What a load came to. */
export interface ServeResult {
  /** Requests that were sent. */
  readonly requests: number;
  /** Requests at once. */
  readonly together: number;
  /** The side of the images in pixels. */
  readonly size: number;
  /** Requests without the answer that the same image got alone. */
  readonly lost: number;
  /** Milliseconds within which half of the requests were answered. */
  readonly median: number;
  /** Milliseconds within which 95 % were answered. */
  readonly within95: number;
  /** Images per second. */
  readonly imagesPerSecond: number;
  /** MiB of the server: before the load, after each tenth, at the end. */
  readonly memory: readonly number[];
  /** The exit code of the server, which SIGTERM ended. */
  readonly code: number;
}

/** How a server is asked. */
type Load = Pick<ServeResult, "requests" | "together" | "size">;

/**
 * Runs the benchmark and prints what it found.
 *
 * @param args The command line, after the benchmark's name.
 * @returns The exit code: 1 if a request was lost, or the server did not end
 * well.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {DeviceError} If the server does not start, or reports no memory.
 */
export async function benchServe(args: readonly string[]): Promise<number> {
  const flags = readFlags(args, {
    switches: ["json"],
    values: [
      ...["requests", "together", "size", "model", "device", "out", "note"],
    ],
  });
  const requests = flags.count("requests", 1000);
  const together = flags.count("together", 32);
  const size = flags.count("size", 256);
  await using server = await startServer([
    ...["--model", flags.text("model") ?? "nuclei"],
    ...["--device", flags.text("device") ?? "auto"],
    ...["--queue", `${together}`],
  ]);
  const loaded = await load(server.url, { requests, together, size });
  const result = { ...loaded, code: await server.end() };
  const note = flags.text("note");
  const found = {
    ...{ date: new Date().toISOString(), ...thisMachine() },
    ...(note !== undefined && { note }),
    result,
  };
  const text = JSON.stringify(found, null, 2) + "\n";
  const out = flags.text("out");
  if (out !== undefined) await writeFile(out, text, "results");
  if (flags.on("json")) console.log(text.trimEnd());
  else print(result, `${found.date}, ${found.cpu}`);
  return result.lost === 0 && result.code === 0 ? 0 : 1;
}

interface RunningServer extends AsyncDisposable {
  readonly url: string;
  /** Asks it to end; gives its exit code. */
  end(): Promise<number>;
}

async function startServer(flags: readonly string[]): Promise<RunningServer> {
  const port = freePort();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "-P=serve", join("cli", "start.ts"), "serve"],
      ...[...flags, "--port", `${port}`],
    ],
    cwd: benchRoot,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const decoder = new TextDecoder();
  const reader = child.stdout.getReader();
  let said = "";
  while (!said.includes("Serving: ")) {
    const { value, done } = await reader.read();
    if (done) {
      throw new DeviceError(
        cannot("start", "server", "unet serve", { found: "its end" }),
      );
    }
    said += decoder.decode(value, { stream: true });
  }
  let isRunning = true;
  const ended = child.status.finally(() => isRunning = false);
  const end = async () => {
    if (isRunning) child.kill("SIGTERM");
    isRunning = false;
    return (await ended).code;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    end,
    async [Symbol.asyncDispose]() {
      await end();
      await reader.cancel();
    },
  };
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Images that differ, so that answers that are mixed up show. */
const images = 8;

async function load(
  url: string,
  { requests, together, size }: Load,
): Promise<Omit<ServeResult, "code">> {
  const bodies = await bodiesOf(size), alone: (string | null)[] = [];
  for (const body of bodies) alone.push(await ask(url, body));
  const memory = [await memoryOf(url)], times: number[] = [];
  const tenth = Math.ceil(requests / 10);
  let sent = 0, lost = 0;
  const started = performance.now();
  const client = async (): Promise<void> => {
    while (sent < requests) {
      const which = sent++ % images, since = performance.now();
      const answer = await ask(url, bodies[which]!);
      times.push(performance.now() - since);
      if (answer === null || answer !== alone[which]) lost++;
      const isTenth = times.length % tenth === 0 && times.length < requests;
      if (isTenth) memory.push(await memoryOf(url));
    }
  };
  await Promise.all(Array.from({ length: together }, client));
  const seconds = (performance.now() - started) / 1000;
  memory.push(await memoryOf(url));
  times.sort((one, other) => one - other);
  const within = (share: number) =>
    times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return {
    ...{ requests, together, size, lost },
    ...{ median: within(0.5), within95: within(0.95), memory },
    imagesPerSecond: requests / seconds,
  };
}

async function bodiesOf(size: number): Promise<Uint8Array<ArrayBuffer>[]> {
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  const drawn = { count: images, width: size, height: size, seed: 1 };
  for (const { image } of synthesize(drawn)) {
    bodies.push(Uint8Array.from(await encodePng(image)));
  }
  return bodies;
}

/** The labels of an image; null where there is no whole answer. */
async function ask(
  url: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<string | null> {
  try {
    const answer = await fetch(`${url}/segment?format=labels`, {
      ...{ method: "POST", body },
    });
    const bytes = await answer.bytes();
    return answer.ok ? bytes.toBase64() : null;
  } catch {
    // Whatever broke, the request is lost, and counted.
    return null;
  }
}

/** MiB of the server, by its metrics. */
async function memoryOf(url: string): Promise<number> {
  const failed = (found: string, cause?: unknown) =>
    new DeviceError(cannot("read", "metrics", url, { found }), { cause });
  const text = await fetch(`${url}/metrics`).then((answer) => answer.text())
    .catch((cause) => {
      throw failed("no answer", cause);
    });
  const bytes = /^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1];
  if (bytes === undefined) throw failed("no memory");
  return Math.round(Number(bytes) / 2 ** 20);
}

function print(result: ServeResult, place: string): void {
  const { requests, together, size, lost, memory, code } = result;
  console.log(place);
  console.log(
    `${count(requests, "request")} of ${size}×${size}, ${together} at once: ` +
      `${lost} lost, median ${result.median.toFixed(0)} ms, 95 % within ` +
      `${result.within95.toFixed(0)} ms, ` +
      `${result.imagesPerSecond.toFixed(2)} images/s`,
  );
  console.log(`memory in MiB, over the load: ${memory.join(", ")}`);
  console.log(`SIGTERM: exit code ${code}`);
}
