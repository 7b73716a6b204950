import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Labels } from "@unet/data";
import { labelComponents } from "@unet/data/label-components";
import { unlabeled } from "@unet/data/class-target";
import { applyChange, boxOfChange, reversed, revertChange } from "./change.ts";
import { type Operation, perform } from "./operation.ts";

const width = 24, height = 18;

const empty = (): Labels => ({
  ...{ width, height },
  data: new Uint32Array(width * height),
});

/** Labels as text: a letter each, `.` for background, `?` for unlabeled. */
function drawn(text: string): Labels {
  const rows = text.trim().split("\n").map((row) => row.trim());
  const data = rows.flatMap((row) =>
    [...row].map((each) =>
      each === "." ? 0 : each === "?" ? unlabeled : each.charCodeAt(0) - 64
    )
  );
  const size = { width: rows[0]!.length, height: rows.length };
  return { ...size, data: new Uint32Array(data) };
}

function asText({ width, data }: Labels): string {
  const letters = [...data].map((label) =>
    label === 0
      ? "."
      : label === unlabeled
      ? "?"
      : String.fromCharCode(64 + label)
  );
  return letters.join("").match(new RegExp(`.{${width}}`, "g"))!.join("\n");
}

function after(text: string, operation: Operation, next = 26): string {
  const labels = drawn(text);
  perform(labels, operation, next);
  return asText(labels);
}

const lines = (text: string) =>
  text.trim().split("\n").map((row) => row.trim()).join("\n");

const label = fc.oneof(
  fc.constantFrom(0, 0, unlabeled),
  fc.integer({ min: 1, max: 4 }),
);
const masks = fc.array(label, {
  minLength: width * height,
  maxLength: width * height,
}).map((data): Labels => ({ width, height, data: new Uint32Array(data) }));
const point = fc.tuple(
  fc.integer({ min: -5, max: width + 5 }),
  fc.integer({ min: -5, max: height + 5 }),
);
const points = fc.array(point, { minLength: 1, maxLength: 6 })
  .map((pairs) => pairs.flat());
const as = fc.constantFrom("object", "background", "unlabeled");
const operations: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    ...{ tool: fc.constant("brush"), points, as, over: fc.boolean() },
    size: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({ tool: fc.constant("polygon"), points, as, over: fc.boolean() }),
  fc.record({
    tool: fc.constantFrom("split", "merge", "delete", "fill"),
    points,
  }),
  fc.record({
    tool: fc.constant("rest"),
    as: fc.constantFrom("background", "unlabeled"),
  }),
) as fc.Arbitrary<Operation>;

Deno.test("perform() notes all that it changes: undone, it is as before; made again, as after", () => {
  fc.assert(fc.property(masks, operations, (labels, operation) => {
    const before = labels.data.slice();
    const { change, note } = perform(labels, operation, 5);
    const now = labels.data.slice();
    assertEquals(note === undefined, change.length > 0);
    revertChange(labels, change);
    assertEquals(labels.data, before);
    applyChange(labels, change);
    assertEquals(labels.data, now);
    applyChange(labels, reversed(change));
    assertEquals(labels.data, before);
    const box = boxOfChange(change, width);
    for (let at = 0; at < now.length; at++) {
      if (now[at] === before[at]) continue;
      const x = at % width, y = Math.floor(at / width);
      assert(box && x >= box.x && y >= box.y);
      assert(x < box.x + box.width && y < box.y + box.height);
    }
  }));
});

Deno.test("a brush paints the pixels within half its size of its line, and no others", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(points, size, (points, size) => {
    const labels = empty();
    perform(labels, {
      ...{ tool: "brush", points, size, as: "object", over: false },
    }, 1);
    for (let at = 0; at < labels.data.length; at++) {
      const pixel = [at % width, Math.floor(at / width)] as const;
      const distance = distanceTo(points, pixel);
      // Rounding decides what lies exactly on the rim.
      if (Math.abs(distance - size / 2) < 1e-6) continue;
      assertEquals(labels.data[at], distance < size / 2 ? 1 : 0);
    }
  }));
});

/** The distance of a pixel to a line, by trying all of its pieces. */
function distanceTo(
  points: readonly number[],
  [x, y]: readonly [number, number],
): number {
  let least = Infinity;
  for (let at = 0; at < points.length; at += 2) {
    const [ax, ay, bx, by] = points.slice(Math.max(0, at - 2)).concat(points);
    const [cx, cy] = at === 0 ? [ax!, ay!] : [bx!, by!];
    const length = (cx - ax!) ** 2 + (cy - ay!) ** 2;
    const along = length === 0
      ? 0
      : ((x - ax!) * (cx - ax!) + (y - ay!) * (cy - ay!)) / length;
    const share = Math.min(1, Math.max(0, along));
    least = Math.min(
      least,
      Math.hypot(x - ax! - share * (cx - ax!), y - ay! - share * (cy - ay!)),
    );
  }
  return least;
}

Deno.test("an eraser leaves nothing where a brush painted", () => {
  const size = fc.integer({ min: 1, max: 9 });
  fc.assert(fc.property(points, size, (points, size) => {
    const labels = empty();
    const stroke = { tool: "brush", points, size, over: false } as const;
    perform(labels, { ...stroke, as: "object" }, 1);
    perform(labels, { ...stroke, as: "background" }, 2);
    assert(labels.data.every((label) => label === 0));
  }));
});

