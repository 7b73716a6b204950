import { isFinished } from "./file_state.ts";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import fc from "fast-check";
import { formatEvent, type ManifestEvent } from "./manifest_event.ts";
import { listManifests, readManifest } from "./read_manifest.ts";

const at = "2026-01-31T12:00:00.000Z";
const run: ManifestEvent = {
  ...{ event: "run", version: 1, at, setup: "0123456789abcdef" },
  ...{ settings: {}, model: "m", files: 1 },
};

function start(name: string): ManifestEvent {
  return { event: "start", at, name, outputs: [`${name}.png`] };
}

function done(name: string): ManifestEvent {
  return {
    ...{ event: "done", at, name, input: name, size: 3, modified: 5 },
    ...{ hash: "0".repeat(64), setup: "0123456789abcdef", seconds: 1 },
    ...{ outputs: [{ path: `${name}.png`, size: 9 }], counts: {} },
  };
}

async function inFile(
  content: string | Iterable<string>,
  work: (path: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir(), path = `${folder}/manifest.jsonl`;
  try {
    using file = await Deno.open(path, { write: true, createNew: true });
    for (const text of typeof content === "string" ? [content] : content) {
      const bytes = new TextEncoder().encode(text);
      for (let at = 0; at < bytes.length;) {
        at += await file.write(bytes.subarray(at));
      }
    }
    await work(path);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("readManifest() reads whole lines, wherever the file is cut", async () => {
  const names = fc.array(fc.string({ unit: "binary" }), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(names, fc.nat(), async (names, cut) => {
      const events = [
        run,
        ...names.flatMap((name) => [start(name), done(name)]),
      ];
      const lines = events.map(formatEvent);
      const bytes = new TextEncoder().encode(lines.join(""));
      const end = cut % (bytes.length + 1);
      const whole = bytes.subarray(0, end).lastIndexOf(10) + 1;
      const text = new TextDecoder().decode(bytes.subarray(0, whole));
      await inFile("", async (path) => {
        await Deno.writeFile(path, bytes.subarray(0, end));
        const content = await readManifest(path);
        assertEquals(content.faults, []);
        assertEquals(content.wholeBytes, whole);
        assertEquals(content.torn === "", whole === end);
        const wholeLines = text.split("\n").length - 1;
        const last = new Map(
          events.slice(0, wholeLines).flatMap((event) =>
            "name" in event ? [[event.name, event]] : []
          ),
        );
        assertEquals([...content.files.keys()], [...last.keys()]);
        for (const [name, event] of last) {
          const state = content.files.get(name)!;
          assertEquals(isFinished(state), event.event === "done");
        }
      });
    }),
    { numRuns: 60 },
  );
});

Deno.test("readManifest() reads a million lines", async () => {
  const count = 500_000;
  function* lines(): Generator<string> {
    yield formatEvent(run);
    for (let first = 0; first < count; first += 1000) {
      let text = "";
      for (let index = first; index < first + 1000; index++) {
        const name = `plate-${index % 97}/${index}.tif`;
        text += formatEvent(start(name)) + formatEvent(done(name));
      }
      yield text;
    }
    yield formatEvent({ event: "end", at });
  }
  await inFile(lines(), async (path) => {
    const { files, ended, faults } = await readManifest(path);
    assertEquals([files.size, ended, faults], [count, true, []]);
    assert(files.get("plate-0/97.tif")?.done);
  });
});

Deno.test("readManifest() knows whether the last run ended, and whether it was merged", async () => {
  const end = { event: "end", at } as const,
    merge = { event: "merge", at } as const;
  for (
    const [events, ended, isMerged] of [
      [[run], false, false],
      [[run, end], true, false],
      [[run, end, run], false, false],
      [[run, merge], false, true],
      [[run, merge, end], true, true],
      [[run, merge, end, run], false, false],
    ] as const
  ) {
    await inFile(events.map(formatEvent), async (path) => {
      const content = await readManifest(path);
      assertEquals([content.ended, content.isMerged], [ended, isMerged]);
    });
  }
});

Deno.test("readManifest() takes an empty file for a manifest that was just begun", async () => {
  await inFile("", async (path) => {
    const { runs, files, torn, wholeBytes } = await readManifest(path);
    assertEquals([runs, files.size, torn, wholeBytes], [[], 0, "", 0]);
  });
});

Deno.test("readManifest() refuses a file without lines before it fills the memory", async () => {
  function* zeros(): Generator<string> {
    for (let piece = 0; piece < 40; piece++) yield "0".repeat(1 << 20);
  }
  await inFile(zeros(), async (path) => {
    await assertRejects(
      () => readManifest(path),
      FileError,
      `Cannot read manifest "${path}": found no line at all`,
    );
  });
});

Deno.test("readManifest() passes on what the system says", async () => {
  await assertRejects(
    () => readManifest("no/such/manifest.jsonl"),
    FileError,
    'Cannot read manifest "no/such/manifest.jsonl": found no such file or folder',
  );
});

Deno.test("listManifests() finds those of the whole and of shards, in order", async () => {
  const folder = await Deno.makeTempDir();
  for (
    const name of [
      ...[
        "manifest.jsonl",
        "manifest-10-of-12.jsonl",
        "manifest-2-of-12.jsonl",
      ],
      ...[
        "manifest-2.jsonl",
        "manifest.jsonl.bak",
        "old-manifest.jsonl",
        "a.png",
      ],
    ]
  ) await Deno.writeTextFile(`${folder}/${name}`, "");
  assertEquals(
    (await listManifests(folder)).map((path) => path.slice(folder.length + 1)),
    ["manifest-2-of-12.jsonl", "manifest-10-of-12.jsonl", "manifest.jsonl"],
  );
  const shard = await readManifest(`${folder}/manifest-2-of-12.jsonl`);
  assertEquals(shard.shard, "2/12");
  assertEquals(await listManifests(`${folder}/none`), []);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readManifest() counts the lines that are no events beyond the first twenty", () =>
  inFile(
    [formatEvent(run), ..."x".repeat(1000)].map((line) => line.trim() + "\n"),
    async (path) => {
      const { faults } = await readManifest(path);
      assertEquals(faults.length, 21);
      assert(faults.at(-1)!.includes("found 980 more such lines"), faults[20]);
    },
  ));

Deno.test("readManifest() takes no more outputs of one image than it can have", () =>
  inFile(
    function* () {
      yield formatEvent(run);
      // As a set that grows by one per line, these would take a minute.
      for (let index = 0; index < 100_000; index++) {
        yield formatEvent({
          ...{ event: "start", at, name: "a.tif" },
          outputs: [`${index}.png`],
        });
      }
    }(),
    async (path) => {
      const { files, faults } = await readManifest(path);
      assertEquals(files.get("a.tif")?.begun.length, 512);
      assert(faults[0]!.includes("outputs of one file beyond 512"), faults[0]);
    },
  ));
