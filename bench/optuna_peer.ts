import { fromFileUrl } from "@std/path";
import { cannot, DeviceError } from "@unet/errors";
import type { Space, Trial } from "@unet/tune";

/** Studies of one space, a seed each. */
export interface PeerStudy {
  readonly space: Space;
  readonly seeds: number;
  readonly trials: number;
  readonly multivariate: boolean;
}

/** Optuna, which proposes parameters and gets values, in a process. */
export class OptunaPeer {
  /** What the peer is. */
  readonly versions: Readonly<Record<string, string>>;
  readonly #process: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string, void>;

  private constructor(
    versions: Readonly<Record<string, string>>,
    process: Deno.ChildProcess,
    input: WritableStreamDefaultWriter<Uint8Array>,
    lines: AsyncGenerator<string, void>,
  ) {
    this.versions = versions;
    this.#process = process;
    this.#input = input;
    this.#lines = lines;
  }

  /**
   * Starts the process; its studies are then run in order.
   *
   * @param python An interpreter that has Optuna.
   * @throws {DeviceError} If it fails.
   */
  static async start(
    python: string,
    studies: readonly PeerStudy[],
  ): Promise<OptunaPeer> {
    const script = new URL("./samplers_peer.py", import.meta.url);
    const process = new Deno.Command(python, {
      args: [fromFileUrl(script)],
      stdin: "piped",
      stdout: "piped",
      env: { OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
    }).spawn();
    const input = process.stdin.getWriter();
    const lines = readLines(process.stdout);
    const first = await nextOf(lines) as { versions: Record<string, string> };
    const peer = new OptunaPeer(first.versions, process, input, lines);
    await peer.#say(studies);
    return peer;
  }

  /** The parameters of the next trial. */
  async ask(): Promise<Trial["params"]> {
    return await nextOf(this.#lines) as Trial["params"];
  }

  /** Reports the value of the last proposed trial. */
  report(value: number): Promise<void> {
    return this.#say(value);
  }

  /** The seconds that the study which just ended spent on its trials. */
  async seconds(): Promise<number> {
    return (await nextOf(this.#lines) as { seconds: number }).seconds;
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#process.kill();
    } catch (error) {
      // It ends on its own after the last study.
      if (!(error instanceof TypeError)) throw error;
    }
    await this.#process.status;
    // A reader that was left behind would hold the pipe.
    await this.#lines.return();
  }

  async #say(content: unknown): Promise<void> {
    await this.#input.write(
      new TextEncoder().encode(JSON.stringify(content) + "\n"),
    );
  }
}

async function nextOf(lines: AsyncGenerator<string, void>): Promise<unknown> {
  const { value } = await lines.next();
  if (value !== undefined) return JSON.parse(value);
  throw new DeviceError(cannot("measure with", "program", "samplers_peer.py", {
    found: "an early end",
    remedy: "its own message is above",
  }));
}

async function* readLines(
  stream: ReadableStream<Uint8Array>,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of stream) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}