Deno.test("a brush continues the object on which it begins, and spares others unless asked", () => {
  const before = `
    AA...
    AA.BB
    ...BB`;
  const tool = "brush", points = [1, 1, 4, 1];
  const stroke = { tool, points, size: 1, as: "object" } as const;
  assertEquals(
    after(before, { ...stroke, over: false }),
    lines(`
    AA...
    AAABB
    ...BB`),
  );
  assertEquals(
    after(before, { ...stroke, over: true }),
    lines(`
    AA...
    AAAAA
    ...BB`),
  );
  assertEquals(
    after(before, { ...stroke, points: [2, 0, 4, 0], over: false }, 3),
    lines(`
    AACCC
    AA.BB
    ...BB`),
  );
});

Deno.test("a polygon is a new object with its corners, whichever way it turns", () => {
  const expected = lines(`
    .....
    .CCC.
    .CCA.
    ..C..`);
  const before = `
    .....
    .....
    ...A.
    .....`;
  const polygon = { tool: "polygon", as: "object", over: false } as const;
  const points = [1, 1, 3, 1, 3, 2, 2, 3, 1, 2];
  assertEquals(after(before, { ...polygon, points }, 3), expected);
  const turned = [1, 2, 2, 3, 3, 2, 3, 1, 1, 1];
  assertEquals(after(before, { ...polygon, points: turned }, 3), expected);
});

Deno.test("a polygon fills whatever its outline winds around", () => {
  const around = fc.array(point, { minLength: 3, maxLength: 8 });
  fc.assert(fc.property(around, (corners) => {
    const labels = empty();
    const points = corners.flat();
    perform(labels, { tool: "polygon", points, as: "object", over: false }, 1);
    for (let at = 0; at < labels.data.length; at++) {
      const x = at % width, y = Math.floor(at / width);
      const distance = distanceTo([...points, ...points.slice(0, 2)], [x, y]);
      // The outline itself has a width.
      if (distance < 1) continue;
      const isInside = turnsAround(corners, [x, y]) !== 0;
      assertEquals(labels.data[at], isInside ? 1 : 0, `${x}, ${y}`);
    }
  }));
});

/** How often corners wind around a point, by the sum of the angles. */
function turnsAround(
  corners: readonly (readonly [number, number])[],
  [x, y]: readonly [number, number],
): number {
  let sum = 0;
  corners.forEach(([ax, ay], at) => {
    const [bx, by] = corners[(at + 1) % corners.length]!;
    const one = Math.atan2(ay - y, ax - x), other = Math.atan2(by - y, bx - x);
    const turn = other - one;
    sum += turn - 2 * Math.PI * Math.round(turn / (2 * Math.PI));
  });
  return Math.round(sum / (2 * Math.PI));
}

Deno.test("split makes two parts of one, which together are what it was", () => {
  const box = fc.record({
    x: fc.integer({ min: 0, max: 8 }),
    y: fc.integer({ min: 0, max: 6 }),
    right: fc.integer({ min: 13, max: width }),
    bottom: fc.integer({ min: 11, max: height }),
  });
  fc.assert(fc.property(box, fc.nat(), fc.nat(), (box, above, below) => {
    const labels = empty();
    for (let y = box.y; y < box.bottom; y++) {
      labels.data.fill(3, y * width + box.x, y * width + box.right);
    }
    const before = labels.data.slice();
    // From above to below, with two columns or more on either side.
    const room = box.right - box.x - 4;
    const columns = [above, below].map((each) => box.x + 2 + each % room);
    perform(labels, {
      tool: "split",
      points: [columns[0]!, box.y - 2, columns[1]!, box.bottom + 2],
    }, 7);
    assertEquals(new Set(labels.data.filter(Boolean)), new Set([3, 7]));
    assertEquals(labels.data.map((label) => label ? 3 : 0), before);
    for (const label of [3, 7]) {
      const isPart = labels.data.map((each) => each === label ? 1 : 0);
      assertEquals(Math.max(...labelComponents(isPart, width, height).data), 1);
    }
  }));
});

Deno.test("split leaves an object that the line does not cross, and parts that it does not touch", () => {
  const before = `
    AAAA..
    AAAA..
    AAAA..
    .....A`;
  const split = (...points: number[]) =>
    after(before, { tool: "split", points }, 3);
  assertEquals(split(1, 0, 1, 1), lines(before));
  assertEquals(
    split(-1, 1, 5, 1),
    lines(`
    AAAA..
    AAAA..
    CCCC..
    .....A`),
  );
});

Deno.test("merge gives the objects along a line the number of the first", () => {
  const before = `
    A.B.C
    A.B.C`;
  assertEquals(
    after(before, { tool: "merge", points: [2, 0, 0, 0] }),
    lines(`
    B.B.C
    B.B.C`),
  );
  const { note } = perform(
    drawn(before),
    { tool: "merge", points: [0, 0] },
    9,
  );
  assertEquals(note, "Draw from one object to another to merge them.");
});

Deno.test("delete removes whole objects, and fill closes their holes alone", () => {
  const before = `
    AAAA.
    A..A?
    A.BA.
    AAAAB
    CC.CC`;
  assertEquals(
    after(before, { tool: "delete", points: [2, 2] }),
    lines(`
    AAAA.
    A..A?
    A..A.
    AAAA.
    CC.CC`),
  );
  assertEquals(
    after(before, { tool: "fill", points: [0, 0, 0, 4] }),
    lines(`
    AAAA.
    AAAA?
    AABA.
    AAAAB
    CC.CC`),
  );
});

Deno.test("rest makes background unlabeled and back, and leaves objects", () => {
  const before = `
    AA.
    .B.`;
  const unlabeledRest = after(before, { tool: "rest", as: "unlabeled" });
  assertEquals(
    unlabeledRest,
    lines(`
    AA?
    ?B?`),
  );
  assertEquals(
    after(unlabeledRest, { tool: "rest", as: "background" }),
    lines(before),
  );
});
