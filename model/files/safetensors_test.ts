import {
  assertEquals,
  assertInstanceOf,
  assertLess,
  assertThrows,
} from "@std/assert";
import { ModelError } from "@unet/errors";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import stored from "../fixtures/safetensors.json" with { type: "json" };
import {
  sampleMetadata,
  sampleTensors,
} from "../fixtures/write_safetensors_sample.ts";
import {
  type FloatTensor,
  floatValues,
  isFloating,
  parseSafetensors,
  type SafetensorsView,
  serializeSafetensors,
} from "./safetensors.ts";

type StoredTensors = Record<string, { shape: number[]; values: string[] }>;

function join(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}

/** A file with that header, as text or as JSON, and that many bytes after it. */
function fileOf(header: unknown, bodyBytes = 0): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const encoded = new TextEncoder().encode(text);
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setBigUint64(0, BigInt(encoded.length), true);
  return join([prefix, encoded, new Uint8Array(bodyBytes).fill(1)]);
}

function refusal(bytes: Uint8Array): string {
  const error = assertThrows(() => parseSafetensors(bytes, "x"), ModelError);
  const start = 'Cannot read safetensors file "x": found ';
  assertEquals(error.message.slice(0, start.length), start);
  return error.message.slice(start.length);
}

function fixture(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return Deno.readFile(
    new URL(`../fixtures/${name}.safetensors`, import.meta.url),
  );
}

const sample = join(serializeSafetensors(sampleTensors, sampleMetadata));

/** Names that objects of JavaScript treat in their own way, among others. */
const names = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.constantFrom("__proto__", "constructor", "toString", "0", "7", ""),
);
const floatTensors: fc.Arbitrary<FloatTensor> = fc
  .array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })
  .chain((shape) => {
    const length = shape.reduce((product, size) => product * size, 1);
    return fc.float32Array({ minLength: length, maxLength: length })
      .map((values) => ({ shape, values }));
  });

Deno.test("parseSafetensors() reads what serializeSafetensors() writes, whatever the names", () => {
  fc.assert(fc.property(
    fc.array(fc.tuple(names, floatTensors), { maxLength: 5 }),
    fc.dictionary(names, fc.string({ unit: "grapheme" })),
    (entries, metadata) => {
      const tensors = new Map(entries);
      const bytes = join(serializeSafetensors(tensors, metadata));
      const file = parseSafetensors(bytes, "x");
      assertEquals(
        Object.entries(file.metadata).sort(),
        Object.entries(metadata).sort(),
      );
      assertEquals(file.tensors.size, tensors.size);
      for (const [name, { shape, values }] of tensors) {
        const view = file.tensors.get(name)!;
        assertEquals(view.dtype, "F32");
        assertEquals(view.shape, shape);
        assertEquals(floatValues(view), values);
      }
    },
  ));
});

Deno.test("serializeSafetensors() aligns the values to 8 bytes", () => {
  for (let length = 0; length < 9; length++) {
    const [head] = serializeSafetensors(new Map(), {
      note: "x".repeat(length),
    });
    assertEquals(head!.length % 8, 0);
  }
});

Deno.test("serializeSafetensors() writes files that Python reads", async () => {
  // Byte for byte the file whose values, read by Python, are stored.
  assertEquals(sample, await fixture("written"));
  const read: StoredTensors = stored.written.tensors;
  assertEquals(Object.keys(read).sort(), [...sampleTensors.keys()].sort());
  for (const [name, { shape, values }] of Object.entries(read)) {
    const tensor = sampleTensors.get(name)!;
    assertEquals(shape, tensor.shape);
    assertEquals(new Float32Array(values.map(fromPython)), tensor.values);
  }
  assertEquals<Record<string, string>>(stored.written.metadata, {
    ...sampleMetadata,
  });
});

