import { assert, assertEquals, assertThrows } from "@std/assert";
import { DatasetError } from "@unet/errors";
import { createRandom, shuffle } from "@unet/random";
import fc from "fast-check";
import { type Split, splitDataset } from "./split.ts";

type Case = { id: string; modality: string };

function casesOf(counts: Record<string, number>): Case[] {
  return Object.entries(counts).flatMap(([modality, count]) =>
    Array.from({ length: count }, (_, index) => ({
      id: `${modality}-${index}`,
      modality,
    }))
  );
}

function count(ids: string[], modality: string): number {
  return ids.filter((id) => id.startsWith(`${modality}-`)).length;
}

const strata = fc.dictionary(
  fc.constantFrom("fluorescence", "stained", "brightfield", "other"),
  fc.integer({ min: 1, max: 60 }),
  { minKeys: 1 },
);
const seeds = fc.integer();

Deno.test("splitDataset() puts every image into exactly one part", () => {
  const shares = fc.double({ min: 0, max: 0.49, noNaN: true });
  fc.assert(fc.property(
    strata,
    shares,
    shares,
    seeds,
    (counts, validation, test, seed) => {
      const cases = casesOf(counts);
      fc.pre(cases.length >= 3);
      const split = splitDataset(cases, { validation, test, seed });
      assertEquals(
        [...split.train, ...split.validation, ...split.test].sort(),
        cases.map(({ id }) => id).sort(),
      );
      assert(split.train.length >= 1);
      assertEquals(split.validation.length > 0, validation > 0);
      assertEquals(split.test.length > 0, test > 0);
    },
  ));
});

Deno.test("splitDataset() keeps the total, and each modality's share within one", () => {
  const shares = fc.double({ min: 0.01, max: 0.9, noNaN: true });
  fc.assert(fc.property(strata, shares, seeds, (counts, validation, seed) => {
    const cases = casesOf(counts);
    const most = cases.length - 1;
    fc.pre(most >= 1 && Math.round(cases.length * validation) <= most);
    const split = splitDataset(cases, { validation, seed });
    assertEquals(
      split.validation.length,
      Math.max(1, Math.round(cases.length * validation)),
    );
    for (const [modality, size] of Object.entries(counts)) {
      const held = count(split.validation, modality);
      assert(Math.abs(held - size * validation) <= 1 + 1e-9);
    }
  }));
});

Deno.test("splitDataset() keeps shares within one when it makes three parts", () => {
  fc.assert(fc.property(strata, seeds, (counts, seed) => {
    const cases = casesOf(counts);
    fc.pre(cases.length >= 10);
    const split = splitDataset(cases, { validation: 0.2, test: 0.1, seed });
    assertEquals(split.validation.length, Math.round(cases.length * 0.2));
    assertEquals(split.test.length, Math.round(cases.length * 0.1));
    for (const [modality, size] of Object.entries(counts)) {
      assert(Math.abs(count(split.test, modality) - size * 0.1) <= 1);
      assert(Math.abs(count(split.validation, modality) - size * 0.2) <= 1);
    }
  }));
});

Deno.test("splitDataset() gives the same split when the order of the images differs", () => {
  fc.assert(fc.property(strata, seeds, (counts, seed) => {
    const cases = casesOf({ ...counts, more: 2 });
    const options = { validation: 0.25, seed };
    assertEquals(
      splitDataset(shuffle(cases, createRandom(seed)), options),
      splitDataset(cases, options),
    );
  }));
});

Deno.test("splitDataset() gives another split when the seed differs", () => {
  const cases = casesOf({ fluorescence: 40 });
  const held = (seed: number) =>
    splitDataset(cases, { validation: 0.25, seed }).validation.join();
  assertEquals(new Set([0, 1, 2, 3, 4].map(held)).size, 5);
});

Deno.test("splitDataset() leaves other images nearly in place when one joins", () => {
  const cases = casesOf({ fluorescence: 100, stained: 20 });
  const more = [...cases, { id: "new", modality: "fluorescence" }];
  const options = { validation: 0.2, seed: 3 };
  const before = new Set(splitDataset(cases, options).validation);
  const after = splitDataset(more, options).validation;
  assert(after.filter((id) => !before.has(id)).length <= 1);
});

Deno.test("splitDataset() serves a small modality first, a single image last", () => {
  const split = splitDataset(
    casesOf({ fluorescence: 99, stained: 2, brightfield: 1 }),
    { validation: 0.2, seed: 0 },
  );
  assertEquals(count(split.validation, "fluorescence"), 19);
  assertEquals(count(split.validation, "stained"), 1);
  assertEquals(count(split.train, "brightfield"), 1);
});

