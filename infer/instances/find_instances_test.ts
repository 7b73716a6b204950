import { assert, assertEquals } from "@std/assert";
import { findInstances } from "./find_instances.ts";
import fixture from "./fixtures/watersheds.json" with { type: "json" };
import { labelsOf } from "./labels_of.ts";

/** A byte a pixel. */
function unpacked(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function hundredths(text: string): Float32Array {
  return Float32Array.from(unpacked(text), (value) => Math.fround(value / 100));
}

for (const [index, { width, height, ...each }] of fixture.cases.entries()) {
  const { boundary, options } = each;
  const described = Object.entries({ ...options, borders: boundary !== null })
    .map(([name, value]) => `${name} ${value}`).join(", ");
  Deno.test(`findInstances() finds what scikit-image does: ${described}`, () => {
    const planes = {
      object: hundredths(each.probability),
      ...(boundary !== null && { border: hundredths(boundary) }),
    };
    const found = findInstances({ width, height, planes }, options);
    const { data } = labelsOf(found, width, height);
    const expected = unpacked(each.labels);
    // Numbered in another order, so that the first pixel identifies a number.
    const names = new Map<number, number>();
    let different = 0;
    for (const [at, label] of expected.entries()) {
      if (label !== 0 && !names.has(label)) names.set(label, data[at]!);
      if ((names.get(label) ?? 0) !== data[at]) different++;
    }
    assertEquals(found.length, names.size);
    assert(found.length > 3, `${index}`);
    // Where two floods meet, equal heights may go to either.
    assert(different <= 0.005 * data.length, `${different} pixels differ`);
  });
}