Deno.test("parseSafetensors() reads files that Python writes, of every dtype", async () => {
  const file = parseSafetensors(await fixture("python"), "python");
  assertEquals<Record<string, string>>(
    { ...file.metadata },
    stored.python.metadata,
  );
  const expected: StoredTensors = stored.python.tensors;
  assertEquals([...file.tensors.keys()].sort(), Object.keys(expected).sort());
  for (const [name, view] of file.tensors) {
    const { shape, values } = expected[name]!;
    assertEquals(view.shape, shape);
    if (name === "I64") {
      assertEquals(view.dtype, "I64");
      const { buffer } = new Uint8Array(view.bytes);
      assertEquals([...new BigInt64Array(buffer)], [1n, -2n, 2n ** 53n, 4n]);
    } else {
      assertEquals(
        floatValues(view),
        new Float32Array(values.map(fromPython)),
        name,
      );
    }
  }
});

function fromPython(text: string): number {
  return Number(text.replace("inf", "Infinity"));
}

Deno.test("parseSafetensors() takes a file in the middle of a buffer", () => {
  const around = new Uint8Array(sample.length + 10).fill(255);
  around.set(sample, 3);
  const file = parseSafetensors(
    around.subarray(3, 3 + sample.length),
    "x",
  );
  assertEquals([...file.tensors.keys()], [...sampleTensors.keys()]);
});

