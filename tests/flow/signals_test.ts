import { assert, assertEquals, assertMatch } from "@std/assert";
import { contentOf } from "./_run_content.ts";
import {
  assertDone,
  assertPlain,
  createPlace,
  type Ended,
  type Place,
  until,
} from "./_unet.ts";

const onPosix = { ignore: Deno.build.os === "windows" };
const onLinux = { ignore: Deno.build.os !== "linux" };

let place: Place;
/** What a run holds that nobody interrupted. */
let uninterrupted: Record<string, string>;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "24", "--size", "64"]),
  );
  assertDone(await place.unet(train("whole")));
  uninterrupted = contentOf(place.at("whole"));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const small = [
  ...["--data", "drawn", "--tile", "64", "--width", "0.02", "--batch", "2"],
  ...["--device", "wasm", "--workers", "0"],
];

/** Four epochs of ten steps. */
function train(out: string): string[] {
  return ["train", ...small, "--out", out, "--epochs", "4", "--lr", "0.01"];
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

/**
 * Runs a command whose process reacts to SIGHUP, however this one was started, and
 * sends it a signal once it is so far.
 */
async function runUntil(
  args: readonly string[],
  condition: () => boolean,
  signals: readonly Deno.Signal[],
): Promise<Ended> {
  return await place.unet(args, {
    shell: 'exec env --default-signal=HUP "$@"',
    async whileRunning(child) {
      await until(child, condition);
      for (const signal of signals) child.kill(signal);
    },
  });
}

for (
  const [signal, code] of [["SIGTERM", 143], ["SIGHUP", 129]] as const
) {
  Deno.test(
    `${signal} finishes the step, saves, and says how to continue to the same end`,
    onLinux,
    async () => {
      const out = signal.toLowerCase();
      const ended = await runUntil(
        train(out),
        () => exists(out, "metrics.csv"),
        [signal],
      );
      assertPlain(ended);
      assertEquals(ended.code, code, ended.stderr);
      assertMatch(
        ended.stdout,
        new RegExp(
          "\\nInterrupted: finishing the step, then saving\\n[^]*" +
            `\\nStopped after epoch \\d, step \\d+; .*--resume ${out}\\n$`,
        ),
      );
      assertDone(await place.unet(["train", "--resume", out]));
      assertEquals(contentOf(place.at(out)), uninterrupted);
    },
  );

  Deno.test(`a second ${signal} ends train at once`, onLinux, async () => {
    const out = `${signal.toLowerCase()}-twice`;
    const ended = await runUntil(
      train(out),
      () => exists(out, "metrics.csv"),
      [signal, signal],
    );
    assertEquals(ended.code, code, ended.stderr);
    assertDone(await place.unet(["train", "--resume", out]));
    assertEquals(contentOf(place.at(out)), uninterrupted);
  });
}

Deno.test(
  "SIGTERM and SIGHUP together, as the end of a session sends them, are one request",
  onLinux,
  async () => {
    const ended = await runUntil(
      train("session"),
      () => exists("session", "metrics.csv"),
      ["SIGTERM", "SIGHUP"],
    );
    assertMatch(ended.stdout, /\nStopped after epoch \d, step \d+; /);
    assert([129, 143].includes(ended.code), String(ended.code));
  },
);

Deno.test("train under nohup outlives its terminal", onLinux, async () => {
  const ended = await place.unet(train("nohup"), {
    shell: 'exec nohup "$@"',
    async whileRunning(child) {
      // Early, for at the very end Deno has no listener left.
      await until(child, () => exists("nohup", "config.json"));
      child.kill("SIGHUP");
    },
  });
  assertEquals(ended.code, 0, ended.stderr);
  assertEquals(contentOf(place.at("nohup")), uninterrupted);
});

/** Trains on a terminal that is closed some time after the first epoch. */
async function trainOnClosedTerminal(out: string): Promise<void> {
  const [config, main] = ["../../deno.json", "../../cli/main.ts"].map((path) =>
    new URL(path, import.meta.url).pathname
  );
  const child = new Deno.Command("script", {
    args: [
      ...["-q", "-c"],
      `cd '${place.path}' && exec env --default-signal=HUP UNET_CACHE=.cache ` +
      `'${Deno.execPath()}' run -q -P=unet --config '${config}' '${main}' ` +
      train(out).join(" "),
      "/dev/null",
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  await until(child, () => exists(out, "metrics.csv"));
  await new Promise((resolve) => setTimeout(resolve, 60));
  // The terminal is gone with the program that shows it.
  child.kill("SIGKILL");
  await child.status;
  // A process that ends in order removes its note.
  for (let looks = 0; exists(out, ".lock.json"); looks++) {
    assert(looks < 3000, "Expected train to end in order");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test(
  "train saves the step that it is at where its terminal is closed, and cannot be printed to",
  onLinux,
  async () => {
    let batch = 0, attempt = 0;
    // It may have been between two epochs.
    while (batch === 0) {
      assert(attempt++ < 8, "Expected a step within an epoch");
      await trainOnClosedTerminal(`closed-${attempt}`);
      const state = Deno.readTextFileSync(
        place.at(`closed-${attempt}`, "last", "state.json"),
      );
      batch = JSON.parse(state).batch;
    }
    const out = `closed-${attempt}`;
    assertDone(await place.unet(["train", "--resume", out]));
    assertEquals(contentOf(place.at(out)), uninterrupted);
  },
);

Deno.test(
  "SIGTERM ends segment, evaluate and lr-range in words, and leaves nothing half written",
  onPosix,
  async () => {
    assertDone(
      await place.unet(["synth", "many", "--count", "200", "--size", "64"]),
    );
    const onMany = ["--device", "wasm", "--model", "whole"];
    const commands: [args: string[], begun: () => boolean, said: RegExp][] = [
      [
        ["segment", "many", "--out", "masks", ...onMany],
        () => exists("masks", "manifest.jsonl"),
        /^Interrupted: stopping the current image; the same command segments .*\n$/,
      ],
      [
        ["evaluate", "--data", "many", ...onMany, "--overlays", "worst"],
        () => true,
        /^Interrupted: scores are of all images, so none are printed\n$/,
      ],
      [
        ["lr-range", ...small, "--steps", "10000", "--out", "curve.svg"],
        () => true,
        /^Interrupted: no learning rate is suggested\n$/,
      ],
    ];
    for (const [args, begun, said] of commands) {
      const ended = await place.unet(args, {
        // The first line is printed once the signals are handled.
        shell: 'exec "$@" > started.txt',
        async whileRunning(child) {
          await until(child, () =>
            begun() && exists("started.txt") &&
            Deno.statSync(place.at("started.txt")).size > 0);
          child.kill("SIGTERM");
        },
      });
      assertEquals(ended.code, 143, ended.stderr);
      assertMatch(ended.stderr, said, args.join(" "));
      await Deno.remove(place.at("started.txt"));
    }
    assert(!exists("curve.svg") && !exists("worst"));
    const names = [...Deno.readDirSync(place.at("masks"))]
      .map(({ name }) => name);
    assert(names.includes("manifest.jsonl"), names.join());
    assertEquals(
      names.filter((name) => !/^[a-z]+-\d+$|^manifest\.jsonl$/.test(name)),
      [],
    );
  },
);
