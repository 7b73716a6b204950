import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import type { FloatDistribution, Trial } from "@unet/tune";
import { Journal } from "./journal.ts";
import { JournalError, type Refusal } from "./journal_error.ts";
import { parseJournal } from "./parse_journal.ts";

const at = (name: string): string =>
  fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));
const options = { lock: "exclusive", grace: 0.2 } as const;
const rate: FloatDistribution = {
  kind: "float",
  low: 0,
  high: 1,
  log: false,
  step: null,
};

async function inFolder(
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(`${folder}/studies.log`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function refuses(
  reason: Refusal,
  act: Promise<unknown>,
  message: string,
): Promise<void> {
  const error = await assertRejects(() => act, JournalError);
  assertEquals([error.reason, error.message], [reason, message]);
}

Deno.test("Journal makes its file with the first change, and reports each", () =>
  inFolder(async (path) => {
    const journal = await Journal.open(path, options);
    assertEquals(await journal.sync(), []);
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);

    const study = await journal.createStudy("é", ["minimize", "maximize"]);
    assertEquals(study, {
      id: 0,
      name: "é",
      directions: ["minimize", "maximize"],
      userAttributes: {},
      systemAttributes: {},
      trials: [],
    });
    await journal.setStudyUserAttribute(0, "data", { of: [NaN] });
    await journal.setStudySystemAttribute(0, "__proto__", 1);
    const before = Date.now();
    const { started, ...begun } = await journal.createTrial(0);
    assert(started!.getTime() >= before && started!.getTime() <= Date.now());
    assertEquals(begun, {
      id: 0,
      number: 0,
      state: "running",
      values: null,
      params: {},
      distributions: {},
      intermediateValues: new Map(),
      userAttributes: {},
      systemAttributes: {},
      completed: null,
    });
    await journal.setTrialParam(0, "rate", rate, 0.5);
    await journal.setIntermediateValue(0, 3, -Infinity);
    await journal.setIntermediateValue(0, 3, NaN);
    await journal.setTrialUserAttribute(0, "by", "hand");
    await journal.setTrialSystemAttribute(0, "tries", 2);
    await journal.setTrialState(0, "complete", [1, Infinity]);

    const [ended] = journal.studies[0]!.trials;
    assert(ended!.completed!.getTime() >= started!.getTime());
    assertEquals({ ...ended, started: null, completed: null }, {
      ...begun,
      state: "complete",
      values: [1, Infinity],
      params: { rate: 0.5 },
      distributions: { rate },
      intermediateValues: new Map([[3, NaN]]),
      userAttributes: { by: "hand" },
      systemAttributes: { tries: 2 },
      started: null,
    });
    assertEquals(journal.studies[0]!.userAttributes, { data: { of: [NaN] } });
    assertEquals(Object.entries(journal.studies[0]!.systemAttributes), [
      ["__proto__", 1],
    ]);
    assertEquals(parseJournal(await Deno.readFile(path)), journal.studies);
    assertEquals([...Deno.readDirSync(path.replace(/[^/]*$/, ""))].length, 1);
  }));

Deno.test("createTrial() queues trials and adds ended ones, with all that they have", () =>
  inFolder(async (path) => {
    const journal = await Journal.open(path, options);
    await journal.createStudy("a", ["maximize"]);
    const waiting = await journal.createTrial(0, {
      state: "waiting",
      systemAttributes: { fixed_params: { rate: 0.25 } },
    });
    assertEquals([waiting.started, waiting.completed], [null, null]);
    const given: Partial<Trial> = {
      state: "complete",
      values: [0.5],
      params: { rate: 1, batch: 16 },
      distributions: {
        rate,
        batch: { kind: "categorical", choices: [8, 16] },
      },
      intermediateValues: new Map([[0, 0.25], [1, NaN]]),
      userAttributes: { by: "hand" },
      systemAttributes: { from: 3 },
    };
    const times = { started: new Date(1e12), completed: new Date(2e12) };
    const added = await journal.createTrial(0, {
      ...given as object,
      ...times,
    });
    assertEquals(added, { id: 1, number: 1, ...given, ...times } as Trial);
    const failed = await journal.createTrial(0, { state: "failed" });
    assertEquals(failed.values, null);
    assertNotEquals(failed.started, null);
    assertNotEquals(failed.completed, null);
  }));

Deno.test("Journal refuses what comes too late or without effect, and writes nothing", () =>
  inFolder(async (path) => {
    const journal = await Journal.open(path, options);
    await journal.createStudy("a", ["maximize"]);
    await journal.createTrial(0);
    await journal.setTrialParam(0, "rate", rate, 0.5);
    await journal.setTrialState(0, "complete", [1]);
    await journal.createTrial(0);
    const { size } = await Deno.stat(path);

    await refuses(
      "duplicate",
      journal.createStudy("a", ["minimize"]),
      'Cannot create study "a": found a study of that name',
    );
    await refuses(
      "absent",
      journal.deleteStudy(1),
      'Cannot delete study "1": found none of that number',
    );
    await refuses(
      "absent",
      journal.createTrial(1, { state: "complete", values: [1] }),
      'Cannot create a trial of study "1": found none of that number',
    );
    await refuses(
      "absent",
      journal.claimWaiting(1),
      'Cannot take a trial of study "1": found none of that number',
    );
    await refuses(
      "absent",
      journal.setTrialUserAttribute(2, "a", 1),
      'Cannot note an attribute of trial "2": found none of that number',
    );
    await refuses(
      "finished",
      journal.setIntermediateValue(0, 0, 1),
      'Cannot report a value of trial "0": found that it has ended',
    );
    await refuses(
      "finished",
      journal.setTrialState(0, "running"),
      'Cannot set the state of trial "0": found that it has ended',
    );
    await refuses(
      "running",
      journal.setTrialState(1, "running"),
      'Cannot set the state of trial "1": found that it runs already',
    );
    await refuses(
      "incompatible",
      journal.setTrialParam(1, "rate", { ...rate, log: true, low: 0.1 }, 1),
      'Cannot set a parameter of trial "1": found another kind, scale or list of choices in earlier trials',
    );
    assertEquals((await Deno.stat(path)).size, size);
    await journal.setTrialParam(1, "rate", { ...rate, high: 9 }, 5);
  }));

Deno.test("Journal refuses a programmer's mistakes, and writes nothing", () =>
  inFolder(async (path) => {
    const journal = await Journal.open(path, options);
    await journal.createStudy("a", ["maximize"]);
    await journal.createTrial(0);
    const { size } = await Deno.stat(path);
    const each: [() => Promise<unknown>, string][] = [
      [() => Journal.open(path, { grace: 0 }), "time of grace, got 0"],
      [() => journal.createStudy("b", []), "at least one direction, got none"],
      [() => journal.setIntermediateValue(0, -1, 1), "step from 0, got -1"],
      [() => journal.setIntermediateValue(0, 0.5, 1), "step from 0, got 0.5"],
      [() => journal.setTrialState(0, "complete"), "values of a complete"],
      [() => journal.setTrialState(0, "complete", [NaN]), "trial, got NaN"],
      [
        () => journal.setTrialState(0, "complete", [1, 2]),
        "each of 1 directions",
      ],
      [() => journal.setTrialState(0, "pruned", []), "each of 1 directions"],
      [() => journal.setTrialState(0, "failed", [1]), "no values of a failed"],
      [() => journal.createTrial(0, { state: "complete" }), "values of a"],
      [() => journal.createTrial(0, { values: [1, 2] }), "got 2"],
      [
        () => journal.createTrial(0, { params: { rate: 1 } }),
        "Expected a distribution for each parameter, got those of none for rate",
      ],
      [
        () =>
          journal.createTrial(0, {
            params: { rate: 1 },
            distributions: { toString: rate },
          }),
        "got those of toString for rate",
      ],
      [
        () => journal.createTrial(0, { started: new Date(NaN) }),
        "Invalid time value",
      ],
    ];
    for (const [act, message] of each) {
      await assertRejects(act, RangeError, message);
    }
    await assertRejects(
      () => journal.setTrialUserAttribute(0, "a", undefined),
      TypeError,
      "Expected a value of JSON",
    );
    assertEquals((await Deno.stat(path)).size, size);
    await journal.setTrialState(0, "failed");
  }));

Deno.test("two journals of one file see each other's studies and trials", () =>
  inFolder(async (path) => {
    const first = await Journal.open(path, options);
    const second = await Journal.open(path, options);
    await first.createStudy("a", ["maximize"]);
    await refuses(
      "duplicate",
      second.createStudy("a", ["maximize"]),
      'Cannot create study "a": found a study of that name',
    );
    assertEquals((await second.createStudy("b", ["minimize"])).id, 1);
    assertEquals((await first.createTrial(1)).id, 0);
    assertEquals((await second.createTrial(0)).id, 1);
    const { number, id } = await first.createTrial(1);
    assertEquals([id, number], [2, 1]);
    await second.deleteStudy(1);
    assertEquals((await first.sync()).map(({ name }) => name), ["a"]);
    assertEquals(await second.sync(), first.studies);
    await refuses(
      "absent",
      first.createTrial(1),
      'Cannot create a trial of study "1": found none of that number',
    );
  }));

Deno.test("claimWaiting() gives each trial that waits to one of many", () =>
  inFolder(async (path) => {
    const journals = await Promise.all(
      [0, 1, 2].map(() => Journal.open(path, options)),
    );
    await journals[0]!.createStudy("a", ["maximize"]);
    for (let trial = 0; trial < 8; trial++) {
      await journals[0]!.createTrial(0, { state: "waiting" });
    }
    await journals[0]!.setTrialState(2, "failed");
    const claimed = await Promise.all(
      journals.flatMap((journal) =>
        [0, 1, 2].map(() => journal.claimWaiting(0))
      ),
    );
    assertEquals(
      claimed.map((trial) => trial?.number ?? -1).sort(),
      [-1, -1, 0, 1, 3, 4, 5, 6, 7],
    );
    for (const trial of claimed) {
      assertEquals(trial?.state ?? "running", "running");
      assertNotEquals(trial?.started, null);
    }
    // Back in the queue, it is there for the next.
    await journals[1]!.setTrialState(4, "waiting");
    assertEquals((await journals[2]!.claimWaiting(0))?.number, 4);
  }));

Deno.test("calls that are not waited for are done in their order", () =>
  inFolder(async (path) => {
    const journal = await Journal.open(path, options);
    const done = [
      journal.createStudy("a", ["maximize"]),
      journal.createTrial(0),
      journal.createTrial(7).catch(() => "refused"),
      journal.setTrialState(0, "complete", [1]),
      journal.sync(),
    ] as const;
    assertEquals((await done[1]).state, "running");
    assertEquals(await done[2], "refused");
    assertEquals((await done[4])[0]!.trials[0]!.values, [1]);
  }));

Deno.test("what a dead writer left of a line is cut off before the next, however long", () =>
  inFolder(async (path) => {
    await (await Journal.open(path, options)).createStudy("a", ["maximize"]);
    const whole = await Deno.readTextFile(path);
    for (const size of [1, 4095, 4096, 10_000]) {
      await Deno.writeTextFile(path, whole + '{"op_code":4,'.padEnd(size));
      const journal = await Journal.open(path, options);
      assertEquals((await journal.createTrial(0)).number, 0);
      const lines = (await Deno.readTextFile(path)).split("\n");
      assertEquals(lines.length, 3);
      assertEquals(`${lines[0]}\n`, whole);
    }
    await Deno.writeTextFile(path, "{".repeat(5000));
    const journal = await Journal.open(path, options);
    await journal.createStudy("b", ["maximize"]);
    assertEquals((await journal.sync()).map(({ name }) => name), ["b"]);
  }));

Deno.test("nothing is appended to a broken line", () =>
  inFolder(async (path) => {
    const broken = '{"op_code":0,"wor{"op_code":0}\n';
    await Deno.writeTextFile(path, broken);
    const journal = await Journal.open(path, options);
    const { message } = await assertRejects(
      () => journal.createStudy("a", ["maximize"]),
      FileError,
    );
    assertEquals(
      message,
      `Cannot append to journal "${path}": found no JSON in its last line, 1; remove that line`,
    );
    assertEquals(await Deno.readTextFile(path), broken);
    await Deno.writeTextFile(path, "");
    await journal.createStudy("a", ["maximize"]);
  }));

Deno.test("sync() reads what is new alone", () =>
  inFolder(async (path) => {
    const journals = [
      await Journal.open(path, options),
      await Journal.open(path, options),
    ] as const;
    await journals[0].createStudy("a", ["maximize"]);
    await journals[1].sync();
    // Nobody can read this any more, and nobody has to.
    const file = await Deno.open(path, { write: true });
    await file.write(new TextEncoder().encode("{broken"));
    file.close();
    await journals[0].createTrial(0);
    const [study] = await journals[1].sync();
    assertEquals(study?.trials.length, 1);
    await assertRejects(() => Journal.open(path), FileError, "in line 1");
  }));

Deno.test("Journal notices that its file was replaced by a shorter one", () =>
  inFolder(async (path) => {
    const journal = await Journal.open(path, options);
    await journal.createStudy("a", ["maximize"]);
    const { size } = await Deno.stat(path);
    await Deno.writeTextFile(path, "");
    for (const act of [() => journal.sync(), () => journal.createTrial(0)]) {
      const { message } = await assertRejects(act, FileError);
      assertEquals(
        message,
        `Cannot read journal "${path}": found 0 bytes, expected the ${size} that were read before; it was replaced; open it again`,
      );
    }
    await Deno.remove(path);
    await assertRejects(() => journal.sync(), FileError, "no such file");
  }));

Deno.test("Journal says which file it cannot open, or is not one", async () => {
  const { message } = await assertRejects(
    () => Journal.open(at("../fixtures")),
    FileError,
  );
  assertMatch(message, /^Cannot read journal ".*fixtures": found a folder$/);
  await assertRejects(
    () => Journal.open(at("append_values.ts")),
    FileError,
    "no JSON in line 1",
  );
});

Deno.test("a journal can be read where it cannot be written", async () => {
  const text = `
    import { Journal } from ${JSON.stringify(import.meta.resolve("./mod.ts"))};
    const journal = await Journal.open(Deno.args[0]);
    console.log(journal.studies.length);
    try {
      await journal.deleteStudy(0);
    } catch (fault) {
      console.log(fault.message);
    }`;
  const program = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(program, text);
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--no-check", "--quiet", "--allow-read"],
      ...["--config", at("../../../deno.json"), program, at("every_kind.log")],
    ],
    env: { NO_COLOR: "1" },
  }).output();
  await Deno.remove(program);
  assertEquals(new TextDecoder().decode(stderr), "");
  assertMatch(
    new TextDecoder().decode(stdout),
    /^1\nCannot lock journal ".*every_kind\.log": found no permission of Deno \(.*\); where links are not allowed, use the exclusive lock\n$/,
  );
});

