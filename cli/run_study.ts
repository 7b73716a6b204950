import {
  clearTrials,
  type InputValue,
  openStudy,
  samplerOf,
  type SearchChoices,
  settingsOfValues,
  shownPath,
  sourcesOf,
  type StudyChoices,
  workOnStudy,
} from "@unet/app";
import { openDataset } from "@unet/data";
import { cannot, count, UsageError } from "@unet/errors";
import { startedTrials, studyOf } from "@unet/tune/run";
import { Doubts } from "./doubts.ts";
import { endStudy } from "./end_study.ts";
import type { Flags } from "./flags.ts";
import { givenValues } from "./given_values.ts";
import { exitCodeOf, interruptSignal } from "./interrupt.ts";
import { planStudy } from "./plan_study.ts";
import { provideDevice } from "./provide_device.ts";
import { noView, studyView } from "./study_view.ts";
import { printLine } from "./terminal.ts";
import { fixedGroups, studyGroups } from "./tune_flags.ts";
import { programToRun, runWorkers } from "./tune_workers.ts";
import { parentGone } from "./watch_parent.ts";
import { wordSettings } from "./word_settings.ts";

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
  const { epochs, data } = await settingsOfValues(plan.values, "flags");
  const choices = choicesOf(flags);
  const { most } = samplerOf(choices, plan.space);
  const trials = Math.min(flags.number("trials")!, most);
  const workers = flags.number("workers");
  const program = workers === undefined ? null : await programToRun();
  // A fault in the path costs no trial.
  if (!isWorker) {
    for (const { path } of sourcesOf(data)) (await openDataset(path)).close();
  }
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
      let latest = study;
      // One for all trials, which have the same data.
      const doubts = new Doubts((line) => view.complain(line));
      const { out, values } = plan, offline = flags.on("offline");
      await workOnStudy({ journal, study, space, out, values, epochs }, {
        ...choices,
        trials,
      }, {
        signal,
        isOffline: offline,
        onProgress: (line) => view.update(latest, line),
        onNote: (line) => view.complain(wordSettings(line)),
        onWarning: (doubt) => doubts.add(doubt),
        beforeDevice: (name, signal) =>
          provideDevice(name, { offline, signal }),
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
  const page = flags.text("html");
  const hasBest = await endStudy(end, plan, { page, epochs });
  if (!hasBest && code === 0) code = 1;
  if (signal.aborted) {
    printLine(
      `Stopped at ${startedTrials(end).length} of ` +
        `${count(trials, "trial")}; the ` +
        "same command continues",
    );
  }
  return code;
}

/** How settings are chosen, by the flags. */
function choicesOf(flags: Flags): StudyChoices {
  const worker = flags.text("worker");
  return {
    sampler: flags.text("sampler") as NonNullable<SearchChoices["sampler"]>,
    multivariate: flags.text("multivariate") === "on",
    pruner: flags.text("pruner") as NonNullable<SearchChoices["pruner"]>,
    seed: flags.number("seed")!,
    grace: flags.number("grace")!,
    ...(worker !== undefined && { worker }),
  };
}

/** The flags for a worker: those of this command but for what it shows. */
function workerFlags(flags: Flags): Record<string, InputValue> {
  const own = ["workers", "worker", "html", "config", "show"];
  const table = [...studyGroups, ...fixedGroups].flatMap(({ flags }) => flags);
  return givenValues(flags, table.filter(({ name }) => !own.includes(name)));
}
