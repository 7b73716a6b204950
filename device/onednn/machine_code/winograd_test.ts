import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Machine } from "../_machine.ts";
import type { MemoryPool } from "../_memory_pool.ts";
import { findOnednn } from "../find_library.ts";
import { areLargeKernels, suitsWinograd } from "./suits_winograd.ts";
import {
  areJoinable,
  type Features,
  type Sources,
  stripWidth,
} from "./winograd_geometry.ts";

type Shape = readonly [number, number, number, number];

const found = await findOnednn();
const machine = found &&
  new Machine(found.path, { precision: "float32", winograd: true });
const winograd = machine?.winograd ?? null;
const skipped = winograd ? "" : ", but is skipped: no oneDNN with AVX-512";

/** Even, odd, in blocks or not; whole strips and parts of them. */
const geometries = fc.record({
  images: fc.integer({ min: 1, max: 3 }),
  rows: fc.integer({ min: 1, max: 9 }),
  columns: fc.integer({ min: 1, max: 21 }),
  inputs: fc.constantFrom(8, 16, 24, 32, 48),
  outputs: fc.constantFrom(8, 16, 24, 32, 48),
  seed: fc.integer(),
}).filter(({ images, rows, columns, inputs, outputs }) =>
  suitsWinograd([images, 4 * rows, 4 * columns, inputs], outputs)
);

Deno.test({
  name: `Winograd's output and gradients are those of plain loops${skipped}`,
  ignore: !winograd,
  fn() {
    fc.assert(
      fc.property(
        geometries,
        ({ images: n, rows, columns, inputs, outputs, seed }) => {
          const h = 4 * rows, w = 4 * columns;
          const random = noise(seed);
          const x = draw([n, h, w, inputs], random);
          const dy = draw([n, h, w, outputs], random);
          const kernel = random(9 * inputs * outputs);
          const bias = random(outputs);
          const expected = plain(x, dy, kernel, bias);
          const found = byWinograd(x, dy, kernel, bias);
          close(found.y, expected.y, 3e-5);
          close(found.relu, expected.y.map((v) => Math.max(0, v)), 3e-5);
          close(found.dx, expected.dx, 3e-5);
          close(found.dkernel, expected.dkernel, 1e-4);
          // Kernels that are transformed meanwhile give the same bits.
          assertEquals(found.atOnce, [found.y, found.relu, found.dx]);
        },
      ),
      { numRuns: 40 },
    );
  },
});

Deno.test({
  name: `Winograd reads zeros beyond the image for any channels${skipped}`,
  ignore: !winograd,
  fn() {
    // What lies behind too few zeros is not zero.
    const junk = machine!.pool.take(2 ** 20);
    machine!.pool.upload(junk.pointer, new Float32Array(2 ** 18).fill(1e30));
    machine!.pool.give(junk);
    for (const [inputs, outputs] of [[8, 264], [264, 8]] as const) {
      const random = noise(inputs);
      const x = draw([1, 8, 64, inputs], random);
      const dy = draw([1, 8, 64, outputs], random);
      const kernel = random(9 * inputs * outputs), bias = random(outputs);
      const expected = plain(x, dy, kernel, bias);
      const found = byWinograd(x, dy, kernel, bias);
      close(found.y, expected.y, 3e-5);
      close(found.dx, expected.dx, 3e-5);
      close(found.dkernel, expected.dkernel, 1e-4);
    }
  },
});

Deno.test({
  name:
    `Winograd reads two tensors with the bits of one that is joined of them${skipped}`,
  ignore: !winograd,
  fn() {
    const channels = fc.constantFrom(
      ...[[8, 16], [16, 8], [16, 16], [32, 16], [16, 48], [8, 48]] as const,
    );
    fc.assert(
      fc.property(
        geometries,
        channels,
        ({ images: n, rows, columns, outputs, seed }, [first, second]) => {
          const h = 4 * rows, w = 4 * columns, inputs = first + second;
          fc.pre(suitsWinograd([n, h, w, inputs], outputs));
          const random = noise(seed);
          const x = draw([n, h, w, inputs], random);
          const dy = draw([n, h, w, outputs], random);
          const kernel = random(9 * inputs * outputs);
          const bias = random(outputs);
          const joined = byWinograd(x, dy, kernel, bias);
          const apart = byWinograd(x, dy, kernel, bias, first);
          assertEquals(apart, joined);
        },
      ),
      { numRuns: 40 },
    );
  },
});

