import { basename, dirname, join, relative, resolve } from "@std/path";
import { openDataset } from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { readTextFile, writeFile } from "@unet/files";
import type { Choice, Space, Study } from "@unet/tune";
import { bestTrials, drawStudyPage } from "@unet/tune/report";
import { optimize, startedTrials, studyOf } from "@unet/tune/run";
import type { Command } from "./command.ts";
import { defaultSpace } from "./default_space.ts";
import type { Flag, Flags } from "./flags.ts";
import { interruptedCode, interruptSignal } from "./interrupt.ts";
import { openStudy, type StudyPlan } from "./open_study.ts";
import { parseSpace } from "./parse_space.ts";
import { showStudy } from "./show_study.ts";
import { prunerOf, samplerOf } from "./study_sampler.ts";
import { noView, studyView, tableLines } from "./study_view.ts";
import { printLine } from "./terminal.ts";
import { trialObjective } from "./trial_objective.ts";
import {
  type FlagValues,
  givenValues,
  settingsOfValues,
} from "./trial_settings.ts";
import {
  fixedGroups,
  loaderFlag,
  machineNames,
  spaceFlags,
  studyGroups,
  trainFlags,
} from "./tune_flags.ts";
import { programToRun, runWorkers } from "./tune_workers.ts";

/** `unet tune`: a study of settings of train. */
export const tune: Command = {
  name: "tune",
  summary: "finds good settings of train by a study, or shows one",
  usage: "[--data DIR|ZIP] [flags]",
  description:
    "Trains again and again with settings that a sampler chooses, and looks " +
    "for the largest validation F1. Each trial is a run folder; trials that " +
    "do badly end early. The study is a file that Optuna and its dashboard " +
    "read and go on with, and that any number of processes and machines may " +
    "work on at once. Called again, it goes on up to --trials. Without " +
    "--space it tries the report's choices: scheduler, learning rate, batch, " +
    "loss, batch norm and the strength of augmentation; a flag that is given " +
    "is the same for all trials.\n" +
    "Ctrl-C puts the trial under way back into the queue; the same command " +
    "goes on with it. The end is a table, and a page beside the study's file.",
  groups: [...studyGroups, ...fixedGroups],
  examples: [
    ["--data cells.zip --width 0.25 --epochs 10", "the report's study"],
    ["--data cells.zip --space space.toml", "another space"],
    ["--show study.journal --html study.html", "any study, as a page"],
  ],
  positional: [0, 0],
  configurable: true,
  run: async (flags) =>
    flags.given("show") ? await showStudy(flags) : await work(flags),
};

async function work(flags: Flags): Promise<number> {
  const isWorker = flags.given("worker");
  if (isWorker && flags.given("workers")) {
    throw new UsageError(
      cannot("use", "flag", "--worker", {
        found: "--workers beside it",
        expected: "one of the two",
      }),
    );
  }
  const plan = await planOf(flags);
  const { epochs, data } = await settingsOfValues(
    plan.values,
    trainFlags.values(),
    "flags",
  );
  const { sampler, most } = samplerOf(flags, plan.space);
  const pruner = prunerOf(flags, epochs);
  const trials = Math.min(flags.number("trials")!, most);
  const count = flags.number("workers");
  const program = count === undefined ? null : await programToRun();
  // A fault in the path costs no trial.
  if (data !== null && !isWorker) (await openDataset(data)).close();
  const { journal, study } = await openStudy(plan);
  const view = isWorker ? noView : studyView(study);
  const say = isWorker ? () => {} : printLine;
  say(
    `Study: ${plan.name} in ${shown(plan.path)}, ` +
      `${startedTrials(study).length} of ${trials} trials`,
  );
  say(
    `Trying ${Object.keys(plan.space).join(", ")} ` +
      `by ${flags.text("sampler")}, pruner ${flags.text("pruner")}`,
  );
  using interrupt = interruptSignal(() => {
    view.clear();
    say("Interrupted: the trial under way goes back into the queue");
  }, { termination: true });
  const { signal } = interrupt;
  let code = 0;
  try {
    if (count === undefined || program === null) {
      let latest = study;
      await optimize(journal, study.id, {
        objective: trialObjective({
          out: plan.out,
          fixed: plan.values,
          table: [...trainFlags.values()],
          offline: flags.on("offline"),
          listener: {
            onProgress: (line) => view.update(latest, line),
            onNote: (line) => view.complain(line),
          },
        }),
        space: plan.space,
        sampler,
        pruner,
        trials,
        seed: flags.number("seed")!,
        signal,
        worker: flags.text("worker") ?? crypto.randomUUID().slice(0, 8),
        grace: flags.number("grace")!,
        heartbeat: Math.min(15, flags.number("grace")! / 4),
        onChange(study) {
          latest = study;
          view.update(study);
        },
        onLost: ({ trial, successor }) =>
          view.complain(
            `Trial ${trial.number} was left by its worker; its settings are ` +
              (successor
                ? `tried again as trial ${successor.number}`
                : "given up"),
          ),
      });
    } else {
      const { done, failed } = await runWorkers(journal, study.id, {
        program,
        count,
        flags: workerFlags(flags),
        view,
        signal,
      });
      if (failed > 0) code = done > 0 ? 1 : 2;
    }
  } catch (error) {
    if (!signal.aborted || error !== signal.reason) throw error;
  } finally {
    view.clear();
  }
  if (signal.aborted) code = interruptedCode;
  if (isWorker) return code;
  const end = await studyOf(journal, study.id);
  // What came since the last look.
  view.update(end);
  view.clear();
  const page = flags.text("html") ?? pageBeside(plan.path);
  await writeFile(page, drawStudyPage(end), "page");
  printEnd(end, plan, { page, epochs });
  if (signal.aborted) {
    printLine(
      `Stopped at ${startedTrials(end).length} of ${trials} trials; the ` +
        "same command goes on",
    );
  }
  return code;
}

