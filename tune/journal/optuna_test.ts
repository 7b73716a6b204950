import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import fc from "fast-check";
import { parsePythonJson } from "./_python_json.ts";
import { writeOperation } from "./_write_operation.ts";
import { actions } from "./fixtures/actions.ts";
import { findOptuna } from "./fixtures/find_optuna.ts";
import { stateOf } from "./fixtures/state_of.ts";
import { Journal } from "./journal.ts";
import { parseJournal } from "./parse_journal.ts";

const { python, absent } = await findOptuna();
const skipped = absent === null ? "" : ` (skipped: ${absent})`;
const at = (name: string): string =>
  fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));

/** Tests with Optuna itself, in a folder with a journal that has a study. */
function testWithOptuna(
  name: string,
  work: (path: string, journal: Journal) => Promise<void>,
): void {
  Deno.test({
    name: `${name}${skipped}`,
    ignore: absent !== null,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const path = `${folder}/studies.log`;
        const journal = await Journal.open(path);
        await journal.createStudy("shared", ["minimize"]);
        await work(path, journal);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** A program that prints a line, waits for one, and prints what it did. */
interface Worker {
  /** Sends the line, and gives what was printed once it has ended. */
  finish(): Promise<string>;
}

/** Starts a program, and waits for its first line. */
async function start(program: string, ...args: string[]): Promise<Worker> {
  const isPython = program.endsWith(".py");
  const child = new Deno.Command(isPython ? python! : Deno.execPath(), {
    args: [
      ...isPython
        ? ["-B", "-W", "ignore"]
        : ["run", "--no-check", "--quiet", "--allow-read", "--allow-write"],
      ...[at(program), ...args],
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const failure = new Response(child.stderr).text();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let printed = "";
  const read = async (): Promise<boolean> => {
    const { value, done } = await reader.read();
    printed += value ?? "";
    return !done;
  };
  while (!printed.includes("\n") && await read());
  return {
    async finish() {
      const writer = child.stdin.getWriter();
      // One that has died does not read it; its status shows it.
      await writer.write(new TextEncoder().encode("\n")).catch(() => {});
      await writer.close().catch(() => {});
      while (await read());
      const { success } = await child.status;
      assert(success, await failure);
      return printed.slice(printed.indexOf("\n") + 1);
    },
  };
}

/** What Optuna makes of journals. */
async function load(...paths: string[]): Promise<unknown[]> {
  const { success, stdout, stderr } = await new Deno.Command(python!, {
    args: ["-B", at("load_journal.py"), ...paths],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  const printed = new TextDecoder().decode(stdout);
  return printed.trimEnd().split("\n").map(parsePythonJson);
}

testWithOptuna(
  "Optuna finds in a journal of ours what we find",
  async (path, journal) => {
    await journal.setStudyUserAttribute(0, 'é "🔬"', [NaN, -Infinity, 1e-7]);
    await journal.setStudySystemAttribute(0, "study:metric_names", ["F1"]);
    const space = {
      float: { kind: "float", low: 1e-7, high: 1, log: true, step: null },
      steps: { kind: "float", low: 0, high: 1, log: false, step: 0.3 },
      int: { kind: "int", low: 1, high: 10, log: false, step: 4 },
      choice: { kind: "categorical", choices: [null, true, 3, "x", NaN] },
    } as const;
    const params = { float: 0.5, steps: 0.9, int: 5, choice: NaN };
    const { id } = await journal.createTrial(0);
    for (const name of Object.keys(space) as (keyof typeof space)[]) {
      await journal.setTrialParam(id, name, space[name], params[name]);
    }
    await journal.setIntermediateValue(id, 0, NaN);
    await journal.setIntermediateValue(id, 7, Infinity);
    await journal.setTrialState(id, "complete", [-Infinity]);
    await journal.createTrial(0, {
      state: "pruned",
      values: [3],
      params,
      distributions: space,
      intermediateValues: new Map([[1, 2]]),
      userAttributes: { deep: { a: [null] } },
    });
    for (const state of ["waiting", "running", "failed"] as const) {
      await journal.createTrial(0, { state, systemAttributes: { state } });
    }
    await journal.createStudy("two", ["maximize", "minimize"]);
    await journal.createTrial(1, { state: "complete", values: [1, 2] });
    await journal.createStudy("gone", ["maximize"]);
    await journal.createTrial(2);
    await journal.deleteStudy(2);
    assertEquals(await load(path), [stateOf(journal.studies)]);
    // High bounds that the steps do not reach are lowered, on both sides.
    const { steps, int } = journal.studies[0]!.trials[0]!.distributions;
    assertEquals(steps, { ...space.steps, high: 0.9 });
    assertEquals(int, { ...space.int, high: 9 });
  },
);

testWithOptuna(
  "Optuna and we make the same of lines in any order",
  async (path) => {
    const paths: string[] = [];
    for (const each of fc.sample(actions, { numRuns: 150, seed: 9 })) {
      const lines = each.map((action, index) =>
        writeOperation({ worker: `worker-${index % 3}`, action }) + "\n"
      );
      paths.push(`${path}.${paths.length}`);
      await Deno.writeTextFile(paths.at(-1)!, lines.join(""));
    }
    const found = await Promise.all(
      paths.map(async (path) =>
        stateOf(parseJournal(await Deno.readFile(path)))
      ),
    );
    const judged = await load(...paths);
    judged.forEach((state, index) => assertEquals(found[index], state));
    const trials = found.flatMap((studies) => studies as { trials: [] }[])
      .flatMap(({ trials }) => trials);
    assert(trials.length > 150, `only ${trials.length} trials`);
  },
);

testWithOptuna(
  "Optuna continues with a study of ours, and we with Optuna's",
  async (path, journal) => {
    await journal.createTrial(0, {
      state: "waiting",
      systemAttributes: { fixed_params: { x: 0.25 } },
    });
    const other = await start("append_trials.py", path, "3", "python");
    assertEquals(await other.finish(), "[0, 1, 2]\n");
    const [study] = await journal.sync();
    assertEquals(study!.trials.map(({ state }) => state), [
      "complete",
      "complete",
      "complete",
    ]);
    assertEquals(study!.trials[0]!.params, { x: 0.25 });
    assertEquals(study!.trials[0]!.values, [0.0625]);
    const { number } = await journal.createTrial(0);
    assertEquals(number, 3);
    await journal.setTrialParam(
      3,
      "x",
      { kind: "float", low: 0, high: 1, log: false, step: null },
      0.75,
    );
    assertEquals(await load(path), [stateOf(journal.studies)]);
  },
);

testWithOptuna(
  "Optuna opens a file whose torn end we repaired",
  async (path, journal) => {
    const file = await Deno.open(path, { append: true });
    await file.write(new TextEncoder().encode('{"op_code":4,"worker_id":"a'));
    file.close();
    assertEquals((await load(path)).length, 1);
    await journal.createTrial(0);
    assertEquals(await load(path), [stateOf(journal.studies)]);
  },
);

testWithOptuna(
  "Optuna's lock keeps us waiting, and ours Optuna",
  async (path, journal) => {
    const holder = await start("hold_lock.py", path);
    const { size } = await Deno.stat(path);
    const created = journal.createTrial(0);
    await pause(200);
    assertEquals((await Deno.stat(path)).size, size);
    await holder.finish();
    assertEquals((await created).number, 0);

    for (const make of [makeLink, makeFile]) {
      const other = await start("append_trials.py", path, "1", "python");
      const before = (await Deno.stat(path)).size;
      make(`${path}.lock`);
      const appended = other.finish();
      await pause(500);
      assertEquals((await Deno.stat(path)).size, before);
      await Deno.remove(`${path}.lock`);
      await appended;
      assert((await Deno.stat(path)).size > before);
    }
  },
);

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const makeLink = (lock: string): void => Deno.symlinkSync("studies.log", lock);
const makeFile = (lock: string): void =>
  Deno.writeFileSync(lock, new Uint8Array());

testWithOptuna(
  "Optuna and two of ours append trials at once, and none is lost",
  async (path, journal) => {
    const count = 100, queued = 30;
    for (let trial = 0; trial < queued; trial++) {
      await journal.createTrial(0, { state: "waiting" });
    }
    const workers = ["python", "symlink", "exclusive"];
    const started = await Promise.all(workers.map((worker) => {
      const program = `append_trials.${worker === "python" ? "py" : "ts"}`;
      const kind = worker === "python" ? [] : [worker];
      return start(program, path, String(count), worker, ...kind);
    }));
    const got = await Promise.all(
      started.map(async (worker) =>
        JSON.parse(await worker.finish()) as number[]
      ),
    );

    assertEquals(
      got.flat().sort((a, b) => a - b),
      Array.from({ length: 3 * count }, (_, number) => number),
    );
    const [study] = await journal.sync();
    study!.trials.forEach((trial, number) => {
      assertEquals([trial.number, trial.state], [number, "complete"]);
      const { x } = trial.params;
      assertEquals(trial.values, [Number(x) ** 2]);
      assertEquals([...trial.intermediateValues], [[0, x]]);
      const worker = workers[got.findIndex((each) => each.includes(number))];
      assertEquals(trial.userAttributes, { worker });
    });
    // They did interleave: each began before any other ended.
    const first = got.map((numbers) => Math.min(...numbers));
    const last = got.map((numbers) => Math.max(...numbers));
    assert(Math.max(...first) < Math.min(...last), `${first} to ${last}`);
    assertEquals(await load(path), [stateOf([study!])]);
    assertEquals(
      stateOf(parseJournal(await Deno.readFile(path))),
      stateOf([study!]),
    );
  },
);
