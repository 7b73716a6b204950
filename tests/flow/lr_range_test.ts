import { assert, assertEquals, assertMatch } from "@std/assert";
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

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "24", "--size", "64"]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const shared = [
  ...["--tile", "64", "--batch", "6", "--width", "0.0625"],
  ...["--device", "wasm", "--workers", "0"],
];

/** The arguments of a range test on the drawn images. */
function rangeTest(...flags: string[]): string[] {
  return ["lr-range", "--data", "drawn", ...shared, ...flags];
}

/** The rate of the command that a range test suggests. */
function suggestedBy({ stdout }: Ended): number {
  const [, rate] = /^Suggested: .* --lr (\S+) \(/m.exec(stdout)!;
  return Number(rate);
}

/** The validation F1 of each epoch of a run. */
function f1sOf(run: string): number[] {
  const [header, ...rows] = Deno.readTextFileSync(place.at(run, "metrics.csv"))
    .trimEnd().split("\n").map((line) => line.split(","));
  return rows.map((row) => Number(row[header!.indexOf("f1")]));
}

Deno.test("lr-range draws the curve, the same for the same seed, and reads a rate off it", async () => {
  const args = rangeTest("--steps", "60", "--trial-steps", "0");
  const ended = await place.unet([...args, "--offline"]);
  assertDone(ended);
  const svg = await Deno.readTextFile(place.at("lr-range.svg"));
  assertMatch(svg, /^<svg [\s\S]*<\/svg>\s*$/);
  const rate = suggestedBy(ended);
  assert(rate > 1e-5 && rate < 0.1, `${rate}`);
  assertMatch(
    ended.stdout,
    /\(not tried; the default for adamw is 0\.001\)\n$/,
  );
  // The first line has the device's speed, which nothing decides.
  const tableOf = ({ stdout }: Ended): string =>
    stdout.split("\n").slice(1, -3).join("\n");
  const again = await place.unet([...args, "--out", "again.svg"]);
  assertEquals(tableOf(again), tableOf(ended));
  assertEquals(await Deno.readTextFile(place.at("again.svg")), svg);
  const other = await place.unet([...args, "--seed", "5"]);
  assert(tableOf(other) !== tableOf(ended));
});

Deno.test("lr-range refuses ends of the range that leave none, also beside the default ends", async () => {
  for (
    const [flags, found] of [
      ["--from 1 --to 0.1", "found 0.1, expected above --from 1"],
      ["--optimizer adam --from 1", "found 1, expected above --from 1"],
      [
        "--optimizer sgd --to 1e-4",
        "found 0.0001, expected above --from 0.0001",
      ],
    ] as const
  ) {
    const fault = faultOf(await place.unet(rangeTest(...flags.split(" "))));
    assertEquals(fault, `Cannot use flag "--to": ${found}`);
  }
});

for (const optimizer of ["sgd", "adamw"]) {
  Deno.test(`lr-range suggests a rate that ${optimizer} learns at`, async () => {
    const ended = await place.unet(
      rangeTest(
        "--optimizer",
        optimizer,
        "--steps",
        "60",
        "--trial-steps",
        "40",
      ),
    );
    assertDone(ended);
    const tried = ended.stdout.split("\n").flatMap((line) => {
      const [, rate] = /^Tried (\S+): /.exec(line) ?? [];
      return rate === undefined ? [] : Number(rate);
    });
    const rate = suggestedBy(ended);
    assert(tried.length > 1 && tried.includes(rate), ended.stdout);
    // It ends with code 2 where a network learns nothing.
    assertDone(
      await place.unet([
        ...["train", "--data", "drawn", ...shared, "--optimizer", optimizer],
        ...["--lr", String(rate), "--epochs", "16", "--out", optimizer],
      ]),
    );
    const f1s = f1sOf(optimizer);
    assert(f1s.at(-1)! > f1s[0]!, `F1 rises: ${f1s}`);
  });
}

Deno.test("lr-range of trained weights says what they score and what a rate makes of them", async () => {
  assertDone(
    await place.unet([
      ...["train", "--data", "drawn", ...shared, "--lr", "0.02"],
      ...["--epochs", "20", "--out", "base"],
    ]),
  );
  const ended = await place.unet([
    ...rangeTest("--steps", "40", "--trial-steps", "20").filter((
      word,
      index,
      all,
    ) => ![word, all[index - 1]].includes("--width")),
    ...["--weights", "base"],
  ]);
  assertEquals(ended.code, 0, ended.stderr);
  const [, before] = /^Before training: .* F1 (\S+)$/m.exec(ended.stdout)!;
  // What the run measured on the same images.
  const trained = f1sOf("base");
  assertEquals(before, Math.max(...trained).toFixed(4));
  const tried = [...ended.stdout.matchAll(/^Tried .* F1 (\S+)$/gm)];
  assert(tried.length > 1, ended.stdout);
  assertEquals(
    /^Note: after 20 steps, no rate tried is better than the weights/m
      .test(ended.stdout),
    tried.every(([, f1]) => Number(f1) <= Number(before)),
  );
});

Deno.test(
  "lr-range ends at Ctrl-C after the step under way, and suggests nothing",
  {
    ignore: Deno.build.os === "windows",
  },
  async () => {
    const curve = place.at("interrupted.svg");
    const isDrawn = (): boolean => {
      try {
        return Deno.lstatSync(curve).isFile;
      } catch (cause) {
        if (cause instanceof Deno.errors.NotFound) return false;
        throw cause;
      }
    };
    const ended = await place.unet(
      rangeTest("--steps", "10", "--trial-steps", "10000", "--out", curve),
      {
        async whileRunning(child) {
          await until(child, isDrawn);
          child.kill("SIGINT");
        },
      },
    );
    assertPlain(ended);
    assertEquals(ended.code, 130, ended.stderr);
    assertEquals(
      ended.stderr,
      "Interrupted: no learning rate is suggested\n",
    );
    assert(!/^(Tried|Suggested)/m.test(ended.stdout), ended.stdout);
  },
);

Deno.test("lr-range lists faulty images, or leaves them out and says so", async () => {
  assertDone(
    await place.unet(["synth", "faulty", "--count", "12", "--size", "64"]),
  );
  const { name } = [...Deno.readDirSync(place.at("faulty"))]
    .find((entry) => entry.isDirectory)!;
  await Deno.writeTextFile(
    place.at("faulty", name, "images", `${name}.png`),
    "no image",
  );
  const args = [
    ...["lr-range", "--data", "faulty", ...shared, "--steps", "10"],
    ...["--trial-steps", "0"],
  ];
  const refused = await place.unet(args);
  assertMatch(faultOf(refused), /^Cannot /);
  assertMatch(refused.stderr, new RegExp(`^  .*${name}`, "m"));
  const skipped = await place.unet([...args, "--skip-faulty"]);
  assertMatch(skipped.stderr, new RegExp(`^Left out: .*${name}`, "m"));
  assertMatch(skipped.stdout, /^Curve: lr-range\.svg$/m);
});
