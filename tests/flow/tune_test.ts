import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import type { Study, Trial } from "@unet/tune";
import { Journal, parseJournal } from "@unet/tune/journal";
import { contentOf } from "./_run_content.ts";
import { assertDone, assertPlain, createPlace, faultOf } from "./_unet.ts";
import type { Place } from "./_unet.ts";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "8", "--size", "32"]),
  );
  await Deno.writeTextFile(
    place.at("space.toml"),
    `lr = { low = 0.0005, high = 0.005, log = true }
     batch = [2, 4]
     loss = ["bce", "dice", "bce+dice"]
    `,
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** What all trials share: little work. */
const small = [
  ...["--data", "drawn", "--tile", "32", "--width", "0.02"],
  ...["--device", "wasm"],
];

/** A study of trainings that take a second. */
function start(out: string, ...flags: string[]): string[] {
  return [
    ...["tune", ...small, "--out", out, "--loader-workers", "0"],
    ...["--space", "space.toml", ...flags],
  ];
}

const fileOf = (out: string): string => place.at(out, "study.journal");

function studyIn(out: string): Study {
  const [study] = parseJournal(Deno.readFileSync(fileOf(out)));
  return study!;
}

function statesIn(out: string): string {
  return studyIn(out).trials.map(({ state }) => state).join(" ");
}

function namesIn(...path: string[]): string[] {
  return [...Deno.readDirSync(place.at(...path))].map(({ name }) => name)
    .sort();
}

/** Waits until a study is such; false where the process ends before. */
async function until(
  out: string,
  child: Deno.ChildProcess,
  condition: (study: Study) => boolean,
): Promise<boolean> {
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  while (!hasEnded) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    try {
      const study = studyIn(out);
      if (study && condition(study)) return true;
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
  }
  return false;
}

const reported = (trial: Trial | undefined): number =>
  trial?.intermediateValues.size ?? 0;

/** A study's trial gives the same run as train with the same flags. */
async function assertSameAsTrain(
  out: string,
  { number, params }: Trial,
  ...flags: string[]
): Promise<void> {
  const run = `trial-${String(number).padStart(4, "0")}`;
  const own = Object.entries(params).map(([name, value]) =>
    `--${name}=${value}`
  );
  assertDone(
    await place.unet([
      ...["train", ...small, "--workers", "0", ...own, ...flags],
      ...["--out", `${out}-judge-${run}`],
    ]),
  );
  assertEquals(
    contentOf(place.at(out, run)),
    contentOf(place.at(`${out}-judge-${run}`)),
  );
}

Deno.test("tune trains by what it tries, in run folders, writes a page, and continues when it is called again", async () => {
  const args = start("first", "--epochs", "2");
  const ended = await place.unet([...args, "--trials", "2"]);
  assertDone(ended);
  const lines = ended.stdout.trimEnd().split("\n");
  assertEquals(lines[0], "Study: unet in first/study.journal, 0 of 2 trials");
  assertEquals(lines[1], "Trying lr, batch, loss by tpe, pruner median");
  assertMatch(lines[2]!, /^Trial 0 complete: [\d.]+, best so far, in /);
  assertMatch(lines[3]!, /^Trial 1 complete: /);
  assertEquals(lines[4], "Page: first/study.html");
  assertMatch(
    lines[5]!,
    /^Best: trial \d, validation F1 0\.\d{4} \(lr \S+, batch \d, loss \S+\); train it longer with: deno task unet train --from-study first\/study\.journal --epochs 30$/,
  );
  assertEquals(lines.length, 6);
  assertMatch(
    await Deno.readTextFile(place.at("first/study.html")),
    /^<!doctype html>[\s\S]*<\/html>\s*$/i,
  );
  const [first] = studyIn("first").trials;
  assertEquals(first!.userAttributes.run, "trial-0000");
  assertEquals(first!.userAttributes.device, "wasm");
  assertEquals(first!.userAttributes.epochs, 2);
  assertEquals([...first!.intermediateValues.keys()], [1, 2]);
  assertEquals(
    Math.max(...first!.intermediateValues.values()),
    first!.values![0],
  );
  await assertSameAsTrain("first", first!, "--epochs", "2");

  const more = await place.unet([...args, "--trials", "3"]);
  assertDone(more);
  assertMatch(more.stdout, /^Study: .*, 2 of 3 trials\n/);
  assert(!more.stdout.includes("Trial 0 "), more.stdout);
  assertEquals(statesIn("first"), "complete complete complete");
  const none = await place.unet([...args, "--trials", "3"]);
  assertDone(none);
  assertEquals(statesIn("first"), "complete complete complete");

  // The same seed tries the same, however often it was stopped.
  assertDone(
    await place.unet([
      ...start("again", "--epochs", "2"),
      ...["--trials", "3"],
    ]),
  );
  const paramsIn = (out: string) =>
    studyIn(out).trials.map(({ params }) => params);
  assertEquals(paramsIn("again"), paramsIn("first"));
});

Deno.test("train --from-study takes the best trial's settings, those that all shared, and flags before both", async () => {
  const { trials } = studyIn("first");
  const best = trials.reduce((a, b) => b.values![0]! > a.values![0]! ? b : a);
  const ended = await place.unet([
    ...["train", "--from-study", "first/study.journal", "--out", "longer"],
    ...["--epochs", "3", "--device", "wasm"],
  ]);
  assertDone(ended);
  assertMatch(
    ended.stdout,
    new RegExp(`^Settings of trial ${best.number} of study unet\n`),
  );
  const { settings } = JSON.parse(
    await Deno.readTextFile(place.at("longer/config.json")),
  );
  assertEquals(settings.learningRate, best.params.lr);
  assertEquals(settings.batch, best.params.batch);
  assertEquals(settings.loss, best.params.loss);
  assertEquals([settings.width, settings.tile], [0.02, 32]);
  assertEquals(settings.epochs, 3);
  assertEquals(settings.data, place.at("drawn"));
});

Deno.test("tune --show prints a study and writes its page", async () => {
  const ended = await place.unet([
    ...["tune", "--show", "first/study.journal", "--html", "shown.html"],
  ]);
  assertDone(ended);
  const lines = ended.stdout.trimEnd().split("\n");
  assertMatch(lines[0]!, /^Trial .*lr.*batch.*loss.*Time$/);
  assertEquals(lines.length, 6);
  assertMatch(lines[4]!, /^Study unet: 3 trials: 3 complete; best 0/);
  assertEquals(lines[5], "Page: shown.html");
  assertEquals(
    (await Deno.readTextFile(place.at("shown.html")))
      .replaceAll('href="./first/trial-', 'href="./trial-'),
    await Deno.readTextFile(place.at("first/study.html")),
  );
});

Deno.test("tune --show prints a study that Optuna made", async () => {
  const path = fromFileUrl(
    new URL("../../tune/journal/fixtures/every_kind.log", import.meta.url),
  );
  const ended = await place.unet(["tune", "--show", path, "--html", "o.html"]);
  assertDone(ended);
  const lines = ended.stdout.trimEnd().split("\n");
  assertMatch(lines[0]!, /^Trial .* F1 .* momentum .* Time$/);
  assertEquals(lines.filter((line) => /^ +\d+ /.test(line)).length, 13);
  assertMatch(
    lines.at(-2)!,
    /^Study every kind é 細胞 🔬: 13 trials: 5 complete/,
  );
  assertEquals(lines.at(-1), "Page: o.html");
});

Deno.test(
  "tune --workers continues where one of them is killed: its trial is tried again, from where its run was",
  { ignore: Deno.build.os === "windows" },
  async () => {
    const epochs = ["--epochs", "30"];
    const ended = await place.unet(
      start("killed", ...epochs, "--trials=3", "--workers=2", "--pruner=none"),
      {
        permissions: "tune",
        async whileRunning(child) {
          const isThere = await until(
            "killed",
            child,
            ({ trials }) => reported(trials[0]) >= 3,
          );
          assert(isThere);
          Deno.kill(workerOf("killed", 0), "SIGKILL");
        },
      },
    );
    assertPlain(ended);
    assertEquals(ended.code, 0, ended.stderr);
    assertMatch(
      ended.stderr,
      /^Worker \d was ended by SIGKILL in trial 0, whose settings are tried again as trial \d\n$/,
    );
    const study = studyIn("killed");
    assertEquals(
      study.trials.map(({ state }) => state).sort(),
      ["complete", "complete", "complete", "failed"],
    );
    const again = study.trials.find(({ systemAttributes }) =>
      systemAttributes.failed_trial === 0
    )!;
    const [first] = study.trials;
    assertEquals(first!.state, "failed");
    assertEquals(again.params, first!.params);
    assertEquals(again.systemAttributes.retry_history, [0]);
    assertEquals(reported(again), 30);
    const workers = study.trials.map(({ systemAttributes }) =>
      systemAttributes.worker
    );
    assert(new Set(workers).size >= 2, String(workers));
    const name = `trial-000${again.number}`;
    assertEquals(again.userAttributes.run, name);
    // The run continued under the name of the new trial.
    const folders = namesIn("killed");
    assert(!folders.includes("trial-0000"), String(folders));
    await assertSameAsTrain("killed", again, ...epochs);
  },
);

/** The process that made a trial, as its line in the file says. */
function workerOf(out: string, trial: number): number {
  const line = Deno.readTextFileSync(fileOf(out)).split("\n")
    .filter((text) => text.includes('"op_code":4'))[trial]!;
  return Number(/"worker_id":"[\da-f-]{36}-(\d+)"/.exec(line)![1]);
}

Deno.test(
  "Ctrl-C and SIGTERM put the trial back into the queue, and the same command continues it to the same end",
  { ignore: Deno.build.os === "windows" },
  async () => {
    const args = start("stopped", "--epochs", "30", "--trials", "1");
    for (
      const [signal, epochs, code] of [
        ["SIGINT", 2, 130],
        ["SIGTERM", 6, 143],
      ] as const
    ) {
      const ended = await place.unet(args, {
        async whileRunning(child) {
          await until(
            "stopped",
            child,
            ({ trials }) => reported(trials[0]) >= epochs,
          );
          child.kill(signal);
        },
      });
      assertPlain(ended);
      assertEquals(ended.code, code, ended.stderr);
      const lines = ended.stdout.trimEnd().split("\n");
      assert(
        lines.includes(
          "Interrupted: the trial under way goes back into the queue",
        ),
      );
      assertEquals(
        lines.at(-1),
        "Stopped at 0 of 1 trial; the same command continues",
      );
      assertEquals(statesIn("stopped"), "waiting");
    }
    assertDone(await place.unet(args));
    assertEquals(statesIn("stopped"), "complete");
    const [trial] = studyIn("stopped").trials;
    assertEquals(reported(trial), 30);
    await assertSameAsTrain("stopped", trial!, "--epochs", "30");
  },
);

Deno.test(
  "Ctrl-C of --workers stops them all",
  { ignore: Deno.build.os === "windows" },
  async () => {
    const ended = await place.unet(
      start("both", "--epochs", "200", "--trials=2", "--workers=2"),
      {
        permissions: "tune",
        async whileRunning(child) {
          await until(
            "both",
            child,
            ({ trials }) =>
              trials.length === 2 && trials.every((one) => reported(one) > 0),
          );
          child.kill("SIGINT");
        },
      },
    );
    assertPlain(ended);
    assertEquals(ended.code, 130, ended.stderr);
    assertEquals(ended.stderr, "");
    assertEquals(statesIn("both"), "waiting waiting");
  },
);

Deno.test(
  "workers whose parent is killed put their trials back and end",
  { ignore: Deno.build.os === "windows" },
  async () => {
    const ended = await place.unet(
      start("orphans", "--epochs", "400", "--trials=2", "--workers=2"),
      {
        permissions: "tune",
        async whileRunning(child) {
          await until(
            "orphans",
            child,
            ({ trials }) =>
              trials.length === 2 && trials.every((one) => reported(one) > 0),
          );
          child.kill("SIGKILL");
        },
      },
    );
    assertEquals(ended.code, 137);
    for (let looks = 0; statesIn("orphans") !== "waiting waiting"; looks++) {
      assert(looks < 1000, statesIn("orphans"));
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    for (const trial of ["trial-0000", "trial-0001"]) {
      assert(!namesIn("orphans", trial).includes(".lock.json"), trial);
    }
  },
);

Deno.test("tune that was killed continues after the time of grace", async () => {
  const args = start("alone", "--epochs", "20", "--trials=1", "--grace=1");
  const ended = await place.unet(args, {
    async whileRunning(child) {
      await until("alone", child, ({ trials }) => reported(trials[0]) >= 2);
      child.kill("SIGKILL");
    },
  });
  assertEquals(ended.code, 137);
  assertEquals(statesIn("alone"), "running");
  const again = await place.unet(args);
  assertPlain(again);
  assertEquals(again.code, 0, again.stderr);
  assertEquals(
    again.stderr,
    "Trial 0 was left by its worker; its settings are tried again as trial 1\n",
  );
  assertEquals(statesIn("alone"), "failed complete");
  await assertSameAsTrain(
    "alone",
    studyIn("alone").trials[1]!,
    ...["--epochs", "20"],
  );
});

Deno.test("a pruned trial stops after its epoch; a diverged one fails, and the study continues", async () => {
  await Deno.mkdir(place.at("judged"));
  const journal = await Journal.open(fileOf("judged"));
  const { id } = await journal.createStudy("unet", ["maximize"]);
  for (let number = 0; number < 5; number++) {
    await journal.createTrial(id, {
      state: "complete",
      values: [0.99],
      intermediateValues: new Map([[1, 0.99], [2, 0.99]]),
    });
  }
  for (const lr of [0.1, 1e30]) {
    await journal.createTrial(id, {
      state: "waiting",
      systemAttributes: { fixed_params: { lr, batch: 4, loss: "bce" } },
    });
  }
  const ended = await place.unet(
    start("judged", "--epochs", "3", "--trials", "7"),
  );
  assertDone(ended);
  const [pruned, diverged] = studyIn("judged").trials.slice(5);
  assertEquals(pruned!.state, "pruned");
  assertEquals(reported(pruned), 1);
  const rows = await Deno.readTextFile(
    place.at("judged/trial-0005/metrics.csv"),
  );
  assertEquals(rows.trimEnd().split("\n").length, 2);
  assertEquals(diverged!.state, "failed");
  assertMatch(String(diverged!.userAttributes.error), /NaN|not finite/);
  assert(
    ended.stdout.includes(`: ${diverged!.userAttributes.error}\n`),
    ended.stdout,
  );
});

Deno.test("tune draws a table on a terminal, and leaves it there", async () => {
  // Long enough to be drawn more than once.
  const ended = await place.unet(
    start("drawn-table", "--epochs", "4", "--trials", "1"),
    { terminal: true },
  );
  assertEquals(ended.code, 0, ended.stdout);
  assert(ended.stdout.includes("\x1b["), ended.stdout);
  assertMatch(ended.stdout, /Trial 0: epoch \d\/4/);
  assertMatch(ended.stdout, /\n {4}0 {2}\* +complete/);
  assertMatch(ended.stdout, /Best: trial 0, /);
});

Deno.test("tune and train refuse what does not fit, in one line", async () => {
  await Deno.writeTextFile(place.at("wrong.toml"), "batch = [0]\n");
  await Deno.writeTextFile(place.at("binary.toml"), "\0\x01");
  await Deno.writeTextFile(place.at("augment.toml"), 'augment = ["spin"]\n');
  await Deno.writeTextFile(place.at("none.journal"), "no journal\n");
  const journal = await Journal.open(place.at("open.journal"));
  const { id } = await journal.createStudy("open", ["maximize"]);
  for (const name of ["out", "spin"]) {
    const other = await journal.createStudy(name, ["maximize"]);
    await journal.createTrial(other.id, {
      state: "complete",
      values: [1],
      params: { [name]: "elsewhere" },
      distributions: {
        [name]: { kind: "categorical", choices: ["elsewhere"] },
      },
    });
  }
  await journal.createTrial(id);
  const cases: readonly (readonly [args: string[], fault: RegExp])[] = [
    [
      ["tune", ...small, "--space", "wrong.toml"],
      /^Cannot use space "wrong\.toml: batch\.choices\[0\]": found 0, /,
    ],
    [
      ["tune", ...small, "--space", "binary.toml"],
      /^Cannot use space "binary\.toml": found text that is not TOML: /,
    ],
    [
      ["tune", ...small, "--space", "augment.toml"],
      /^Cannot use space "augment\.toml: augment\.choices\[0\]": found Cannot use flag "--augment"/,
    ],
    [
      ["tune", ...small, "--space", "missing.toml"],
      /^Cannot read space "missing\.toml"/,
    ],
    [start("x", "--batch", "4"), /^Cannot use flag "--batch": found batch in /],
    [start("x", "--workers", "2"), /deno task tune$/],
    [
      start("x", "--workers", "2", "--worker", "a"),
      /^Cannot use flag "--worker": found --workers beside it/,
    ],
    [start("x", "--sampler", "grid"), /found grid with parameter lr/],
    [start("x", "--study", "none.journal"), /none\.journal/],
    [
      start("first", "--epochs", "5"),
      /^Cannot continue study "unet": found --epochs 5, expected --epochs 2/,
    ],
    [
      ["tune", "--show", "first/study.journal", "--trials", "3"],
      /^Cannot use flag "--trials": found --show/,
    ],
    [["tune", "--show", "none.journal"], /none\.journal/],
    [["tune", "--show", "missing.journal"], /^Cannot read study/],
    [
      ["tune", "--show", "first/study.journal", "--name", "b"],
      /found none of name b/,
    ],
    [
      ["train", "--from-study", "open.journal", "--name", "open"],
      /^Cannot train from study "open": found no complete trial/,
    ],
    [
      ["train", "--from-study", "open.journal", "--name", "out"],
      /^Cannot train from study "out": found parameter "out", expected train flags /,
    ],
    [
      ["train", "--from-study", "open.journal", "--name", "spin"],
      /^Cannot train from study "spin": found parameter "spin"/,
    ],
    [
      ["train", "--from-study", "open.journal"],
      /found 3 studies, expected --name with one of open, out, spin$/,
    ],
    [
      ["train", "--name", "unet"],
      /^Cannot use flag "--name": expected --from-study/,
    ],
    [
      ["train", "--from-study", "first/study.journal", "--resume", "longer"],
      /^Cannot use flag "--from-study": found --resume/,
    ],
  ];
  for (const [args, fault] of cases) {
    assertMatch(faultOf(await place.unet(args)), fault, args.join(" "));
  }
  // What is refused leaves nothing behind.
  assert(!namesIn(".").includes("x"));
  assertEquals(namesIn("first").filter((name) => name.startsWith("trial")), [
    ...["trial-0000", "trial-0001", "trial-0002"],
  ]);
});

Deno.test("tune looks for the data before it begins a study", async () => {
  const args = start("lost", "--trials", "2").map((word) =>
    word === "drawn" ? join("no", "data") : word
  );
  assertMatch(
    faultOf(await place.unet(args)),
    /^Cannot open dataset ".*no.data"/,
  );
  const permissions = "tune";
  const workers = await place.unet([...args, "--workers=2"], { permissions });
  assertMatch(faultOf(workers), /^Cannot open dataset ".*no.data"/);
  assert(!namesIn(".").includes("lost"));
});

Deno.test("tune --workers says what ended a worker that could not continue, and leaves its trial queued", async () => {
  const args = start("broken", "--trials=2", "--workers=2", "--device=none");
  const ended = await place.unet(args.toSpliced(args.indexOf("--device"), 2), {
    permissions: "tune",
  });
  assertPlain(ended);
  assertEquals(ended.code, 2, ended.stderr);
  assertMatch(ended.stderr, /^Worker \d: Cannot .*"none"/m);
  assertMatch(ended.stderr, /^Worker \d was ended by exit code 2$/m);
  const { trials } = studyIn("broken");
  assert(trials.every(({ state }) => ["failed", "waiting"].includes(state)));
  assert(trials.some(({ state }) => state === "waiting"));
  assertMatch(ended.stdout, /\nBest: none, for no trial is complete\n$/);
});