Deno.test("areJoinable() wants whole vectors of each, of the length that all together have", () => {
  const joinable = [[8, 16], [16, 16], [24, 32], [8, 8], [24, 8], [12, 16]]
    .map(([first, second]) => areJoinable(first!, second!));
  assertEquals(joinable, [true, true, true, false, false, false]);
});

Deno.test("kernels are large where many meet few windows, and each thread gets some", () => {
  const large = ([
    [[8, 8, 8, 1024], 1024, 1],
    [[8, 16, 16, 512], 512, 8],
    [[8, 16, 16, 512], 512, 9],
    [[16, 32, 32, 512], 512, 1],
    [[8, 16, 16, 256], 512, 1],
  ] as const).map(([shape, outputs, threads]) =>
    areLargeKernels(shape, outputs, threads)
  );
  assertEquals(large, [true, true, false, false, false]);
});

Deno.test("stripWidth() makes as many strips as the most windows would, and no wider ones than they need", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), (columns) => {
      const most = stripWidth(columns);
      const rows = (width: number) => Math.max(1, Math.floor(width / columns));
      assertEquals(Math.ceil(columns / most), Math.ceil(columns / 16));
      assertEquals(rows(most), rows(16));
      assert(most <= 16 && most % 2 === 0);
      const narrower = most - 2;
      assert(
        Math.ceil(columns / narrower) > Math.ceil(columns / 16) ||
          rows(narrower) < rows(16) || narrower < columns && columns <= 16,
      );
    }),
  );
  assertEquals([80, 40, 20, 10, 5, 64].map(stripWidth), [
    16,
    14,
    10,
    10,
    16,
    16,
  ]);
});

interface Plane {
  readonly shape: Shape;
  readonly values: Float32Array<ArrayBuffer>;
}

function draw(
  shape: Shape,
  random: (count: number) => Float32Array<ArrayBuffer>,
): Plane {
  return { shape, values: random(shape.reduce((a, b) => a * b, 1)) };
}

function noise(seed: number): (count: number) => Float32Array<ArrayBuffer> {
  let state = seed | 0;
  const next = (): number => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32 - 0.5;
  };
  return (count) => Float32Array.from({ length: count }, next);
}

function close(
  found: Float32Array,
  expected: Float32Array,
  tolerance: number,
): void {
  const largest = expected.reduce((a, b) => Math.max(a, Math.abs(b)), 1);
  found.forEach((value, i) =>
    assert(
      Math.abs(value - expected[i]!) <= tolerance * largest,
      `${value} at ${i}, expected ${expected[i]}`,
    )
  );
}

/** Some channels of a tensor. */
function channelsOf({ shape, values }: Plane, from: number, to: number): Plane {
  const [n, h, w, c] = shape;
  const some = values.filter((_, at) => at % c >= from && at % c < to);
  return { shape: [n, h, w, to - from], values: some };
}

/** All three passes by their definition. */
function plain(
  x: Plane,
  dy: Plane,
  kernel: Float32Array,
  bias: Float32Array,
) {
  const [n, h, w, inputs] = x.shape, outputs = dy.shape[3];
  const y = new Float32Array(dy.values.length);
  const dx = new Float32Array(x.values.length);
  const dkernel = new Float64Array(kernel.length);
  for (let row = 0; row < n * h; row++) {
    for (let column = 0; column < w; column++) {
      const to = (row * w + column) * outputs;
      y.set(bias, to);
      for (let tap = 0; tap < 9; tap++) {
        const up = Math.floor(tap / 3) - 1, left = tap % 3 - 1;
        const line = row % h + up, place = column + left;
        if (line < 0 || line >= h || place < 0 || place >= w) continue;
        const from = ((row + up) * w + place) * inputs;
        for (let i = 0; i < inputs; i++) {
          for (let o = 0; o < outputs; o++) {
            const at = (tap * inputs + i) * outputs + o;
            y[to + o]! += x.values[from + i]! * kernel[at]!;
            dx[from + i]! += dy.values[to + o]! * kernel[at]!;
            dkernel[at]! += dy.values[to + o]! * x.values[from + i]!;
          }
        }
      }
    }
  }
  return { y, dx, dkernel: Float32Array.from(dkernel) };
}

