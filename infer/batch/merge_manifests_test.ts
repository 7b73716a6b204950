import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type FileState, stateAfter } from "./file_state.ts";
import type { DoneEvent, ManifestEvent, RunEvent } from "./manifest_event.ts";
import { mergeManifests } from "./merge_manifests.ts";
import type { ManifestContent } from "./read_manifest.ts";

function time(second: number): string {
  return new Date(Date.UTC(2026, 0, 31) + 1000 * second).toISOString();
}

function run(second: number, shard?: string, setup = "0123456789abcdef") {
  const event: RunEvent = {
    ...{ event: "run", version: 1, at: time(second), setup, files: 2 },
    ...{ settings: { setup }, model: `model ${setup}` },
    ...shard ? { shard } : {},
  };
  return event;
}

function done(second: number, name: string, more: Partial<DoneEvent> = {}) {
  const event: DoneEvent = {
    ...{ event: "done", at: time(second), name, input: `in/${name}` },
    ...{ size: 10, modified: 5, hash: "0".repeat(64), seconds: 2 },
    ...{ setup: "0123456789abcdef", counts: { nuclei: 3 } },
    outputs: [{ path: `${name}.png`, size: 9 }],
    ...more,
  };
  return event;
}

function start(second: number, name: string): ManifestEvent {
  return { event: "start", at: time(second), name, outputs: [`${name}.png`] };
}

function failed(second: number, name: string): ManifestEvent {
  return {
    ...{ event: "failed", at: time(second), name, input: `in/${name}` },
    error: `Cannot read ${name}`,
  };
}

const end = { event: "end", at: time(99) } as const;

/** What a manifest of these events says when it is read. */
function contentOf(
  events: readonly ManifestEvent[],
  shard?: string,
): ManifestContent {
  const files = new Map<string, FileState>();
  const runs: RunEvent[] = [];
  let ended = false, isMerged = false;
  for (const event of events) {
    if (event.event === "run") {
      runs.push(event);
      ended = isMerged = false;
    } else if (event.event === "end") ended = true;
    else if (event.event === "merge") isMerged = true;
    else if (event.event === "begin" || event.event === "wrote") continue;
    else files.set(event.name, stateAfter(files.get(event.name), event));
  }
  return {
    path: shard ? `manifest-${shard.replace("/", "-of-")}` : "manifest",
    ...shard ? { shard } : {},
    ...{ runs, ended, isMerged, files, faults: [], wholeBytes: 0, torn: "" },
    batchFiles: new Map(),
  };
}

const first = contentOf(
  [run(1, "1/2"), start(2, "a"), done(3, "a"), failed(4, "c"), end],
  "1/2",
);
const second = contentOf(
  [
    run(1, "2/2"),
    start(2, "b"),
    done(4, "b", { counts: { nuclei: 4, pixels: 7 } }),
    end,
  ],
  "2/2",
);

Deno.test("mergeManifests() sums up what the shards did", () => {
  const { events, summary } = mergeManifests([first, second]);
  assertEquals(summary, {
    ...{ version: 1, files: 3, done: 2, failed: 1, unfinished: 0 },
    ...{ seconds: 4, bytes: 20, counts: { nuclei: 7, pixels: 7 } },
    ...{ classes: [], objectClasses: [] },
    setups: [{
      id: "0123456789abcdef",
      model: "model 0123456789abcdef",
      settings: { setup: "0123456789abcdef" },
      files: 2,
    }],
    manifests: [
      {
        ...{ path: "manifest-1-of-2", shard: "1/2", ended: true, done: 1 },
        ...{ failed: 1, unfinished: 0, seconds: 2 },
      },
      {
        ...{ path: "manifest-2-of-2", shard: "2/2", ended: true, done: 1 },
        ...{ failed: 0, unfinished: 0, seconds: 2 },
      },
    ],
    ...{ missingShards: [], repeated: 0, conflicts: [], faults: [] },
    failures: [{ name: "c", input: "in/c", error: "Cannot read c" }],
  });
  assertEquals(events.map(({ event }) => event), [
    ...["run", "run", "done", "done", "failed", "merge", "end"],
  ]);
});

Deno.test("mergeManifests() merged again with what it was made of changes nothing", () => {
  const { events, summary } = mergeManifests([first, second]);
  const again = mergeManifests([first, second, contentOf(events)]);
  assertEquals(again.summary, summary);
  assertEquals(again.events, events);
});

Deno.test("mergeManifests() says what is missing: shards, ends, and files that were begun", () => {
  const cut = contentOf([run(1, "2/4"), start(2, "b")], "2/4");
  const { events, summary } = mergeManifests([
    contentOf([run(1, "1/4"), end], "1/4"),
    cut,
  ]);
  assertEquals(summary.missingShards, ["3/4", "4/4"]);
  assertEquals(summary.manifests.map(({ ended }) => ended), [true, false]);
  assertEquals([summary.files, summary.unfinished], [1, 1]);
  assertEquals(events.at(-1)?.event, "merge");
});

Deno.test("mergeManifests() calls no shard missing of a batch that was split anew", () => {
  const anew = contentOf([run(5, "1/3"), end], "1/3");
  assertEquals(mergeManifests([first, anew]).summary.missingShards, []);
});

