import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import type { Batch, DataLoader } from "@unet/data";
import { tinyLoader } from "../fixtures/tiny.ts";
import { takeBatches } from "./take_batches.ts";

async function epochOf(
  loader: DataLoader,
  ...place: [epoch: number, from?: number]
): Promise<Batch[]> {
  return await Array.fromAsync(loader.batches(...place));
}

Deno.test("takeBatches() gives a loader's epochs one after the other, up to a number", async () => {
  const loader = tinyLoader({ tiles: 3 });
  const all = [
    ...await epochOf(loader, 0),
    ...await epochOf(loader, 1),
    ...await epochOf(loader, 2),
  ];
  for (const length of [1, 2, 5, 6]) {
    const taken = takeBatches(loader, length);
    assertEquals([taken.length, taken.tiles], [length, 3]);
    assertEquals(await epochOf(taken, 0), all.slice(0, length));
    assertEquals(await epochOf(taken, 1), all.slice(0, length));
  }
});

Deno.test("takeBatches() begins at the batch that is asked for", async () => {
  const taken = takeBatches(tinyLoader({ tiles: 3 }), 5);
  const all = await epochOf(taken, 0);
  for (const from of [0, 1, 4, 5]) {
    assertEquals(await epochOf(taken, 0, from), all.slice(from));
  }
});

Deno.test("takeBatches() asks for no batch beyond its number", async () => {
  let asked = 0;
  const loader: DataLoader = {
    ...tinyLoader(),
    async *batches(epoch) {
      for await (const batch of tinyLoader().batches(epoch)) {
        asked++;
        yield batch;
      }
    },
  };
  await epochOf(takeBatches(loader, 3), 0);
  assertEquals(asked, 3);
});

Deno.test("takeBatches() refuses a loader that gives none, and a length below 1", async () => {
  await assertRejects(
    () => epochOf(takeBatches(tinyLoader({ tiles: 0 }), 2), 0),
    RangeError,
    'Cannot take batches of "loader": found none in epoch 0, expected one or more',
  );
  for (const length of [0, 1.5, NaN]) {
    assertThrows(() => takeBatches(tinyLoader(), length), RangeError);
  }
});
