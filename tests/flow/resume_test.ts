import { assert, assertEquals, assertMatch } from "@std/assert";
import { createRandom } from "@unet/random";
import { contentOf } from "./_run_content.ts";
import {
  assertDone,
  assertPlain,
  createPlace,
  type Place,
  until,
} from "./_unet.ts";

let place: Place;
/** What a run holds that nobody interrupted. */
let uninterrupted: Record<string, string>;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "24", "--size", "64"]),
  );
  assertDone(await place.unet(start("whole")));
  uninterrupted = contentOf(place.at("whole"));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** Four epochs of ten steps, with all that has a state of its own. */
function start(out: string, ...flags: string[]): string[] {
  return [
    ...["train", "--data", "drawn", "--out", out, "--tile", "64"],
    ...["--width", "0.02", "--epochs", "4", "--batch", "2", "--device", "wasm"],
    ...["--dropout", "0.2", "--lr", "0.05", "--workers", "0"],
    ...["--scheduler", "cyclic", ...flags],
  ];
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}

/** Whether a checkpoint is being written, or was when the run was killed. */
function isSaving(run: string): boolean {
  return [...Deno.readDirSync(place.at(run))].some(({ name }) =>
    /^\.[\da-f-]+\.new$/.test(name)
  );
}

/** Where the run was saved last: the epoch, and steps of the next one. */
function savedAt(run: string): { epoch: number; batch: number } {
  try {
    return JSON.parse(Deno.readTextFileSync(place.at(run, "last/state.json")));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return { epoch: 0, batch: 0 };
    throw cause;
  }
}

Deno.test(
  "Ctrl-C finishes the step, saves, and says how to continue to the same end",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    const ended = await place.unet(start("stopped", "--save-every", "2"), {
      async whileRunning(child) {
        await until(child, () => {
          const { epoch, batch } = savedAt("stopped");
          return epoch === 1 && batch >= 2;
        });
        child.kill("SIGINT");
      },
    });
    assertPlain(ended);
    assertEquals(ended.code, 130, ended.stderr);
    const { epoch, batch } = savedAt("stopped");
    assertEquals(epoch, 1);
    assert(batch >= 2 && batch < 10, `Expected the middle, found ${batch}`);
    const lines = ended.stdout.trimEnd().split("\n");
    assert(lines.includes("Interrupted: finishing the step, then saving"));
    assertEquals(
      lines.at(-1),
      `Stopped after epoch 1, step ${10 + batch}; continue with: ` +
        "deno task unet train --resume stopped",
    );
    const resumed = await place.unet(["train", "--resume", "stopped"]);
    assertDone(resumed);
    assert(
      resumed.stdout.includes(
        `\nContinues after epoch 1, step ${10 + batch}\n`,
      ),
      resumed.stdout,
    );
    assertEquals(contentOf(place.at("stopped")), uninterrupted);
  },
);

Deno.test("Ctrl-C while images are read ends train before there is a run", {
  ignore: Deno.build.os === "windows",
}, async () => {
  assertDone(
    await place.unet(["synth", "many", "--count", "120", "--size", "64"]),
  );
  const args = start("unread").map((word) => word === "drawn" ? "many" : word);
  const cached = [...Deno.readDirSync(place.at(".cache/cases"))].length;
  const ended = await place.unet(args, {
    async whileRunning(child) {
      await until(
        child,
        () => [...Deno.readDirSync(place.at(".cache/cases"))].length > cached,
      );
      child.kill("SIGINT");
    },
  });
  assertPlain(ended);
  assertEquals(ended.code, 130, ended.stderr);
  assertMatch(ended.stdout, /\nInterrupted before the first step\n$/);
  assert(!exists(place.at("unread")));
});

Deno.test("a second Ctrl-C ends the program at once", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const ended = await place.unet(start("stopped-twice"), {
    async whileRunning(child) {
      await until(child, () => exists(place.at("stopped-twice/metrics.csv")));
      child.kill("SIGINT");
      child.kill("SIGINT");
    },
  });
  assertEquals(ended.code, 130, ended.stderr);
  assertDone(await place.unet(["train", "--resume", "stopped-twice"]));
  assertEquals(contentOf(place.at("stopped-twice")), uninterrupted);
});

