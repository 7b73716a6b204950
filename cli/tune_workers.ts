import { fromFileUrl } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import type { InputValue, InputValues } from "@unet/app";
import type { Journal } from "@unet/tune/journal";
import { queueAgain, studyOf, trialAttributes } from "@unet/tune/run";
import { isInterruptedCode } from "./interrupt.ts";
import type { StudyView } from "./study_view.ts";
import { greetChild } from "./watch_parent.ts";

/** Options of {@linkcode runWorkers}. */
export interface WorkersOptions {
  /** The command that runs this program. */
  readonly program: string;
  /** How many. */
  readonly count: number;
  /** The flags of tune for each of them. */
  readonly flags: InputValues;
  /** Shows how the study comes on. */
  readonly view: StudyView;
  /** When aborted, the workers are asked to end well. */
  readonly signal: AbortSignal;
}

/** How the workers ended: how many by themselves, how many by a fault. */
export interface WorkersEnd {
  /** Workers that found nothing more to do. */
  readonly done: number;
  /** Workers that could not continue. */
  readonly failed: number;
}

const main = import.meta.resolve("./main.ts");

/** Milliseconds between two looks at the study. */
const pause = 500;

/**
 * Works on a study in processes of their own, and looks on. A worker that dies
 * in a trial is reported, its parameters are queued again at once, and another
 * takes its place.
 *
 * @param journal The file.
 * @param studyId The study.
 * @param options How many, with what flags.
 * @returns How they ended.
 */
export async function runWorkers(
  journal: Journal,
  studyId: number,
  { program, count, flags, view, signal }: WorkersOptions,
): Promise<WorkersEnd> {
  const alive = new Set<Deno.ChildProcess>();
  let done = 0, failed = 0, started = 0;

  const work = async (): Promise<void> => {
    for (let isWanted = true; isWanted && !signal.aborted;) {
      const number = ++started;
      const worker = `${number}-${crypto.randomUUID().slice(0, 8)}`;
      const child = start(program, { ...flags, worker });
      alive.add(child);
      await greetChild(child);
      const complaints = forwardErrors(
        child,
        (line) => view.complain(`Worker ${number}: ${line}`),
      );
      const status = await child.status;
      await complaints;
      alive.delete(child);
      if (status.success) done++;
      if (status.success || isInterruptedCode(status.code)) return;
      failed++;
      const lost = await queueAgain(journal, studyId, {
        isLost: ({ systemAttributes }) =>
          systemAttributes[trialAttributes.worker] === worker,
      });
      const how = status.signal ?? `exit code ${status.code}`;
      const what = lost.map(({ trial, successor }) =>
        `in trial ${trial.number}, whose settings are ${
          successor ? `tried again as trial ${successor.number}` : "given up"
        }`
      ).join(" and ");
      view.complain(`Worker ${number} was ended by ${how} ${what}`.trimEnd());
      // One that dies before it has a trial would die again.
      isWanted = lost.length > 0;
      if (isWanted) failed--;
    }
  };

  const stop = (): void => alive.forEach(terminate);
  signal.addEventListener("abort", stop, { once: true });
  let isOver = false;
  const all = Promise.all(Array.from({ length: count }, work))
    .finally(() => isOver = true);
  try {
    while (!isOver) {
      view.update(await studyOf(journal, studyId));
      await Promise.race([all, delay(pause)]);
    }
    await all;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
  return { done, failed };
}

/**
 * The command that runs this program again.
 *
 * @throws {UsageError} If this process may start no other.
 */
export async function programToRun(): Promise<string> {
  // By its place where that is allowed: the path may lead to another version.
  for (const command of [Deno.execPath(), "deno"]) {
    const { state } = await Deno.permissions.query({ name: "run", command });
    if (state === "granted") return command;
  }
  throw new UsageError(
    cannot("use", "flag", "--workers", {
      found: "no permission to start processes",
      remedy: "run deno task tune",
    }),
  );
}

function start(
  program: string,
  flags: InputValues,
): Deno.ChildProcess {
  return new Deno.Command(program, {
    args: [
      ...["run", "--quiet", "-P=unet", fromFileUrl(main)],
      "tune",
      ...Object.entries(flags)
        .filter(([, value]) => value !== false && value !== null)
        .flatMap(([name, value]) => wordsOf(name, value)),
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

/** A flag as it is typed, once per value. */
function wordsOf(name: string, value: InputValue): string[] {
  if (value === true) return [`--${name}`];
  return (typeof value === "object" && value !== null ? value : [value])
    .map((one) => `--${name}=${one}`);
}

function terminate(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGTERM");
  } catch (cause) {
    // It has come to its end on its own.
    if (!(cause instanceof TypeError)) throw cause;
  }
}

async function forwardErrors(
  child: Deno.ChildProcess,
  print: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    lines.forEach(print);
  }
  if (rest !== "") print(rest);
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
