import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { findChromium } from "./call_page.ts";
import { buildWeb } from "./call_web.ts";
import { callWebLimits, type LimitsSeen } from "./call_web_limits.ts";
import {
  hostileLines,
  writeGood,
  writeHostile,
  writeLarge,
  writeNewer,
} from "./strain_web.ts";

const chromium = findChromium();
if (!chromium) {
  // deno-lint-ignore no-console
  console.log("skipped: the page under strain, for there is no Chromium");
}

/** What a page's process may hold while it predicts 4096×4096 pixels, in MiB. */
const mostMemory = 2500;

function judgeLarge({ faults, numbers, texts }: LimitsSeen): void {
  assertEquals(faults, []);
  const { shares = [], times = [] } = numbers;
  assert(shares.length >= 2, `${shares}`);
  assertEquals(shares, shares.toSorted((one, other) => one - other));
  // A page that computed in its own thread would stand still for a window.
  const windows = times.slice(1).map((time, at) => time - times[at]!);
  const [longest = 0] = numbers.longest!, [idle = 0] = numbers.idle!;
  const most = Math.max(10 * idle, Math.max(...windows) / 2);
  assert(longest <= most, `${longest} ms of ${windows}, idle ${idle}`);
  assert(numbers.memory![0]! <= mostMemory, `${numbers.memory} MiB`);
  assertEquals(texts.states!.length, 2);
  assertMatch(texts.states![1]!, /^Predicted, \d objects$/);
}

function judgeHostile(seen: LimitsSeen): void {
  const { faults, violations, texts, numbers } = seen;
  assertEquals(faults, []);
  assertEquals(violations, []);
  assertEquals(texts.marked, ["undefined"]);
  const lines = [...texts.refused![0]!.split("\n"), ...texts.faults!];
  const { lines: expected, masks } = hostileLines;
  assertEquals(lines.length, expected.length, lines.join("\n"));
  for (const [at, line] of lines.entries()) assertMatch(line, expected[at]!);
  assertEquals(
    texts.states!.filter((state) => /^Predicted/.test(state)).length,
    masks + 1,
  );
  assert(numbers.memory![0]! <= mostMemory, `${numbers.memory} MiB`);
}

async function judgeTabs(
  { faults, numbers, texts }: LimitsSeen,
  newer: string,
): Promise<void> {
  assertEquals(faults, []);
  // Of a tab, the room and the network.
  assertEquals(numbers.threads, [2, 4, 2]);
  assertEquals(texts.rows!.length, 2);
  assertEquals(texts.offline!.length, 1);
  assertEquals(texts.caches!.length, 1);
  const served = new Map<string, string>();
  for (const { name } of Deno.readDirSync(newer)) {
    const bytes = await Deno.readFile(join(newer, name));
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    served.set(name, hash.toHex());
  }
  const seen = texts.newer!.map((line) => line.split(" ") as [string, string])
    .filter(([name]) => served.has(name));
  for (const [name, hash] of seen) assertEquals(hash, served.get(name), name);
  assertEquals(
    [...new Set(seen.map(([name]) => name))].toSorted(),
    [...served.keys()].filter((name) =>
      /^(index|page\.(css|js)|worker|nuclei|tfjs)/.test(name)
    ).toSorted(),
  );
}

Deno.test({
  name: "the page bears large images, files that lie, and closed tabs",
  ignore: !chromium, // skipped: without a Chromium
  async fn(test) {
    const folder = await Deno.makeTempDir();
    const site = join(folder, "site"), images = join(folder, "images");
    await Deno.mkdir(images);
    await buildWeb(site);
    await writeGood(images);
    await writeLarge(images);
    await writeHostile(images);
    await writeNewer(site, images);
    const strain = (walk: "large" | "hostile" | "tabs") =>
      callWebLimits(chromium!, { site, images, walk });
    await test.step(
      "while 4096×4096 pixels are predicted, the page answers, its memory is bounded, and it can be canceled",
      async () => judgeLarge(await strain("large")),
    );
    await test.step(
      "each file that lies or is odd ends in a line or a mask, and the next image is predicted",
      async () => judgeHostile(await strain("hostile")),
    );
    await test.step(
      "a tab that is closed ends its threads, and a newer build replaces all files at once, offline, too",
      async () => await judgeTabs(await strain("tabs"), join(images, "newer")),
    );
    await Deno.remove(folder, { recursive: true });
  },
});
