import { openDataset } from "@unet/data";
import { cannot, count, UsageError } from "@unet/errors";
import type { Choice, Study } from "@unet/tune";
import type { Journal } from "@unet/tune/journal";
import {
  optimize,
  type OptimizeOptions,
  startedTrials,
  studyOf,
} from "@unet/tune/run";
import { clearTrials } from "./clear_trials.ts";
import { endStudy } from "./end_study.ts";
import type { Flags } from "./flags.ts";
import { exitCodeOf, interruptSignal } from "./interrupt.ts";
import { openStudy } from "./open_study.ts";
import { type LocalPlan, planStudy } from "./plan_study.ts";
import { prunerOf, samplerOf } from "./study_sampler.ts";
import { noView, type StudyView, studyView } from "./study_view.ts";
import { shownPath } from "@unet/app";
import { printLine } from "./terminal.ts";
import { trialObjective } from "./trial_objective.ts";
import { givenValues, settingsOfValues } from "./trial_settings.ts";
import { fixedGroups, studyGroups, trainFlags } from "./tune_flags.ts";
import { programToRun, runWorkers } from "./tune_workers.ts";
import { parentGone } from "./watch_parent.ts";

/**
 * Works on a study as a command line of tune asks for, in this process or in
 * others, and shows how it comes on.
 *
 * @param flags The command line.
 * @returns The exit code.
 */
export async function runStudy(flags: Flags): Promise<number> {
  const isWorker = flags.given("worker");
  if (isWorker && flags.given("workers")) {
    throw new UsageError(
      cannot("use", "flag", "--worker", {
        found: "--workers beside it",
        expected: "one of the two",
      }),
    );
  }
  const plan = await planStudy(flags);
  const { epochs, data } = await settingsOfValues(
    plan.values,
    trainFlags.values(),
    "flags",
  );
  const { most } = samplerOf(flags, plan.space);
  const pruner = prunerOf(flags, epochs);
  const trials = Math.min(flags.number("trials")!, most);
  const workers = flags.number("workers");
  const program = workers === undefined ? null : await programToRun();
  // A fault in the path costs no trial.
  if (data !== null && !isWorker) (await openDataset(data)).close();
  const { journal, study, space } = await openStudy(plan);
  if (!isWorker) await clearTrials(plan.out);
  const view = isWorker ? noView : studyView(study);
  const say = isWorker ? () => {} : printLine;
  say(
    `Study: ${plan.name} in ${shownPath(plan.path)}, ` +
      `${startedTrials(study).length} of ${count(trials, "trial")}`,
  );
  say(
    `Trying ${Object.keys(space).join(", ")} ` +
      `by ${flags.text("sampler")}, pruner ${flags.text("pruner")}`,
  );
  using interrupt = interruptSignal(() => {
    view.clear();
    say("Interrupted: the trial under way goes back into the queue");
  });
  const { signal } = interrupt;
  // A worker whose parent was killed would train on, unseen.
  if (isWorker) parentGone().then(interrupt.request);
  let code = 0;
  try {
    if (workers === undefined || program === null) {
      await workHere({ journal, study, plan, flags, view }, {
        sampler: samplerOf(flags, space).sampler,
        space,
        pruner,
        trials,
        signal,
      });
    } else {
      const { done, failed } = await runWorkers(journal, study.id, {
        program,
        count: workers,
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
  if (signal.aborted) code = exitCodeOf(signal);
  if (isWorker) return code;
  const end = await studyOf(journal, study.id);
  // What came since the last look.
  view.update(end);
  view.clear();
  await endStudy(end, plan, { page: flags.text("html"), epochs });
  if (signal.aborted) {
    printLine(
      `Stopped at ${startedTrials(end).length} of ` +
        `${count(trials, "trial")}; the ` +
        "same command continues",
    );
  }
  return code;
}

/** What a worker works on, and who looks on. */
interface Work {
  readonly journal: Journal;
  readonly study: Study;
  readonly plan: LocalPlan;
  readonly flags: Flags;
  readonly view: StudyView;
}

/** Works on a study in this process. */
async function workHere(
  { journal, study, plan, flags, view }: Work,
  options: Pick<
    OptimizeOptions,
    "sampler" | "space" | "pruner" | "trials" | "signal"
  >,
): Promise<void> {
  let latest = study;
  const grace = flags.number("grace")!;
  await optimize(journal, study.id, {
    ...options,
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
    seed: flags.number("seed")!,
    worker: flags.text("worker") ?? crypto.randomUUID().slice(0, 8),
    grace,
    heartbeat: Math.min(15, grace / 4),
    onChange(study) {
      latest = study;
      view.update(study);
    },
    onLost: ({ trial, successor }) =>
      view.complain(
        `Trial ${trial.number} was left by its worker; its settings are ` +
          (successor ? `tried again as trial ${successor.number}` : "given up"),
      ),
  });
}

/** The flags for a worker: those of this command but for what it shows. */
function workerFlags(flags: Flags): Record<string, Choice> {
  const own = ["workers", "worker", "html", "config", "show"];
  const table = [...studyGroups, ...fixedGroups].flatMap(({ flags }) => flags);
  return givenValues(flags, table.filter(({ name }) => !own.includes(name)));
}
