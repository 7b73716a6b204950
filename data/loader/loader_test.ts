import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { FileError, UnetError } from "@unet/errors";
import { cacheSamples } from "../cache/cache.ts";
import { type CachedCase, readCachedWindow } from "../cache/cached_case.ts";
import { createLoader, type LoaderOptions } from "./loader.ts";
import { synthesize } from "../synthesize/synthesize.ts";
import { cutTile, tilesOf } from "./tiles.ts";
import type { Batch, Sample } from "../types.ts";

const size = 32;
const samples: Sample[] = [
  ...synthesize({ count: 5, width: 70, height: 40, seed: 1 }),
];

/** Runs with the samples cached in a folder of their own. */
async function withCases(
  work: (cases: CachedCase[], folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(await cacheSamples(samples, { folder }), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A module with this body of `transform(image, labels, random, options)`. */
function transformModule(
  body: string,
  options?: unknown,
): LoaderOptions["transform"] {
  const code =
    `export function transform(image, labels, random, options) {${body}}`;
  return {
    module: `data:text/javascript,${encodeURIComponent(code)}`,
    options,
  };
}

const noisy = transformModule(
  `const data = image.data.map((v) => v * random.next());
   const mirrored = labels.data.map((v) => random.next() < options.keep ? v : 0);
   return { image: { ...image, data }, labels: { ...labels, data: mirrored } };`,
  { keep: 0.5 },
);

async function gather(batches: AsyncIterable<Batch>): Promise<Batch[]> {
  const all: Batch[] = [];
  for await (const batch of batches) all.push(batch);
  return all;
}

Deno.test("createLoader() gives each tile once, as x in 0…1 and objects of 0 and 1", async () => {
  await withCases(async (cases) => {
    using loader = closing({ cases, size, batchSize: 4, seed: 0 });
    const batches = await gather(loader.batches(0));
    assertEquals(loader.tiles, 5 * 3 * 2);
    assertEquals(loader.length, 8);
    assertEquals(batches.length, 8);
    const expected = cases.map((each) => readCachedWindow(each)).flatMap((
      sample,
    ) =>
      tilesOf(70, 40, size).map((tile) => ({
        ...cutTile(sample, tile),
        name: `${sample.id}@${tile.x},${tile.y}`,
      }))
    );
    assertEquals(
      batches.flatMap(({ ids }) => ids),
      expected.map(({ name }) => name),
    );
    const pixels = size * size;
    expected.forEach(({ image, labels }, index) => {
      const { x, targets } = batches[Math.floor(index / 4)]!;
      const start = (index % 4) * pixels;
      const { channels, data } = image;
      const colors = Float32Array.from(
        { length: pixels * 3 },
        (_, at) =>
          (channels === 1
            ? data[Math.floor(at / 3)]!
            : data[Math.floor(at / 3) * channels + at % 3]!) / 255,
      );
      assertEquals(x.slice(3 * start, 3 * (start + pixels)), colors);
      assertEquals(
        targets.object!.slice(start, start + pixels),
        Float32Array.from(labels.data, (label) => label > 0 ? 1 : 0),
      );
    });
    assertEquals(batches.at(-1)!.shape, [2, size, size]);
  });
});

Deno.test("createLoader() gives a tile the name of its image if it is the only one", async () => {
  await withCases(async (cases) => {
    using loader = closing({ cases, size: 96, batchSize: 5, seed: 0 });
    const [batch] = await gather(loader.batches(0));
    assertEquals(batch!.ids, samples.map(({ id }) => id));
    assertEquals(batch!.shape, [5, 96, 96]);
  });
});

Deno.test("createLoader() gives the same bits when the number of workers differs", async () => {
  await withCases(async (cases) => {
    const options = {
      cases,
      size,
      batchSize: 4,
      seed: 7,
      shuffle: true,
      transform: noisy!,
    };
    using inProcess = closing(options);
    const expected = await gather(inProcess.batches(3));
    for (const [workers, prefetch] of [[1, 1], [2, 2], [3, 5]] as const) {
      using loader = closing({ ...options, workers, prefetch });
      assertEquals(await gather(loader.batches(3)), expected);
    }
  });
});

Deno.test("batches() shuffles and transforms anew when the epoch differs", async () => {
  await withCases(async (cases) => {
    using loader = closing({
      cases,
      size,
      batchSize: 30,
      seed: 7,
      shuffle: true,
      transform: noisy!,
    });
    const [first] = await gather(loader.batches(0));
    const [second] = await gather(loader.batches(1));
    assertNotEquals(first!.ids, second!.ids);
    assertEquals([...first!.ids].sort(), [...second!.ids].sort());
    const tile = (batch: Batch, id: string) => {
      const at = batch.ids.indexOf(id) * size * size * 3;
      return batch.x.slice(at, at + size * size * 3);
    };
    const id = first!.ids[0]!;
    assertNotEquals(tile(first!, id), tile(second!, id));
    assertEquals(await gather(loader.batches(0)), [first!]);
  });
});

Deno.test("batches() gives the tail of the epoch when it starts later", async () => {
  await withCases(async (cases) => {
    for (const workers of [0, 2]) {
      using loader = closing({
        cases,
        size,
        batchSize: 4,
        seed: 7,
        shuffle: true,
        transform: noisy!,
        workers,
      });
      const all = await gather(loader.batches(1));
      for (const from of [1, 5, 7, 8]) {
        assertEquals(await gather(loader.batches(1, from)), all.slice(from));
      }
    }
  });
});

Deno.test("batches() does none of the earlier work when it starts later", async () => {
  await withCases(async (cases, folder) => {
    const transform = countingTransform(folder);
    using loader = closing({ cases, size, batchSize: 4, seed: 7, transform });
    await gather(loader.batches(0, 6));
    assertEquals(await countTiles(folder), 30 - 24);
  });
});

Deno.test("createLoader() leaves out the last batch when it is not full and dropLast is set", async () => {
  await withCases(async (cases) => {
    using loader = closing({
      cases,
      size,
      batchSize: 4,
      seed: 0,
      dropLast: true,
    });
    assertEquals(loader.length, 7);
    const batches = await gather(loader.batches(0));
    assertEquals(batches.map(({ shape }) => shape[0]), Array(7).fill(4));
  });
});

Deno.test("createLoader() takes other tiles each epoch when it takes fewer than all", async () => {
  await withCases(async (cases) => {
    const options = { cases, size, batchSize: 4, seed: 0, shuffle: true };
    using loader = closing({ ...options, tilesPerEpoch: 6 });
    using whole = closing(options);
    assertEquals([loader.tiles, loader.length], [6, 2]);
    const idsOf = async (from: typeof loader, epoch: number) =>
      (await gather(from.batches(epoch))).flatMap(({ ids }) => ids);
    const [first, second] = [await idsOf(loader, 0), await idsOf(loader, 1)];
    assertEquals(first, (await idsOf(whole, 0)).slice(0, 6));
    assertEquals(second, (await idsOf(whole, 1)).slice(0, 6));
    assertNotEquals(first, second);
    using more = closing({ ...options, tilesPerEpoch: 1000 });
    assertEquals(more.tiles, whole.tiles);
  });
});

Deno.test("batches() works at most prefetch batches ahead of the one handed out", async () => {
  await withCases(async (cases, folder) => {
    const transform = countingTransform(folder);
    using loader = closing({
      cases,
      size,
      batchSize: 3,
      seed: 0,
      workers: 3,
      prefetch: 2,
      transform,
    });
    const batches = loader.batches(0)[Symbol.asyncIterator]();
    await batches.next();
    // A third worker, were it at work, would be done long before this.
    while (await countTiles(folder) < 9) await pause(10);
    await pause(200);
    assertEquals(await countTiles(folder), 9);
    await batches.next();
    while (await countTiles(folder) < 12) await pause(10);
    await pause(200);
    assertEquals(await countTiles(folder), 12);
    await batches.return!();
  });
});

Deno.test("batches() of workers do not pile up in memory after use", async () => {
  await withCases(async (cases) => {
    const many = Array.from({ length: 150 }, () => cases).flat();
    using loader = closing({ cases: many, batchSize: 16, seed: 0, workers: 1 });
    const before = Deno.memoryUsage().external;
    let most = 0, total = 0;
    for await (const batch of loader.batches(0)) {
      total += batch.x.byteLength + batch.targets.object!.byteLength;
      most = Math.max(most, Deno.memoryUsage().external - before);
    }
    assertLess(most, total / 3);
  });
});

Deno.test("batches() of two epochs at once do not disturb each other", async () => {
  await withCases(async (cases) => {
    const options = {
      cases,
      size,
      batchSize: 4,
      seed: 7,
      shuffle: true,
      transform: noisy!,
    };
    using inProcess = closing(options);
    using loader = closing({ ...options, workers: 2 });
    const early = loader.batches(0)[Symbol.asyncIterator]();
    const [whole] = await Promise.all([
      gather(loader.batches(1)),
      early.next().then(() => early.return!()),
    ]);
    assertEquals(whole, await gather(inProcess.batches(1)));
    assertEquals(
      await gather(loader.batches(0)),
      await gather(inProcess.batches(0)),
    );
  });
});

Deno.test("batches() throws the original error when a cached file is gone", async () => {
  await withCases(async (cases) => {
    await Deno.remove(cases[2]!.path);
    const messages: string[] = [];
    for (const workers of [0, 2]) {
      using loader = closing({ cases, size, batchSize: 4, seed: 0, workers });
      const got: Batch[] = [];
      const error = await assertRejects(async () => {
        for await (const batch of loader.batches(0)) got.push(batch);
      }, FileError);
      // Tiles 12 to 17 are the missing case's: three batches come before.
      assertEquals(got.length, 3);
      assertInstanceOf(error.cause, Deno.errors.NotFound);
      messages.push(error.message);
    }
    assertEquals(messages[0], messages[1]);
    assertMatch(messages[0]!, /^Cannot read cached case ".*no such file/);
  });
});

Deno.test("batches() gives a transform another tile of the same modality, the same with any workers", async () => {
  await withCases(async (cases) => {
    const marked = cases.map((one, at): CachedCase => ({
      ...one,
      modality: at < 3 ? "fluorescence" : "stained",
    }));
    const taken = { ...transformModule("return options.other(random);", {}) };
    const plain = createLoader({ cases: marked, size, batchSize: 1, seed: 0 });
    const known = new Map<string, Set<string>>();
    for (const { x, ids } of await gather(plain.batches(0))) {
      const source = marked.find(({ id }) => ids[0]!.startsWith(id))!;
      const key = Array.from(x).join();
      known.set(key, (known.get(key) ?? new Set()).add(source.modality));
    }
    plain.close();
    const epochs = await Promise.all([0, 2].map(async (workers) => {
      using loader = closing({
        ...{ cases: marked, size, batchSize: 1, seed: 4, workers },
        transform: { ...taken, module: taken.module!, withOther: true },
      });
      return await gather(loader.batches(0));
    }));
    assertEquals(epochs[0], epochs[1]);
    for (const { x, ids } of epochs[0]!) {
      const source = marked.find(({ id }) => ids[0]!.startsWith(id))!;
      assert(known.get(Array.from(x).join())!.has(source.modality));
    }
  });
});

Deno.test("batches() throws what the transform throws", async () => {
  await withCases(async (cases) => {
    for (const workers of [0, 1]) {
      for (
        const [body, kind, message] of [
          ["throw new RangeError('too blue')", RangeError, "too blue"],
          ["throw 'no error at all'", Error, "no error at all"],
          ["return { image, labels: undefined.x }", TypeError, "undefined"],
        ] as const
      ) {
        using loader = closing({
          cases,
          size,
          batchSize: 4,
          seed: 0,
          workers,
          transform: transformModule(body)!,
        });
        const error = await gather(loader.batches(0)).then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        if (typeof error === "string") assertEquals(error, message);
        else {
          assertInstanceOf(error, kind);
          assert(error.message.includes(message));
        }
      }
    }
  });
});

Deno.test("batches() throws when the transform changes the tile's size", async () => {
  await withCases(async (cases) => {
    for (const workers of [0, 1]) {
      using loader = closing({
        cases,
        size,
        batchSize: 4,
        seed: 0,
        workers,
        transform: transformModule(
          "return { image: { ...image, width: 31 }, labels }",
        )!,
      });
      await assertRejects(
        () => gather(loader.batches(0)),
        RangeError,
        'Cannot transform tile "fluorescence-0000@0,0": found 31×32 pixels returned, expected 32×32',
      );
    }
  });
});

Deno.test("batches() throws when the transform's module is missing or has none", async () => {
  await withCases(async (cases) => {
    for (const workers of [0, 1]) {
      const options = { cases, size, batchSize: 4, seed: 0, workers };
      using empty = closing({
        ...options,
        transform: { module: "data:text/javascript,export const other = 1" },
      });
      await assertRejects(
        () => gather(empty.batches(0)),
        TypeError,
        "found no function named transform among its exports",
      );
      using missing = closing({
        ...options,
        transform: { module: import.meta.resolve("./fixtures/absent.ts") },
      });
      await assertRejects(
        () => gather(missing.batches(0)),
        TypeError,
        "absent.ts",
      );
    }
  });
});

Deno.test("batches() throws when a worker ends on its own", async () => {
  await withCases(async (cases) => {
    using loader = closing({
      cases,
      size,
      batchSize: 4,
      seed: 0,
      workers: 2,
      transform: transformModule("Deno.exit(3)")!,
    });
    await assertRejects(
      () => gather(loader.batches(0)),
      UnetError,
      "Cannot load batch in a worker: found it ended on its own",
    );
  });
});

Deno.test("batches() throws when something fails in a worker besides the batch", async () => {
  await withCases(async (cases) => {
    using loader = closing({
      cases,
      size,
      batchSize: 4,
      seed: 0,
      workers: 1,
      transform: transformModule(
        "queueMicrotask(() => { throw new Error('later') }); return { image, labels }",
      )!,
    });
    await assertRejects(
      () => gather(loader.batches(0)),
      UnetError,
      "Cannot load batch in a worker: found Uncaught Error: later",
    );
  });
});

Deno.test("batches() can be read again after an error or an early end", async () => {
  await withCases(async (cases, folder) => {
    await Deno.rename(cases[0]!.path, join(folder, "away"));
    using loader = closing({ cases, size, batchSize: 4, seed: 0, workers: 2 });
    await assertRejects(() => gather(loader.batches(0)), FileError);
    await Deno.rename(join(folder, "away"), cases[0]!.path);
    for await (const batch of loader.batches(0)) {
      assertEquals(batch.ids.length, 4);
      break;
    }
    assertEquals((await gather(loader.batches(0))).length, loader.length);
  });
});

Deno.test("close() fails the batch waited for, and later ones", async () => {
  await withCases(async (cases) => {
    const message =
      "Cannot load batches: found the loader closed, expected close() after the last batch";
    for (const workers of [0, 2]) {
      const loader = createLoader({
        cases,
        size,
        batchSize: 4,
        seed: 0,
        workers,
      });
      const batches = loader.batches(0)[Symbol.asyncIterator]();
      await batches.next();
      loader.close();
      await assertRejects(() => batches.next(), TypeError, message);
      assertThrows(() => loader.batches(0), TypeError, message);
      loader.close();
    }
    using slow = closing({
      cases,
      size,
      batchSize: 4,
      seed: 0,
      workers: 1,
      transform: transformModule("for (;;);")!,
    });
    const waited = slow.batches(0)[Symbol.asyncIterator]().next();
    await pause(50);
    slow.close();
    await assertRejects(() => Promise.resolve(waited), TypeError, message);
  });
});

Deno.test("createLoader() lets the process end when an epoch is left early or the loader is closed", async () => {
  await withCases(async (cases) => {
    const program = (end: string) => `
      import { createLoader } from ${
      JSON.stringify(import.meta.resolve("./loader.ts"))
    };
      const loader = createLoader({
        cases: ${JSON.stringify(cases)},
        size: 32, batchSize: 4, seed: 0, workers: 2,
      });
      let seen = 0;
      for await (const batch of loader.batches(0)) {
        seen += batch.ids.length;
        ${end}
      }
      console.log(seen);
      loader.close();`;
    const ends = ["break;", "setTimeout(() => {}, 1)", "if (seen) throw seen;"];
    const results = await Promise.all(ends.map(async (end) => {
      // Not closed when left early, so that leaving itself is what ends them.
      const code = end.startsWith("set")
        ? program(end)
        : program(end).replace("loader.close();", "");
      const config = new URL("../deno.json", import.meta.url).pathname;
      const file = join(cases[0]!.path, "..", `ends-${ends.indexOf(end)}.ts`);
      await Deno.writeTextFile(file, code);
      const { code: status, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", "--no-check", "--config", config, file],
        stderr: "null",
        signal: AbortSignal.timeout(30_000),
      }).output();
      return [status, new TextDecoder().decode(stdout).trim()];
    }));
    assertEquals(results, [[0, "4"], [0, "30"], [1, ""]]);
  });
});

Deno.test("createLoader() throws when an option is out of range", async () => {
  await withCases(async (cases) => {
    const right = { cases, size, batchSize: 4, seed: 0 };
    for (
      const [wrong, message] of [
        [{ cases: [] }, "found cases 0, expected at least one"],
        [{ size: 0 }, "found size 0, expected a positive integer"],
        [{ batchSize: 1.5 }, "found batchSize 1.5, expected a positive"],
        [{ seed: NaN }, "found seed NaN, expected an integer"],
        [{ workers: -1 }, "found workers -1, expected an integer of at least"],
        [{ tilesPerEpoch: 0 }, "found tilesPerEpoch 0, expected a positive"],
        [{ prefetch: 0 }, "found prefetch 0, expected a positive integer"],
        [
          { batchSize: 31, dropLast: true },
          "found tiles 30, expected a full batch of 31",
        ],
      ] as const
    ) {
      assertThrows(
        () => createLoader({ ...right, ...wrong }),
        RangeError,
        `Cannot load batches: ${message}`,
      );
    }
    assertThrows(
      () => createLoader({ ...right, transform: { module: "./here.ts" } }),
      TypeError,
      'Cannot load transform "./here.ts": found no URL, expected one as import.meta.resolve() gives it',
    );
    using loader = closing(right);
    assertThrows(() => loader.batches(-1), RangeError, "found epoch -1");
    assertThrows(
      () => loader.batches(0, 9),
      RangeError,
      "found first batch 9, expected an integer from 0 to 8",
    );
    await Promise.resolve();
  });
});

function closing(options: LoaderOptions) {
  const loader = createLoader(options);
  return { ...loader, [Symbol.dispose]: () => loader.close() };
}

/** A transform that leaves a file for each tile it was given. */
function countingTransform(
  folder: string,
): NonNullable<LoaderOptions["transform"]> {
  return transformModule(
    "Deno.makeTempFileSync({ dir: options, prefix: 'tile-' }); return { image, labels };",
    folder,
  )!;
}

async function countTiles(folder: string): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir(folder)) {
    if (name.startsWith("tile-")) count++;
  }
  return count;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
