import { assertEquals, assertRejects } from "@std/assert";
import type { Study } from "../study.ts";
import { Journal } from "./journal.ts";
import { JournalError } from "./journal_error.ts";

/** Several journals over one file with a study. */
async function openSeveral(count: number): Promise<Journal[]> {
  const path = `${await Deno.makeTempDir()}/study.journal`;
  const first = await Journal.open(path);
  await first.createStudy("a", ["maximize"]);
  const others = Array.from({ length: count - 1 }, () => Journal.open(path));
  return [first, ...await Promise.all(others)];
}

const fewerThan = (count: number) => ({ trials }: Study): boolean =>
  trials.length < count;

Deno.test("createTrialIf() of several at once makes as many trials as are wanted", async () => {
  const journals = await openSeveral(4);
  const made = await Promise.all(
    [...journals, ...journals, ...journals].map((journal) =>
      journal.createTrialIf(0, fewerThan(5), {
        systemAttributes: { worker: "a" },
      })
    ),
  );
  const numbers = made.flatMap((trial) => trial?.number ?? []);
  assertEquals(numbers.sort(), [0, 1, 2, 3, 4]);
  const [study] = await journals[0]!.sync();
  assertEquals(study!.trials.length, 5);
  assertEquals(study!.trials[4]!.systemAttributes, { worker: "a" });
});

Deno.test("createTrialIf() refuses a study that is not there", async () => {
  const [journal] = await openSeveral(1);
  await assertRejects(
    () => journal!.createTrialIf(3, () => true),
    JournalError,
  );
});

Deno.test("claimWaiting() leaves a trial that is not wanted in the queue", async () => {
  const [journal] = await openSeveral(1);
  await journal!.createTrial(0, { state: "waiting" });
  assertEquals(await journal!.claimWaiting(0, () => false), null);
  const [study] = await journal!.sync();
  assertEquals(study!.trials[0]!.state, "waiting");
  assertEquals((await journal!.claimWaiting(0, fewerThan(2)))!.number, 0);
});
