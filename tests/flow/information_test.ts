import { assert, assertEquals, assertMatch } from "@std/assert";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const commands = [
  ...["check", "train", "segment", "evaluate", "devices", "summary"],
  ...["export", "synth", "lr-range"],
];

Deno.test("unet alone, help and --help list the commands", async () => {
  const texts: string[] = [];
  for (const args of [[], ["help"], ["--help"], ["-h"]]) {
    const ended = await place.unet(args);
    assertDone(ended);
    texts.push(ended.stdout);
  }
  assertEquals(new Set(texts).size, 1);
  for (const name of commands) {
    assertMatch(texts[0]!, new RegExp(`^  ${name} +\\w`, "m"));
  }
});

for (const name of commands) {
  Deno.test(`unet ${name} --help says how to call it, before anything is checked`, async () => {
    const ended = await place.unet([name, "--nonsense", "--help"]);
    assertDone(ended);
    assert(ended.stdout.startsWith(`unet ${name}: `), ended.stdout);
    assert(ended.stdout.includes(`\nUsage: deno task unet ${name}`));
    for (const args of [["help", name], [name, "-h"]]) {
      assertEquals((await place.unet(args)).stdout, ended.stdout);
    }
  });
}

Deno.test("unet --version says which program it is, and of which commit", async () => {
  const ended = await place.unet(["--version"]);
  assertDone(ended);
  assertMatch(
    ended.stdout,
    /^unet \d+\.\d+\.\d+ \(commit ([0-9a-f]{12}|unknown)\), Deno \d.*\n$/,
  );
  assertEquals((await place.unet(["-V"])).stdout, ended.stdout);
});

Deno.test("devices lists the available backends, and what keeps others from it", async () => {
  const table = await place.unet(["devices"]);
  assertDone(table);
  assertMatch(table.stdout, /^Available compute backends, /);
  assertMatch(
    table.stdout,
    /\nwasm +float32 +\d+ +tfjs-backend-wasm 4\.22\.0 /,
  );
  for (const line of table.stdout.split("\n")) assert(line.length <= 100, line);
  const json = await place.unet(["devices", "--json"]);
  assertDone(json);
  const reports = JSON.parse(json.stdout) as Record<string, unknown>[];
  const wasm = reports.find(({ name }) => name === "wasm");
  assertEquals(wasm?.available, true);
  assertEquals(wasm?.missingKernels, []);
  for (const { available, reason } of reports) {
    assertEquals(available, reason === "");
  }
});

Deno.test("summary prints the report's network", async () => {
  const ended = await place.unet(["summary"]);
  assertDone(ended);
  assertMatch(
    ended.stdout,
    /\n27 convolutions, 55\.0 M parameters, 67\.9 GFLOP forward for an image of 256×256\n$/,
  );
  const json = JSON.parse((await place.unet(["summary", "--json"])).stdout);
  assertEquals(json.convolutions, 27);
  assertEquals((json.parameters / 1e6).toFixed(1), "55.0");
});

Deno.test("a command whose reader is gone ends without a word", {
  ignore: Deno.build.os === "windows",
}, async () => {
  const ended = await place.unet(["summary", "--json"], {
    shell: '"$@" | true',
  });
  assertEquals(ended.stderr, "");
  assertEquals(ended.code, 141);
});

Deno.test("a command whose output meets a full disk says so", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const ended = await place.unet(["summary"], { shell: '"$@" > /dev/full' });
  assertEquals(
    faultOf(ended),
    'Cannot write output "stdout": found a full disk',
  );
});

Deno.test("a terminal shows a line that is drawn over itself", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  try {
    await new Deno.Command("script", { args: ["--version"] }).output();
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    // deno-lint-ignore no-console
    console.log("skipped: no program script, which makes terminals");
    return;
  }
  const args = ["synth", "by-terminal", "--count", "12", "--size", "96"];
  const { code, stdout } = await place.unet(args, { terminal: true });
  assertEquals(code, 0, stdout);
  const anew = "\r\x1b[2K";
  const [before, first, ...rest] = stdout.split(anew);
  assertEquals(before, "");
  assertEquals(first, "Drawing ━╌╌╌╌╌╌╌╌╌ 1/12");
  assertEquals(rest.at(-1), "12 images of 96×96 in by-terminal\r\n");
});
