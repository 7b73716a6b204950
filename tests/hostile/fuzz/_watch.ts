import { fromFileUrl } from "@std/path";
import { TextLineStream } from "./_lines.ts";
import type { ChildJob, ChildLine } from "./_child.ts";

/** Something that a reader must not do. */
export interface Find {
  /** The reader. */
  readonly target: string;
  /** The number of the input, from which it is made again. */
  readonly input: number;
  /** What happened. */
  readonly found: string;
}

/** What came of reading mutated files. */
export interface FuzzReport {
  /** How many files each reader read. */
  readonly executions: Readonly<Record<string, number>>;
  readonly finds: readonly Find[];
}

/** How to read mutated files. */
export interface FuzzOptions {
  readonly names: readonly string[];
  readonly seconds: number;
  /** The number of the first input. */
  readonly start: number;
  /** Called with each find as it is made. */
  readonly onFind?: (find: Find) => void;
}

/** A reader that says nothing for so long hangs, on a busy machine too. */
const patience = 60_000;

const child = fromFileUrl(new URL("./_child.ts", import.meta.url));
const config = fromFileUrl(new URL("../../../deno.json", import.meta.url));

/**
 * Reads mutated files in a process of its own, which is ended and started anew
 * where it hangs or dies.
 */
export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { names, seconds, start, onFind = () => {} } = options;
  const next = new Map(names.map((name) => [name, start]));
  const finds: Find[] = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end) {
    const job = {
      starts: Object.fromEntries(next),
      seconds: (end - performance.now()) / 1000,
    };
    await runChild(job, {
      onBegin: (target, input) => next.set(target, input + 1),
      onFind: (find) => {
        finds.push(find);
        onFind(find);
      },
    });
  }
  const executions = Object.fromEntries(
    [...next].map(([name, input]) => [name, input - start]),
  );
  return { executions, finds };
}

/** What a child is heard to do. */
interface Listener {
  readonly onBegin: (target: string, input: number) => void;
  readonly onFind: (find: Find) => void;
}

async function runChild(
  job: ChildJob,
  { onBegin, onFind }: Listener,
): Promise<void> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "-A", "--no-check", "--config", config],
      ...[child, JSON.stringify(job)],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const stderr = new Response(process.stderr).text();
  let last = { target: "none", input: 0 }, isDone = false;
  let timer = setTimeout(kill, 60_000);
  function kill(): void {
    process.kill("SIGKILL");
  }
  for await (const text of process.stdout.pipeThrough(new TextLineStream())) {
    clearTimeout(timer);
    timer = setTimeout(kill, patience);
    const line = JSON.parse(text) as ChildLine;
    if ("begin" in line) {
      last = { target: line.begin, input: line.input };
      onBegin(line.begin, line.input);
    } else if ("found" in line) onFind(line);
    else isDone = true;
  }
  clearTimeout(timer);
  const { signal, code } = await process.status;
  const message = await stderr;
  if (!isDone) {
    onFind({
      ...last,
      found: signal === "SIGKILL"
        ? `no end after ${patience} ms`
        : `exit code ${code}: ${message.slice(0, 2000)}`,
    });
  }
}
