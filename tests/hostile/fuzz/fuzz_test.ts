import { assert, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { inputOf, targets } from "./_targets.ts";
import { fuzz } from "./_watch.ts";

/** Seconds of fuzzing; an hour finds more than a gate has time for. */
const seconds = Number(Deno.env.get("UNET_FUZZ_SECONDS") ?? 40);

/** The number of the first input; each number is another input. */
const start = Number(Deno.env.get("UNET_FUZZ_START") ?? 0);

/** Readers to fuzz, with commas between; all if not given. */
const names = Deno.env.get("UNET_FUZZ_TARGETS")?.split(",") ??
  Object.keys(targets);

Deno.test(`readers end with a typed error or a result, whatever the file (${seconds} s)`, async () => {
  const { executions, finds } = await fuzz({
    ...{ names, seconds, start },
    // deno-lint-ignore no-console
    onFind: (find) => console.error(find),
  });
  // deno-lint-ignore no-console
  console.log(`fuzzed: ${JSON.stringify(executions)}`);
  for (const name of names) assert(executions[name]! > 0, name);
  assertEquals(finds, []);
});

Deno.test("inputOf() makes inputs that once were too deep or too long to be made", async () => {
  const folder = await Deno.makeTempDir();
  for (
    const [name, input] of [["model", 1033456], ["space", 1074313]] as const
  ) {
    const target = targets[name]!, seeds = await target.seeds(folder);
    const stream = Object.keys(targets).indexOf(name);
    const bytes = inputOf(target, seeds, createRandom(input, stream));
    assert(bytes.length > 0, name);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("inputOf() makes the same input of the same numbers", async () => {
  const folder = await Deno.makeTempDir();
  for (const name of ["journal", "tiff", "pickle"]) {
    const target = targets[name]!, seeds = await target.seeds(folder);
    const inputs = [1, 1, 2].map((input) =>
      inputOf(target, seeds, createRandom(input, 0)).toString()
    );
    assertEquals(inputs[0], inputs[1]);
    assert(inputs[0] !== inputs[2]);
  }
  await Deno.remove(folder, { recursive: true });
});