Deno.test("mergeManifests() takes what came last, and counts a file once that two finished alike", () => {
  const again = contentOf(
    [run(5, "1/3"), done(6, "a", { counts: { nuclei: 5 } }), done(7, "c"), end],
    "1/3",
  );
  for (const list of [[first, again], [again, first]]) {
    const { summary } = mergeManifests(list);
    assertEquals(summary.repeated, 1);
    assertEquals(summary.conflicts, []);
    assertEquals([summary.done, summary.failed], [2, 0]);
    assertEquals(summary.counts, { nuclei: 8 });
  }
});

Deno.test("mergeManifests() reports files that two finished differently, and of different setups", () => {
  const other = contentOf([
    run(5, "1/3", "fedcba9876543210"),
    done(6, "a", { setup: "fedcba9876543210", hash: "1".repeat(64) }),
    end,
  ], "1/3");
  const { summary } = mergeManifests([first, other, second]);
  assertEquals(summary.conflicts, [{
    name: "a",
    manifests: ["manifest-1-of-2", "manifest-1-of-3"],
    differs: ["content", "setup"],
  }]);
  assertEquals(summary.setups.map(({ id, files }) => [id, files]), [
    ["fedcba9876543210", 1],
    ["0123456789abcdef", 1],
  ]);
});

Deno.test("mergeManifests() calls it no conflict where a later run added an output", () => {
  const outputs = [{ path: "a.png", size: 9 }, { path: "a.csv", size: 5 }];
  const more = contentOf(
    [run(5, "1/3"), done(6, "a", { outputs }), end],
    "1/3",
  );
  assertEquals(mergeManifests([first, more]).summary.conflicts, []);
  const other = contentOf([
    run(5, "1/3"),
    done(6, "a", { outputs: [{ path: "a.png", size: 8 }] }),
    end,
  ], "1/3");
  assertEquals(
    mergeManifests([first, other]).summary.conflicts.map(({ differs }) =>
      differs
    ),
    [["outputs"]],
  );
});

Deno.test("mergeManifests() keeps what is known of the files of whole batches", () => {
  const table = (at: number, size?: number) =>
    new Map([["measurements.csv", { at: time(at), ...size ? { size } : {} }]]);
  const { events } = mergeManifests([
    { ...first, batchFiles: table(7, 10) },
    { ...second, batchFiles: table(5) },
  ]);
  assertEquals(events.filter(({ event }) => /begin|wrote/.test(event)), [{
    ...{ event: "wrote", at: time(7) },
    outputs: [{ path: "measurements.csv", size: 10 }],
  }]);
});

Deno.test("mergeManifests() lists runs of one time as the manifests come", () => {
  const shards = ["1/4", "2/4", "3/4", "4/4"];
  for (const order of [shards, shards.toReversed()]) {
    const { events } = mergeManifests(
      order.map((shard) => contentOf([run(1, shard), end], shard)),
    );
    assertEquals(
      events.flatMap((event) => event.event === "run" ? event.shard : []),
      order,
    );
  }
});

Deno.test("mergeManifests() takes a file of the whole batch for begun that was begun and written at one time", () => {
  const table = (size?: number) =>
    new Map([["measurements.csv", { at: time(5), ...size ? { size } : {} }]]);
  for (const [one, other] of [[table(10), table()], [table(), table(10)]]) {
    const { events } = mergeManifests([
      { ...first, batchFiles: one! },
      { ...second, batchFiles: other! },
    ]);
    assertEquals(events.filter(({ event }) => /begin|wrote/.test(event)), [
      { event: "begin", at: time(5), outputs: ["measurements.csv"] },
    ]);
  }
});

Deno.test("mergeManifests() merged again changes nothing, though many events have one time", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b"),
    kind: fc.constantFrom("start", "done", "failed"),
    manifest: fc.constantFrom(0, 1),
    second: fc.constantFrom(1, 2),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const ordered = steps.toSorted((a, b) => a.second - b.second);
      const contents = [0, 1].map((at) =>
        contentOf([
          run(0, `${at + 1}/2`),
          ...ordered.filter(({ manifest }) => manifest === at)
            .map(({ name, kind, second }) =>
              kind === "start"
                ? start(second, name)
                : kind === "done"
                ? done(second, name)
                : failed(second, name)
            ),
        ], `${at + 1}/2`)
      );
      const { events } = mergeManifests(contents);
      const merged = contentOf(events);
      for (const again of [[...contents, merged], [merged, ...contents]]) {
        assertEquals(
          [...contentOf(mergeManifests(again).events).files].toSorted(),
          [...merged.files].toSorted(),
        );
      }
    }),
    { numRuns: 1000 },
  );
});

Deno.test("mergeManifests() of nothing is empty", () => {
  const { events, summary } = mergeManifests([]);
  assertEquals([events, summary.files, summary.manifests], [[], 0, []]);
});

Deno.test("mergeManifests() of shards says what one manifest of all would", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    kind: fc.constantFrom("start", "done", "failed"),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
    const events = steps.map(({ name, kind }, second) =>
      kind === "start"
        ? start(second, name)
        : kind === "done"
        ? done(second, name)
        : failed(second, name)
    );
    const whole = contentOf([run(0), ...events]);
    // A file is in one shard alone.
    const shards = [["a", "b"], ["c"], ["d"]].map((names, at) =>
      contentOf(
        [
          run(0),
          ...events.filter((event) =>
            "name" in event && names.includes(event.name)
          ),
        ],
        `${at + 1}/3`,
      )
    );
    const merged = contentOf(mergeManifests(shards).events);
    assertEquals(
      [...merged.files].toSorted(),
      [...whole.files].toSorted(),
    );
  }));
});