function byWinograd(
  x: Plane,
  dy: Plane,
  kernel: Float32Array<ArrayBuffer>,
  bias: Float32Array<ArrayBuffer>,
  first = x.shape[3],
) {
  const inputs = x.shape[3], outputs = dy.shape[3];
  const blocks: ReturnType<MemoryPool["take"]>[] = [];
  const take = (bytes: number): bigint => {
    const block = machine!.pool.take(bytes);
    blocks.push(block);
    return block.pointer;
  };
  const upload = (values: Float32Array<ArrayBuffer>): bigint => {
    const pointer = take(values.byteLength);
    machine!.pool.upload(pointer, values);
    return pointer;
  };
  const stored = (plane: Plane): Features => {
    const blocked = plane.shape[3] % 16 === 0;
    const { shape } = plane;
    return {
      shape,
      blocked,
      address: upload(blocked ? blocksOf(plane) : plane.values),
    };
  };
  const empty = (shape: Shape): Features => ({
    shape,
    blocked: shape[3] % 16 === 0,
    address: take(4 * shape.reduce((a, b) => a * b, 1)),
  });
  const read = ({ shape, blocked, address }: Features) => {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    machine!.pool.download(address, values);
    return blocked ? rowsOf({ shape, values }) : values;
  };
  try {
    const kernels = { address: upload(kernel), inputs, outputs };
    const forward = take(winograd!.turnedBytes(kernels));
    const data = take(winograd!.turnedBytes(kernels));
    winograd!.turn(kernels, "forward", forward);
    winograd!.turn(kernels, "data", data);
    const from: Sources = first === inputs ? [stored(x)] : [
      stored(channelsOf(x, 0, first)),
      stored(channelsOf(x, first, inputs)),
    ];
    const gradient = stored(dy);
    const y = empty(dy.shape), relu = empty(dy.shape), dx = empty(x.shape);
    const address = upload(bias), to = take(4 * kernel.length);
    winograd!.convolve(from, y, {
      kernel: forward,
      bias: address,
      relu: false,
    });
    winograd!.convolve(from, relu, {
      kernel: forward,
      bias: address,
      relu: true,
    });
    winograd!.convolve([gradient], dx, {
      kernel: data,
      bias: null,
      relu: false,
    });
    winograd!.gradient(from, gradient, to);
    const atOnce = ([
      { sources: from, shape: dy.shape, bias: address, relu: false },
      { sources: from, shape: dy.shape, bias: address, relu: true },
      { sources: [gradient], shape: x.shape, bias: null, relu: false },
    ] as const).map(({ sources, shape, bias, relu }) => {
      const target = empty(shape);
      const direction = bias === null ? "data" : "forward";
      const options = { kernels, direction, bias, relu } as const;
      winograd!.turnAndConvolve(sources, target, options);
      return read(target);
    });
    const dkernel = new Float32Array(kernel.length);
    machine!.pool.download(to, dkernel);
    return { y: read(y), relu: read(relu), dx: read(dx), dkernel, atOnce };
  } finally {
    for (const block of blocks) machine!.pool.give(block);
  }
}

function blocksOf({ shape: [n, h, w, c], values }: Plane) {
  const blocked = new Float32Array(values.length);
  eachPlace([n, h, w, c], (row, block) => blocked[block] = values[row]!);
  return blocked;
}

function rowsOf({ shape, values }: Plane) {
  const rows = new Float32Array(values.length);
  eachPlace(shape, (row, block) => rows[row] = values[block]!);
  return rows;
}

function eachPlace(
  [n, h, w, c]: Shape,
  visit: (row: number, block: number) => void,
): void {
  for (let image = 0; image < n; image++) {
    for (let pixel = 0; pixel < h * w; pixel++) {
      for (let channel = 0; channel < c; channel++) {
        const block = image * c / 16 + (channel >> 4);
        visit(
          (image * h * w + pixel) * c + channel,
          (block * h * w + pixel) * 16 + channel % 16,
        );
      }
    }
  }
}