Deno.test("splitDataset() trains on everything when nothing is held out", () => {
  assertEquals(
    splitDataset(casesOf({ stained: 1 }), { validation: 0, seed: 0 }),
    { train: ["stained-0"], validation: [], test: [] } satisfies Split,
  );
});

Deno.test("splitDataset() gives the split of before where no images are identical", () => {
  fc.assert(fc.property(strata, seeds, (counts, seed) => {
    const cases = casesOf({ ...counts, more: 3 });
    const options = { validation: 0.2, test: 0.1, seed };
    assertEquals(
      splitDataset(cases.map((one) => ({ ...one, content: one.id })), options),
      splitDataset(cases, options),
    );
  }));
});

Deno.test("splitDataset() gives the split that it gave for stored runs", () => {
  const cases = casesOf({ fluorescence: 12, stained: 5 });
  const fluorescence = (...numbers: number[]) =>
    numbers.map((number) => `fluorescence-${number}`);
  const stained = (...numbers: number[]) =>
    numbers.map((number) => `stained-${number}`);
  assertEquals(splitDataset(cases, { validation: 0.2, test: 0.1, seed: 7 }), {
    train: [...fluorescence(0, 10, 11, 2, 4, 5, 7, 8, 9), ...stained(2, 3, 4)],
    validation: [...fluorescence(3, 6), ...stained(0)],
    test: [...fluorescence(1), ...stained(1)],
  });
});

Deno.test("splitDataset() keeps identical images in one part, and the parts' shares of different ones", () => {
  fc.assert(fc.property(
    strata,
    fc.integer({ min: 1, max: 4 }),
    seeds,
    (counts, copies, seed) => {
      const originals = casesOf({ ...counts, more: 2 });
      const cases = originals.flatMap(({ id, modality }, at) =>
        Array.from({ length: at % 3 === 0 ? copies : 1 }, (_, copy) => ({
          id: copy === 0 ? id : `${id}-copy${copy}`,
          modality,
          content: id,
        }))
      );
      const options = { validation: 0.25, seed };
      const split = splitDataset(shuffle(cases, createRandom(seed)), options);
      const parts = [split.train, split.validation];
      assertEquals(parts.flat().sort(), cases.map(({ id }) => id).sort());
      for (const { id, content } of cases) {
        const part = parts.find((ids) => ids.includes(id))!;
        assert(part.includes(content), `${id} without ${content}`);
      }
      const isOriginal = (id: string) => !id.includes("-copy");
      const plain = splitDataset(originals, options);
      assertEquals(split.validation.filter(isOriginal), plain.validation);
      assertEquals(split.train.filter(isOriginal), plain.train);
    },
  ));
});

Deno.test("splitDataset() throws when the images are all the same", () => {
  const cases = casesOf({ stained: 3 })
    .map((one) => ({ ...one, content: "same" }));
  assertThrows(
    () => splitDataset(cases, { validation: 0.2, seed: 0 }),
    DatasetError,
    "found 3 images with 1 different content, expected at least 2; add images",
  );
});

Deno.test("splitDataset() throws when there are fewer images than parts", () => {
  assertThrows(
    () => splitDataset(casesOf({ stained: 1 }), { validation: 0.2, seed: 0 }),
    DatasetError,
    'Cannot split dataset into "train, validation": found 1 image, expected at least 2; add images, or cut large ones into several files',
  );
  assertThrows(
    () =>
      splitDataset(casesOf({ stained: 2 }), {
        validation: 0.2,
        test: 0.2,
        seed: 0,
      }),
    DatasetError,
    "found 2 images, expected at least 3",
  );
  assertThrows(
    () => splitDataset([], { validation: 0, seed: 0 }),
    DatasetError,
    "found 0 images, expected at least 1",
  );
});

Deno.test("splitDataset() throws when a share, an id or the seed is wrong", () => {
  const cases = casesOf({ stained: 5 });
  for (const validation of [-0.1, 1, NaN]) {
    assertThrows(
      () => splitDataset(cases, { validation, seed: 0 }),
      RangeError,
      `Cannot split dataset: found validation ${validation}, expected a share in [0, 1)`,
    );
  }
  assertThrows(
    () => splitDataset(cases, { validation: 0.5, test: 0.5, seed: 0 }),
    RangeError,
    "found validation 0.5 and test 0.5, expected less than 1 together",
  );
  assertThrows(
    () => splitDataset([...cases, ...cases], { validation: 0.2, seed: 0 }),
    RangeError,
    'Cannot split dataset with image "stained-0": found it twice, expected unique ids',
  );
  assertThrows(
    () => splitDataset(cases, { validation: 0.2, seed: 0.5 }),
    RangeError,
    "found 0.5, expected an integer",
  );
});