Deno.test("a run that was killed before it saved anything starts anew by --resume", async () => {
  const ended = await place.unet(start("early"), {
    async whileRunning(child) {
      await until(child, () => exists(place.at("early/config.json")));
      child.kill("SIGKILL");
    },
  });
  assertEquals(ended.code, 137);
  assert(!exists(place.at("early/last")));
  assertDone(await place.unet(["train", "--resume", "early"]));
  assertEquals(contentOf(place.at("early")), uninterrupted);
});

Deno.test("a run that is killed in the middle of savings ends as if it had not been", async () => {
  let kills = 0, inSaving = 0;
  for (let attempt = 0;; attempt++) {
    assert(attempt < 40, "Expected some progress between two kills");
    const args = exists(place.at("saving/config.json"))
      ? ["train", "--resume", "saving"]
      : start("saving", "--save-every", "1");
    const before = savedAt("saving");
    const ended = await place.unet(args, {
      async whileRunning(child) {
        // Only once it has come further, or it would never end.
        const isKilled = kills < 6 && await until(child, () => {
          const { epoch, batch } = savedAt("saving");
          const hasMoved =
            epoch * 10 + batch > before.epoch * 10 + before.batch;
          return hasMoved && isSaving("saving");
        });
        if (!isKilled) return;
        child.kill("SIGKILL");
        kills++;
      },
    });
    if (ended.code === 0) break;
    assertEquals(ended.code, 137, ended.stderr);
    if (isSaving("saving")) inSaving++;
  }
  assertEquals(kills, 6);
  assert(inSaving > 0, "Expected a kill in the middle of a saving");
  assertEquals(contentOf(place.at("saving")), uninterrupted);
});

Deno.test("a run that is killed at any time ends as if it had not been", async () => {
  const random = createRandom(7);
  const points: string[] = [];
  for (let attempt = 0;; attempt++) {
    assert(attempt < 40, "Expected some progress between two kills");
    const args = exists(place.at("any/config.json"))
      ? ["train", "--resume", "any", "--workers", String(attempt % 2)]
      : start("any", "--save-every", "1");
    const before = savedAt("any");
    const ended = await place.unet(args, {
      async whileRunning(child) {
        // Only once it has come further, or it would never end.
        const goal = before.epoch * 10 + before.batch + random.integer(1, 6);
        const hasMoved = await until(child, () => {
          const { epoch, batch } = savedAt("any");
          return epoch * 10 + batch >= goal;
        });
        if (attempt >= 6 || !hasMoved) return;
        const milliseconds = random.next() * 150;
        await new Promise((resolve) => setTimeout(resolve, milliseconds));
        try {
          child.kill("SIGKILL");
        } catch (cause) {
          // It may have come to its end on its own.
          if (!(cause instanceof TypeError)) throw cause;
        }
      },
    });
    if (ended.code === 0) break;
    assertEquals(ended.code, 137, ended.stderr);
    const { epoch, batch } = savedAt("any");
    points.push(`${epoch}.${batch}`);
  }
  assert(new Set(points).size > 2, `Expected kills all over, found ${points}`);
  assertEquals(contentOf(place.at("any")), uninterrupted);
});

Deno.test("train --resume continues for more epochs, and ends at once where there are none left", async () => {
  assertDone(
    await place.unet(
      start("short", "--epochs", "2").toSpliced(
        start("short").indexOf("--epochs"),
        2,
      ),
    ),
  );
  const more = await place.unet([
    ...["train", "--resume", "short", "--epochs", "4"],
  ]);
  assertDone(more);
  assertMatch(more.stdout, /\nContinues after epoch 2, step 20\n/);
  assertEquals(contentOf(place.at("short")), uninterrupted);
  const none = await place.unet([
    "train",
    "--resume",
    "short",
    "--epochs",
    "4",
  ]);
  assertDone(none);
  assertMatch(none.stdout, /\nBest: epoch \d, /);
  assertEquals(contentOf(place.at("short")), uninterrupted);
});