Deno.test("an exclusive lock needs no permission beyond the file's folder", () =>
  inFolder(async (path) => {
    await (await Journal.open(path, options)).createStudy("a", ["minimize"]);
    const folder = path.replace(/\/[^/]*$/, "");
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--quiet"],
        ...[`--allow-read=${folder}`, `--allow-write=${folder}`],
        ...[at("append_trials.ts"), path, "2", "a", "exclusive"],
      ],
      stdin: "null",
    });
    const { stdout, stderr } = await child.output();
    assertEquals(new TextDecoder().decode(stderr), "");
    assertEquals(new TextDecoder().decode(stdout), "ready\n[0,1]\n");
  }));

Deno.test({
  name: "of a writer that is killed nothing is lost that it had done",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (path) => {
      const journal = await Journal.open(path, options);
      await journal.createStudy("a", ["maximize"]);
      for (let round = 0; round < 6; round++) {
        const { id } = await journal.createTrial(0);
        const child = new Deno.Command(Deno.execPath(), {
          args: [
            ...["run", "--no-check", "--allow-read", "--allow-write"],
            ...[at("append_values.ts"), path, String(id)],
          ],
          stdout: "piped",
        }).spawn();
        let printed = "", isRunning = false;
        for await (
          const text of child.stdout.pipeThrough(new TextDecoderStream())
        ) {
          printed += text;
          if (!isRunning) {
            setTimeout(() => child.kill("SIGKILL"), 20 + 13 * round);
          }
          isRunning = true;
        }
        await child.status;
        const last = Number(printed.trimEnd().split("\n").at(-1));

        // Its lock and half a line may have stayed.
        await journal.setTrialState(id, "failed");
        const [study] = parseJournal(await Deno.readFile(path), path);
        const steps = [...study!.trials[id]!.intermediateValues.keys()];
        assert(steps.length > last && steps.length <= last + 2);
        assertEquals(steps, steps.map((_, step) => step));
        assertEquals(study!.trials[id]!.state, "failed");
        assertEquals([study], [...await journal.sync()]);
      }
    }),
});
