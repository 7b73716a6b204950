import { assert, assertEquals, assertMatch } from "@std/assert";
import { createRandom } from "@unet/random";
import { contentOf } from "./_run_content.ts";
import {
  assertDone,
  assertPlain,
  createPlace,
  type Ended,
  faultOf,
  type Place,
  until,
} from "./_unet.ts";

let place: Place;
/** What a run holds that nobody interrupted. */
let uninterrupted: Record<string, string>;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "16", "--size", "64"]),
  );
  assertDone(await place.unet(train("whole")));
  uninterrupted = contentOf(place.at("whole"));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const small = [
  ...["--data", "drawn", "--tile", "64", "--width", "0.02", "--batch", "2"],
  ...["--device", "wasm"],
];

/** Epochs of seven steps, four if not said otherwise. */
function train(out: string, ...flags: string[]): string[] {
  const epochs = flags.includes("--epochs") ? [] : ["--epochs", "4"];
  return [
    ...["train", ...small, "--workers", "0", "--out", out, ...epochs],
    ...["--lr", "0.01", ...flags],
  ];
}

function exists(...path: string[]): boolean {
  try {
    Deno.lstatSync(place.at(...path));
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

function names(...path: string[]): string[] {
  return [...Deno.readDirSync(place.at(...path))].map(({ name }) => name)
    .sort();
}

/** The process that trains into the run of the fuzzed test. */
function holder(): number {
  try {
    const note = Deno.readTextFileSync(place.at("fuzzed", ".lock.json"));
    return JSON.parse(note).process;
  } catch (cause) {
    const isNone = cause instanceof Deno.errors.NotFound ||
      cause instanceof SyntaxError;
    if (!isNone) throw cause;
    return 0;
  }
}

/** Runs a command while another is at work, which is not disturbed by it. */
async function during(
  args: readonly string[],
  isBegun: () => boolean,
  work: (process: number) => Promise<void>,
): Promise<Ended> {
  const ended = await place.unet(args, {
    async whileRunning(child) {
      assert(await until(child, isBegun), "It ended before it began");
      await work(child.pid);
    },
  });
  assertPlain(ended);
  assertEquals(ended.code, 0, ended.stderr);
  return ended;
}

for (
  const [what, second] of [
    ["train --resume", (run: string) => ["train", "--resume", run]],
    ["train --out", (run: string) => train(run)],
  ] as const
) {
  Deno.test(`${what} is refused a run that is in training, in words that name the process`, async () => {
    const run = what.replaceAll(" ", "");
    await during(
      train(run, "--save-every", "1"),
      () => exists(run, "last"),
      async (process) => {
        const fault = faultOf(await place.unet(second(run)));
        assertMatch(
          fault,
          new RegExp(
            `^Cannot train into run ".*${run}": found process ${process} on ` +
              `${Deno.hostname()} training there since \\d{4}-[-\\d]+ [:\\d]+, ` +
              "expected one process per run; wait for it to end, or save and " +
              `end it with: kill ${process}$`,
          ),
        );
      },
    );
    assertEquals(contentOf(place.at(run)), uninterrupted);
  });
}

Deno.test("the second of two train --out that start together is refused before it writes anything", async () => {
  const [one, two] = await Promise.all([
    place.unet(train("together")),
    place.unet(train("together")),
  ]);
  const refused = one!.code === 0 ? two! : one!;
  assertEquals([one!.code, two!.code].sort(), [0, 2]);
  assertMatch(
    faultOf(refused),
    /^Cannot (train into|start) run ".*together": found (process|a run there)/,
  );
  assertEquals(contentOf(place.at("together")), uninterrupted);
});

Deno.test("segment, evaluate and export read a run that is in training, and disturb nothing", async () => {
  await during(
    train("read", "--save-every", "1", "--epochs", "20"),
    () => exists("read", "best"),
    async (process) => {
      const commands = [
        ["segment", "drawn", "--model", "read", "--device", "wasm"],
        ["evaluate", "--run", "read", "--device", "wasm"],
        ["export", "read", "--format", "onnx"],
      ];
      for (const args of commands) assertDone(await place.unet(args));
      const note = Deno.readTextFileSync(place.at("read", ".lock.json"));
      assertEquals(JSON.parse(note).process, process);
    },
  );
  assertEquals(
    names("read").filter((name) => /^\.|old|new/.test(name)),
    [],
  );
});

Deno.test("a run that was killed is locked by nobody, and its next process removes what is left", async () => {
  const ended = await place.unet(train("killed", "--save-every", "1"), {
    async whileRunning(child) {
      const isSaving = (): boolean =>
        exists("killed", "last") &&
        names("killed").some((name) => name.endsWith(".new"));
      assert(await until(child, isSaving));
      child.kill("SIGKILL");
    },
  });
  assertEquals(ended.code, 137);
  assert(exists("killed", ".lock.json"));
  const left = `.${crypto.randomUUID()}.part`;
  await Deno.mkdir(place.at("killed", "samples"), { recursive: true });
  await Deno.writeTextFile(place.at("killed", "samples", left), "half");
  assertDone(await place.unet(["train", "--resume", "killed"]));
  assertEquals(contentOf(place.at("killed")), uninterrupted);
});

Deno.test("train refuses the folder of a study, and tune that of a run", async () => {
  await Deno.mkdir(place.at("study", "trial-0000"), { recursive: true });
  assertMatch(
    faultOf(await place.unet(train("study"))),
    /^Cannot start run ".*study": found a study there \(trial-0000\), expected a new folder; choose another --out$/,
  );
  assertEquals(names("study"), ["trial-0000"]);
  const before = contentOf(place.at("whole"));
  assertMatch(
    faultOf(
      await place.unet(["tune", ...small, "--out", "whole", "--trials", "1"]),
    ),
    /^Cannot begin study in ".*whole": found a run of train, expected a folder /,
  );
  assertEquals(contentOf(place.at("whole")), before);
});

Deno.test("train --resume and tune keep out of a trial that the other has, and tune out of another study's", async () => {
  const study = [
    ...["tune", ...small, "--loader-workers", "0", "--out", "trials"],
    ...["--lr", "0.01", "--epochs", "30", "--trials", "1"],
    ...["--sampler", "random"],
  ];
  await Deno.writeTextFile(
    place.at("space.toml"),
    'loss = ["bce", "dice"]\n',
  );
  const args = [...study, "--space", "space.toml"];
  await during(
    args,
    () => exists("trials", "trial-0000", "last"),
    async (process) => {
      assertMatch(
        faultOf(await place.unet(["train", "--resume", "trials/trial-0000"])),
        new RegExp(`found process ${process} on .* training there since `),
      );
    },
  );
  // A journal that is gone leaves its trials in the way of the next.
  await Deno.mkdir(place.at("other"));
  const lost = await place.unet([
    ...args.map((word) => word === "trials" ? "other" : word),
    ...["--study", "other.journal"],
  ], {
    async whileRunning(child) {
      assert(await until(child, () => exists("other.journal")));
      await Deno.mkdir(place.at("other", "trial-0000"), { recursive: true });
      await Deno.copyFile(
        place.at("whole", "config.json"),
        place.at("other", "trial-0000", "config.json"),
      );
    },
  });
  assertMatch(
    faultOf(lost),
    /^Cannot start trial in ".*trial-0000": found a run that does not belong to this study/,
  );
  assertEquals(names("other", "trial-0000"), ["config.json"]);
});

Deno.test("tune removes what killed workers left in its folders", async () => {
  const left = `.${crypto.randomUUID()}.part`;
  for (const folder of ["", "trial-0000/", "trial-0000/samples/"]) {
    await Deno.writeTextFile(place.at("trials", folder + left), "half");
  }
  assertDone(
    await place.unet([
      ...["tune", ...small, "--loader-workers", "0", "--out", "trials"],
      ...["--lr", "0.01", "--epochs", "30", "--trials", "1"],
      ...["--sampler", "random", "--space", "space.toml"],
    ]),
  );
  for (const folder of ["", "trial-0000", "trial-0000/samples"]) {
    assert(!names("trials", folder).includes(left), folder);
  }
});

Deno.test("two processes that resume one run and are killed at random leave a whole last/, and end as if nobody had", async () => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
  const random = createRandom(seed);
  const wait = (most: number): Promise<void> =>
    new Promise((done) => setTimeout(done, random.integer(0, most)));
  const flags = ["--epochs", "16", "--save-every", "2"];
  assertDone(await place.unet(train("long", ...flags)));
  const begun = await place.unet(train("fuzzed", ...flags), {
    async whileRunning(child) {
      assert(await until(child, () => exists("fuzzed", "last")));
      child.kill("SIGKILL");
    },
  });
  assertEquals(begun.code, 137);
  let refused = 0, killed = 0;
  for (let round = 0; round < 4; round++) {
    const note = `seed ${seed}, round ${round}`;
    const begun = Promise.withResolvers<void>();
    /** Resumes, and is killed some time after it has begun to train. */
    const resume = async (until: Promise<unknown>): Promise<void> => {
      const ended = await place.unet(["train", "--resume", "fuzzed"], {
        async whileRunning(child) {
          let hasEnded = false;
          child.status.then(() => hasEnded = true);
          while (!hasEnded && holder() !== child.pid) await wait(1);
          begun.resolve();
          await until;
          await wait(700);
          if (!hasEnded) child.kill("SIGKILL");
        },
      });
      begun.resolve();
      assertPlain(ended);
      if (ended.code === 2) {
        assertMatch(faultOf(ended), /^Cannot train into run /, note);
        refused++;
      } else if (ended.code !== 0) {
        assertEquals(ended.code, 137, note + ended.stderr);
        killed++;
      }
    };
    const late = begun.promise.then(() => wait(600))
      .then(() => resume(Promise.resolve()));
    // In one round the second comes while the first trains for certain.
    await Promise.all([resume(round === 0 ? late : Promise.resolve()), late]);
    const folders = names("fuzzed").filter((name) => name.startsWith("last"));
    assert(
      folders.some((name) =>
        names("fuzzed", name).join(" ") ===
          "model.safetensors optimizer.safetensors state.json"
      ),
      `${note}: ${folders}`,
    );
  }
  assert(killed > 0 && refused > 0, `seed ${seed}: ${killed} and ${refused}`);
  assertDone(await place.unet(["train", "--resume", "fuzzed"]));
  assertEquals(contentOf(place.at("fuzzed")), contentOf(place.at("long")));
});