/** What the command line asks for. */
async function planOf(
  flags: Flags,
): Promise<StudyPlan & { readonly values: FlagValues }> {
  const out = resolve(flags.text("out")!);
  const path = resolve(flags.text("study") ?? join(out, "study.journal"));
  const values = givenValues(flags, fixedFlags());
  if (values.data !== undefined) values.data = resolve(String(values.data));
  if (values[loaderFlag] !== undefined) {
    values.workers = values[loaderFlag];
    delete values[loaderFlag];
  }
  const space = await spaceOf(flags, values);
  return {
    path,
    name: flags.text("name") ?? "unet",
    out,
    values,
    fixed: Object.fromEntries(
      Object.entries(values).filter(([name]) => !machineNames.includes(name)),
    ),
    space,
  };
}

function fixedFlags(): Flag[] {
  return fixedGroups.flatMap(({ flags }) => [...flags]);
}

async function spaceOf(flags: Flags, fixed: FlagValues): Promise<Space> {
  const path = flags.text("space");
  if (path === undefined) {
    const space = Object.fromEntries(
      Object.entries(defaultSpace).filter(([name]) =>
        !Object.hasOwn(fixed, name)
      ),
    );
    if (Object.keys(space).length > 0) return space;
    throw new UsageError(
      cannot("run", "command", "tune", {
        found: "a flag for each parameter of the space",
        expected: "at least one to try",
      }),
    );
  }
  const space = parseSpace(await readTextFile(path, "space"), path, spaceFlags);
  const both = Object.keys(space).find((name) => Object.hasOwn(fixed, name));
  if (both !== undefined) {
    throw new UsageError(
      cannot("use", "flag", `--${both}`, {
        found: `${both} in ${path}`,
        expected: "one of both",
      }),
    );
  }
  await checkTexts(space, fixed, path);
  return space;
}

/** What a text stands for is known to train alone, as in `--augment`. */
async function checkTexts(
  space: Space,
  fixed: FlagValues,
  path: string,
): Promise<void> {
  for (const [name, distribution] of Object.entries(space)) {
    if (spaceFlags.get(name)!.kind !== "text") continue;
    if (distribution.kind !== "categorical") continue;
    for (const [at, choice] of distribution.choices.entries()) {
      try {
        const values = { ...fixed, [name]: choice };
        await settingsOfValues(values, trainFlags.values(), path);
      } catch (cause) {
        if (!(cause instanceof UsageError)) throw cause;
        throw new UsageError(
          cannot("use", "space", `${path}: ${name}.choices[${at}]`, {
            found: cause.message,
          }),
          { cause },
        );
      }
    }
  }
}

/** The flags for a worker: those of this command but for what it shows. */
function workerFlags(flags: Flags): Record<string, Choice> {
  const own = ["workers", "worker", "html", "config", "show"];
  const table = [...studyGroups, ...fixedGroups].flatMap(({ flags }) => flags);
  return givenValues(flags, table.filter(({ name }) => !own.includes(name)));
}

function printEnd(
  study: Study,
  { path, name }: StudyPlan,
  { page, epochs }: { readonly page: string; readonly epochs: number },
): void {
  if (Deno.stdout.isTerminal()) tableLines(study).forEach(printLine);
  printLine(`Page: ${shown(page)}`);
  const [best] = bestTrials(study);
  if (!best) {
    printLine("Best: none, for no trial is complete");
    return;
  }
  printLine(
    `Best: trial ${best.number}, validation F1 ` +
      `${best.values![0]!.toFixed(4)} (${
        Object.entries(best.params).map(([name, value]) =>
          `${name} ${typeof value === "number" ? round(value) : value}`
        ).join(", ")
      }); train it longer with: deno task train --from-study ${shown(path)} ` +
      `${name === "unet" ? "" : `--name ${name} `}` +
      `--epochs ${Math.max(30, 2 * epochs)}`,
  );
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}

/** A path as a person would type it here. */
function shown(path: string): string {
  return relative(Deno.cwd(), path) || path;
}

/** `study.html` for `study.journal`. */
function pageBeside(path: string): string {
  const name = basename(path).replace(/(?<=.)\.[^.]*$/, "");
  return join(dirname(path), `${name}.html`);
}