Deno.test("serializeSafetensors() refuses shapes that do not fit, and the metadata's name", () => {
  const values = new Float32Array(2);
  for (const shape of [[3], [], [-1, -2], [0.5, 4]]) {
    const error = assertThrows(
      () => serializeSafetensors(new Map([["w", { shape, values }]])),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot write tensor "w": found 2 values, expected shape [${shape}]`,
    );
  }
  const error = assertThrows(
    () =>
      serializeSafetensors(new Map([["__metadata__", { shape: [2], values }]])),
    RangeError,
  );
  assertEquals(
    error.message,
    'Cannot write tensor "__metadata__": found the name of the metadata, expected any other name',
  );
});

Deno.test("serializeSafetensors() writes views as they are, beside tensors of another type", async () => {
  const whole: SafetensorsView = {
    ...{ dtype: "I8", shape: [3], bytes: new Uint8Array([127, 129, 0]) },
  };
  const scale = { shape: [1], values: new Float32Array([0.5]) };
  const pieces = serializeSafetensors(
    new Map<string, FloatTensor | SafetensorsView>([
      ["scale", scale],
      ["whole", whole],
    ]),
    {},
    { dtype: "BF16" },
  );
  const { tensors } = parseSafetensors(await new Blob(pieces).bytes(), "x");
  assertEquals(tensors.get("whole"), whole);
  assertEquals(tensors.get("scale")!.dtype, "BF16");
  assertEquals([...floatValues(tensors.get("scale")!)], [0.5]);
  assertThrows(
    () =>
      serializeSafetensors(new Map([["whole", { ...whole, shape: [2, 2] }]])),
    RangeError,
    'Cannot write tensor "whole": found 3 values, expected shape [2,2]',
  );
});

Deno.test("parseSafetensors() refuses a file cut off at any byte", () => {
  for (let length = 0; length < sample.length; length++) {
    refusal(sample.subarray(0, length));
  }
  const longer = join([sample, new Uint8Array(1)]);
  assertEquals(
    refusal(longer),
    "1 bytes after the last tensor, expected none",
  );
});

Deno.test("parseSafetensors() refuses or reads damaged bytes, and never fails otherwise", async () => {
  const random = createRandom(2018);
  const python = await fixture("python");
  let refused = 0, read = 0;
  for (let round = 0; round < 6000; round++) {
    const bytes = (round % 2 ? sample : python).slice();
    const changes = random.integer(1, 4);
    for (let change = 0; change < changes; change++) {
      // Two in three hit the header, where all the decisions are.
      const last = random.integer(0, 2) ? 330 : bytes.length - 1;
      bytes[random.integer(0, Math.min(last, bytes.length - 1))] = random
        .integer(0, 255);
    }
    try {
      const file = parseSafetensors(bytes, "x");
      for (const view of file.tensors.values()) {
        const size = view.shape.reduce((product, one) => product * one, 1);
        assertLess(view.bytes.length, bytes.length);
        if (isFloating(view)) {
          assertEquals(floatValues(view).length, size);
        }
      }
      read++;
    } catch (error) {
      assertInstanceOf(error, ModelError);
      refused++;
    }
  }
  assertLess(1000, refused);
  assertLess(100, read);
});

Deno.test("parseSafetensors() refuses lengths of the header that the file does not have", () => {
  const withLength = (length: bigint): string => {
    const bytes = fileOf({});
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    return refusal(bytes);
  };
  assertEquals(withLength(3n), "a header of 3 bytes, expected at most 2");
  assertEquals(
    withLength(2n ** 64n - 1n),
    "a header of 18446744073709551615 bytes, expected at most 2",
  );
  assertEquals(
    withLength(2n ** 53n + 1n),
    "a header of 9007199254740993 bytes, expected at most 2",
  );
  assertEquals(
    withLength(0n),
    "a header of text that is not JSON, expected safetensors' header",
  );
  assertEquals(
    refusal(new Uint8Array(7)),
    "7 bytes, expected a header length of 8 bytes",
  );
});

const notJson =
  "a header of text that is not JSON, expected safetensors' header";
const headers: [string, string, string][] = [
  ["text", "hello", notJson],
  ["half an object", '{"a":', notJson],
  ["two objects", "{}{}", notJson],
  ["a list", "[]", "a header without names, expected an object"],
  ["null", "null", "a header without names, expected an object"],
  [
    "metadata with a number",
    '{"__metadata__":{"a":1}}',
    "metadata that is not text, expected text by name",
  ],
  [
    "metadata that is a list",
    '{"__metadata__":["a"]}',
    "metadata that is not text, expected text by name",
  ],
  [
    "metadata that is null",
    '{"__metadata__":null}',
    "metadata that is not text, expected text by name",
  ],
  [
    "a name twice",
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "a header that gives a name twice, expected each once",
  ],
  [
    "a name twice, once escaped",
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "a header that gives a name twice, expected each once",
  ],
  [
    "offsets twice",
    '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"data_offsets":[0,4]}}',
    "a header that gives a name twice, expected each once",
  ],
  [
    "metadata twice",
    '{"__metadata__":{},"__metadata__":{},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
    "a header that gives a name twice, expected each once",
  ],
];
for (const [what, header, message] of headers) {
  Deno.test(`parseSafetensors() refuses a header with ${what}`, () => {
    assertEquals(refusal(fileOf(header, 4)), message);
  });
}

Deno.test("parseSafetensors() refuses a header that is not UTF-8", () => {
  const bytes = fileOf('{"__metadata__":{"a":"?"}}');
  bytes[bytes.indexOf("?".charCodeAt(0))] = 0xff;
  assertEquals(
    refusal(bytes),
    "a header that is not text, expected safetensors' header",
  );
});

Deno.test("parseSafetensors() refuses lists that lie too deep anywhere in a header", () => {
  const deep = "[".repeat(2e5) + "]".repeat(2e5);
  for (
    const header of [
      deep,
      `{"a":${deep}}`,
      `{"a":{"dtype":${deep},"shape":[],"data_offsets":[0,4]}}`,
      `{"__metadata__":{"a":${deep}}}`,
    ]
  ) {
    assertEquals(
      refusal(fileOf(header, 4)),
      "a header of JSON nested more than 8 deep, expected safetensors' header",
    );
  }
});

Deno.test("parseSafetensors() counts no colon inside a name as another name", () => {
  const entry = { dtype: "F32", shape: [], data_offsets: [0, 4] };
  const name = 'a":"b\\:\\"::';
  const file = parseSafetensors(fileOf({ [name]: entry }, 4), "x");
  assertEquals([...file.tensors.keys()], [name]);
});

Deno.test("parseSafetensors() reads a tensor and metadata of the name __proto__ as any other", () => {
  const file = parseSafetensors(
    fileOf(
      '{"__metadata__":{"__proto__":"text"},"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      4,
    ),
    "x",
  );
  assertEquals([...file.tensors.keys()], ["__proto__"]);
  assertEquals(Object.entries(file.metadata), [["__proto__", "text"]]);
  assertEquals(Object.getPrototypeOf(file.metadata), Object.prototype);
});

Deno.test("parseSafetensors() takes no description from a prototype", () => {
  assertEquals(
    refusal(fileOf(
      '{"a":{"__proto__":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}}',
      4,
    )),
    'tensor "a" with dtype nothing, expected F64, F32, F16, BF16, I64, I8',
  );
});

/** What is wrong in the one tensor of a file whose body has 8 bytes. */
const entries: [unknown, string][] = [
  [null, "no description, expected dtype, shape, offsets"],
  ["F32", "no description, expected dtype, shape, offsets"],
  [[], "no description, expected dtype, shape, offsets"],
  [
    { dtype: "U8", shape: [8], data_offsets: [0, 8] },
    'dtype "U8", expected F64, F32, F16, BF16, I64, I8',
  ],
  [
    { dtype: "toString", shape: [8], data_offsets: [0, 8] },
    'dtype "toString", expected F64, F32, F16, BF16, I64, I8',
  ],
  [
    { dtype: ["F32"], shape: [2], data_offsets: [0, 8] },
    'dtype ["F32"], expected F64, F32, F16, BF16, I64, I8',
  ],
  [
    { dtype: "F32", data_offsets: [0, 8] },
    "shape nothing, expected integers from 0",
  ],
  [
    { dtype: "F32", shape: [-2], data_offsets: [0, 8] },
    "shape [-2], expected integers from 0",
  ],
  [
    { dtype: "F32", shape: [-1, -2], data_offsets: [0, 8] },
    "shape [-1,-2], expected integers from 0",
  ],
  [
    { dtype: "F32", shape: [2.5], data_offsets: [0, 8] },
    "shape [2.5], expected integers from 0",
  ],
  [
    { dtype: "F32", shape: ["2"], data_offsets: [0, 8] },
    'shape ["2"], expected integers from 0',
  ],
  [
    { dtype: "F32", shape: [2 ** 53], data_offsets: [0, 8] },
    "shape [9007199254740992], expected integers from 0",
  ],
  [
    { dtype: "F32", shape: { length: 1 }, data_offsets: [0, 8] },
    'shape {"length":1}, expected integers from 0',
  ],
  [
    { dtype: "F32", shape: [2] },
    "offsets nothing, expected begin and end",
  ],
  [
    { dtype: "F32", shape: [2], data_offsets: [0] },
    "offsets [0], expected begin and end",
  ],
  [
    { dtype: "F32", shape: [2], data_offsets: [0, 8, 8] },
    "offsets [0,8,8], expected begin and end",
  ],
  [
    { dtype: "F32", shape: [2], data_offsets: [-8, 0] },
    "offsets [-8,0], expected begin and end",
  ],
  [
    { dtype: "F32", shape: [3], data_offsets: [0, 12] },
    "offsets 0 to 12, expected within 8 bytes",
  ],
  [
    { dtype: "F32", shape: [2], data_offsets: [8, 0] },
    "offsets 8 to 0, expected within 8 bytes",
  ],
  [
    { dtype: "F32", shape: [2], data_offsets: [2 ** 52, 2 ** 52 + 8] },
    "offsets 4503599627370496 to 4503599627370504, expected within 8 bytes",
  ],
  [
    { dtype: "F32", shape: [1], data_offsets: [0, 8] },
    "8 bytes, expected 4 for shape [1]",
  ],
  [
    { dtype: "F64", shape: [2], data_offsets: [0, 8] },
    "8 bytes, expected 16 for shape [2]",
  ],
  // 2^62 elements: wrong even in arithmetic that wraps at 2^64.
  [
    { dtype: "F32", shape: [2 ** 31, 2 ** 31], data_offsets: [0, 0] },
    "0 bytes, expected 18446744073709552000 for shape [2147483648,2147483648]",
  ],
  [
    {
      dtype: "F32",
      shape: [2 ** 52, 2 ** 52, 2 ** 52],
      data_offsets: [0, 8],
    },
    "8 bytes, expected 3.6537540933272573e+47 for shape [4503599627370496,4503599627370496,4503599627370496]",
  ],
  [
    {
      dtype: "F32",
      shape: [...Array(30).fill(2 ** 52), 0],
      data_offsets: [0, 0],
    },
    "0 bytes, expected NaN for shape [4503599627370496,4503599627370496,4503599627370496,4503599627370496,45035996273…",
  ],
];
for (const [entry, message] of entries) {
  Deno.test(`parseSafetensors() refuses a tensor ${JSON.stringify(entry).slice(0, 80)}`, () => {
    assertEquals(
      refusal(fileOf({ a: entry }, 8)),
      `tensor "a" with ${message}`,
    );
  });
}

Deno.test("parseSafetensors() believes an empty tensor of giant sides, and takes no memory for it", () => {
  const shape = [2 ** 31, 2 ** 31, 0];
  const file = parseSafetensors(
    fileOf({ a: { dtype: "F64", shape, data_offsets: [0, 0] } }),
    "x",
  );
  const view = file.tensors.get("a")!;
  assertEquals(view.shape, shape);
  assertEquals(floatValues(view).length, 0);
});

const layouts: [string, [number, number][], number, string][] = [
  [
    "overlap",
    [[0, 8], [4, 12]],
    12,
    "tensors that overlap, expected tensors one after the other",
  ],
  [
    "lie on each other",
    [[0, 8], [0, 8]],
    8,
    "tensors that overlap, expected tensors one after the other",
  ],
  [
    "lie inside each other",
    [[0, 12], [4, 8]],
    12,
    "tensors that overlap, expected tensors one after the other",
  ],
  [
    "leave a gap",
    [[0, 4], [8, 12]],
    12,
    "a gap, expected tensors one after the other",
  ],
  [
    "start late",
    [[4, 8]],
    8,
    "a gap, expected tensors one after the other",
  ],
  [
    "end early",
    [[4, 8], [0, 4]],
    12,
    "4 bytes after the last tensor, expected none",
  ],
  ["are none", [], 3, "3 bytes after the last tensor, expected none"],
];
for (const [what, offsets, size, message] of layouts) {
  Deno.test(`parseSafetensors() refuses tensors that ${what}`, () => {
    const header = Object.fromEntries(offsets.map(([begin, end], i) => [
      `t${i}`,
      { dtype: "F32", shape: [(end - begin) / 4], data_offsets: [begin, end] },
    ]));
    assertEquals(refusal(fileOf(header, size)), message);
  });
}

Deno.test("parseSafetensors() takes tensors in any order, empty ones between", () => {
  const header = {
    c: { dtype: "F16", shape: [2], data_offsets: [8, 12] },
    b: { dtype: "F32", shape: [0], data_offsets: [8, 8] },
    a: { dtype: "F32", shape: [2], data_offsets: [0, 8] },
    e: { dtype: "F32", shape: [3, 0], data_offsets: [12, 12] },
  };
  const file = parseSafetensors(fileOf(header, 12), "x");
  assertEquals([...file.tensors.keys()], ["c", "b", "a", "e"]);
});

Deno.test("parseSafetensors() stays brief about megabytes of nonsense", () => {
  const long = "n".repeat(2_000_000);
  for (
    const header of [
      { [long]: null },
      { a: { dtype: long } },
      { a: { dtype: "F32", shape: long } },
      { a: { dtype: "F32", shape: Array(500_000).fill(-1) } },
      { a: { dtype: "F32", shape: [1], data_offsets: Array(99_999).fill(1) } },
      {
        a: {
          dtype: "F32",
          shape: Array(500_000).fill(1),
          data_offsets: [0, 0],
        },
      },
    ]
  ) assertLess(refusal(fileOf(header)).length, 250);
});

Deno.test("parseSafetensors() survives a header nested a million deep", () => {
  refusal(fileOf("[".repeat(1e6) + "]".repeat(1e6)));
  refusal(fileOf('{"a":'.repeat(2e5) + "1" + "}".repeat(2e5)));
});
