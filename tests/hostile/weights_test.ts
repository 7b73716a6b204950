import { assert, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import {
  floatValues,
  isFloating,
  parseSafetensors,
  parseWeights,
} from "@unet/model";
import { createRandom } from "@unet/random";
import { join, zipOf } from "./_files.ts";

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(
    new URL(`../../model/fixtures/${name}`, import.meta.url),
  );

const files = [
  "float32.pth",
  "strides.pth",
  "checkpoint.pth",
  "legacy.pth",
  "legacy_strides.pth",
  "python.safetensors",
  "version_5.safetensors",
];

// It holds infinities on purpose, which parseWeights() refuses in any file.
const parserOf = (name: string) =>
  name === "python.safetensors" ? parseSafetensors : parseWeights;

/** Reads a file and all of its tensors; true if it holds, else a ModelError. */
function holds(bytes: Uint8Array, name: string): boolean {
  try {
    for (const view of parserOf(name)(bytes, name).tensors.values()) {
      if (isFloating(view)) floatValues(view);
    }
    return true;
  } catch (error) {
    if (error instanceof ModelError) return false;
    throw error;
  }
}

for (const name of files) {
  Deno.test(`${name} cut off at any byte is refused`, async () => {
    const whole = await fixture(name);
    assert(holds(whole, name));
    for (let length = 0; length < whole.length; length++) {
      assert(!holds(whole.slice(0, length), name), `${length} bytes`);
    }
  });

  Deno.test(`${name} with flipped bytes is read or refused, never more`, async () => {
    const whole = await fixture(name), random = createRandom(1);
    for (let round = 0; round < 4000; round++) {
      const bytes = whole.slice();
      const flips = 1 + Math.floor(3 * random.next());
      for (let flip = 0; flip < flips; flip++) {
        const at = Math.floor(random.next() * bytes.length);
        bytes[at] = Math.floor(256 * random.next());
      }
      holds(bytes, name);
    }
  });
}

Deno.test("a pickle with flipped bytes and right checksums is read or refused", async () => {
  const random = createRandom(2);
  for (const name of ["float32.pth", "strides.pth", "checkpoint.pth"]) {
    const pickle = pickleOf(await fixture(name));
    for (let round = 0; round < 4000; round++) {
      const bytes = pickle.slice();
      const at = Math.floor(random.next() * bytes.length);
      bytes[at] = Math.floor(256 * random.next());
      holds(archive(bytes), name);
    }
  }
});

/** The pickle of a file whose names are all of its folder. */
function pickleOf(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((_, at) =>
    bytes[at] === 0x80 && bytes[at + 1] === 2
  );
  const end = bytes.findIndex((_, at) =>
    at > start && bytes[at] === 0x2e && bytes[at + 1] === 0x50 &&
    bytes[at + 2] === 0x4b
  );
  return bytes.slice(start, end + 1);
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A PyTorch file with this pickle and storages of 96 bytes. */
function archive(pickle: Uint8Array): Uint8Array {
  return zipOf([
    ["x/data.pkl", pickle],
    ...["0", "1", "2"].map((key) =>
      [`x/data/${key}`, new Uint8Array(96)] as const
    ),
  ]);
}

/** Pickle text with `\xNN` for bytes. */
const pickled = (text: string): Uint8Array =>
  Uint8Array.from(text, (sign) => sign.charCodeAt(0));

/** The pickle of a state dict of one tensor, of these opcodes for its parts. */
function tensorPickle(
  {
    count = "K\x18",
    offset = "K\0",
    shape = "K\x18\x85",
    strides = "K\x01\x85",
  },
): Uint8Array {
  return pickled(
    "\x80\x02}X\x01\0\0\0w" +
      "ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storage" +
      `ctorch\nFloatStorage\nX\x01\0\0\0` + `0X\x03\0\0\0cpu${count}tQ` +
      `${offset}${shape}${strides}\x89ccollections\nOrderedDict\n)RtRs.`,
  );
}

Deno.test("the tensor that the next tests bend is whole", () => {
  assert(holds(archive(tensorPickle({})), "w.pth"));
});

for (
  const [what, parts, message] of [
    ["a billion elements", { shape: "J\0\xca\x9a\x3b\x85" }, "elements up to"],
    [
      "a billion elements that are one",
      { shape: "J\0\xca\x9a\x3b\x85", strides: "K\0\x85" },
      "elements that overlap",
    ],
    [
      "rows that overlap",
      { shape: "K\x04K\x04\x86", strides: "K\x02K\x01\x86" },
      "elements that overlap",
    ],
    ["an offset outside", { offset: "K\x19" }, "offset 25"],
    ["elements outside", { offset: "K\x01" }, "elements up to number 25"],
    ["a negative offset", { offset: "J\xff\xff\xff\xff" }, "no counts"],
    ["a negative stride", { strides: "J\xff\xff\xff\xff\x85" }, "no counts"],
    [
      "sizes whose product overflows",
      {
        shape: "J\xff\xff\xff\x7fJ\xff\xff\xff\x7fJ\xff\xff\xff\x7f\x87",
        strides: "K\x01K\x01K\x01\x87",
      },
      "elements",
    ],
    ["strides of another rank", { strides: "K\x01K\x01\x86" }, "no counts"],
    ["a storage of more than is there", { count: "K\x19" }, "96 bytes"],
    ["a storage of a giant size", {
      count: "\x8a\x07\xff\xff\xff\xff\xff\xff\x0f",
    }, "96 bytes"],
    [
      "a size as an integer of 100 bytes",
      { count: `\x8a\x64${"\x01".repeat(100)}` },
      "an integer of 100 bytes",
    ],
    ["a shape that is text", { shape: "X\x01\0\0\0a\x85" }, "no counts"],
  ] as const
) {
  Deno.test(`a tensor with ${what} is refused`, () => {
    assertThrows(
      () => parseWeights(archive(tensorPickle(parts)), "w.pth"),
      ModelError,
      message,
    );
  });
}

for (
  const [what, text, message] of [
    ["a list that holds itself", "\x80\x02]q\0h\0a.", "no tensors by name"],
    [
      "a dictionary that holds itself",
      "\x80\x02}q\0X\x05\0\0\0modelh\0s.",
      "which is no tensor",
    ],
    [
      "ninety thousand nested lists",
      `\x80\x02${"]".repeat(90000)}${"a".repeat(89999)}.`,
      "holds over 20000 values",
    ],
    [
      "nineteen thousand nested lists",
      `\x80\x02${"]".repeat(19000)}${"a".repeat(18999)}.`,
      "no tensors",
    ],
    [
      "a million dictionaries",
      `\x80\x02${"}".repeat(1e6)}.`,
      "holds over 20000 values",
    ],
    [
      "a dictionary kept a million times",
      `\x80\x02}${"q\0".repeat(1e6)}.`,
      "more than 1000000 steps",
    ],
    [
      "a million marks",
      `\x80\x02${"(".repeat(1e6)}.`,
      "holds over 20000 values",
    ],
    ["a text of four gigabytes", "\x80\x02X\xff\xff\xff\xffw.", "cut off"],
    [
      "a frame beyond the file",
      "\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\xff.",
      "cut off",
    ],
    ["nothing to give", "\x80\x02.", "takes what is not there"],
    ["a tuple without a mark", "\x80\x02t.", "without a mark"],
    ["a memory of nothing", "\x80\x02h\x05.", "recalls what it never kept"],
    [
      "a name of Python's builtins",
      "\x80\x02cbuiltins\neval\n.",
      '"builtins.eval", which is not run',
    ],
    [
      "a name made of pieces",
      "\x80\x04\x8c\x02os\x8c\x06system\x93.",
      '"os.system", which is not run',
    ],
    ["an extension code", "\x80\x02\x82\x01.", "opcode 0x82"],
    ["an object of any class", "\x80\x02)\x81.", "opcode 0x81"],
    ["a call of a dictionary", "\x80\x02})R.", "a call of a value"],
    [
      "a call of a storage type",
      "\x80\x02ctorch\nFloatStorage\n)R.",
      'a call of "torch.FloatStorage"',
    ],
    [
      "a prototype for a name",
      "\x80\x02}X\x09\0\0\0__proto__K\x01s.",
      "no tensors by name",
    ],
    ["entries for a tuple", "\x80\x02)K\x01a.", "what is no list"],
    ["attributes for a list", "\x80\x02]}b.", "what is no dictionary"],
    ["protocol 200", "\x80\xc8.", "pickle protocol 200"],
  ] as const
) {
  Deno.test(`a pickle with ${what} is refused`, () => {
    assertThrows(
      () => parseWeights(archive(pickled(text)), "w.pth"),
      ModelError,
      message,
    );
  });
}

/** Tuples of which each holds the former twice: 2^70 values in 300 bytes. */
const doubled = `)${"q\0h\0\x86".repeat(70)}`;

for (
  const [what, text, message] of [
    ["for a name", `${doubled}X\x01\0\0\0a\x93.`, "a name that is not text"],
    ["for a module", `X\x01\0\0\0a${doubled}\x93.`, "a name that is not text"],
    ["for a storage", `${doubled}Q.`, "a storage of other parts"],
    [
      "for a key",
      `}${doubled}K\x01s.`,
      "a dictionary with the key [[[[…],[…]],[[…],[…]]]",
    ],
    ["for a state", `${doubled}.`, "no tensors by name"],
    ["for a tensor", `}X\x01\0\0\0w${doubled}s.`, "no tensors by name"],
    ["for a call", `${doubled})R.`, "a call of a value"],
  ] as const
) {
  Deno.test(`a pickle with tuples that double ${what} is refused`, () => {
    const bytes = archive(pickled(`\x80\x02${text}`));
    assertThrows(() => parseWeights(bytes, "w.pth"), ModelError, message);
  });
}

Deno.test("a file of the older format with tuples that double is refused", () => {
  const magic = pickled("\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.");
  const version = pickled("\x80\x02M\xe9\x03.");
  const system = pickled("\x80\x02}X\x0d\0\0\0little_endian\x88s.");
  const state = pickled("\x80\x02}.");
  const twice = pickled(`\x80\x02${doubled}.`);
  const keys = pickled(`\x80\x02]${doubled}a.`);
  for (
    const [pieces, message] of [
      [[twice], "no file of PyTorch"],
      [[magic, twice], "found format [[[[…],[…]]"],
      [[magic, version, twice], "bytes in another order"],
      [[magic, version, system, state, keys], "found storage [[[[…],[…]]"],
    ] as const
  ) {
    const bytes = join(pieces);
    assertThrows(() => parseWeights(bytes, "w.pth"), ModelError, message);
  }
});

Deno.test("records of a zip that share their bytes are refused before they are read", () => {
  // Read one after the other, 20,000 records of a megabyte take half a minute.
  const bytes = zipOf([["x/data.pkl", new Uint8Array(1 << 20)]]);
  const entries = 20_000;
  const listed = bytes.subarray((1 << 20) + 40, -22);
  const many = join(Array.from({ length: entries }, () => listed));
  const end = new DataView(bytes.slice(-22).buffer);
  for (const at of [8, 10]) end.setUint16(at, entries, true);
  end.setUint32(12, many.length, true);
  const file = join([
    bytes.subarray(0, (1 << 20) + 40),
    many,
    new Uint8Array(end.buffer),
  ]);
  assertThrows(() => parseWeights(file, "w.pth"), ModelError, "that overlap");
});

Deno.test("a zip whose directory lies is refused", () => {
  const whole = archive(tensorPickle({}));
  const end = whole.length - 22;
  const directory = new DataView(whole.buffer).getUint32(end + 16, true);
  const lies: [string, (view: DataView) => void][] = [
    ["within", (view) => view.setUint32(end + 16, 0xfffffff0, true)],
    ["within", (view) => view.setUint32(end + 12, 0xfffffff0, true)],
    ["within", (view) => view.setUint16(end + 10, 0xfffe, true)],
    ["within", (view) => view.setUint32(directory + 42, 0xfffffff0, true)],
    ["two sizes", (view) => view.setUint32(directory + 24, 0xfffffff0, true)],
    ["compressed", (view) => view.setUint16(directory + 10, 8, true)],
    ["encrypted", (view) => view.setUint16(directory + 8, 1, true)],
    ["checksum", (view) => view.setUint32(directory + 16, 1, true)],
    ["damaged", (view) => view.setUint16(directory + 28, 0xffff, true)],
  ];
  for (const [message, lie] of lies) {
    const bytes = whole.slice();
    lie(new DataView(bytes.buffer));
    assertThrows(() => parseWeights(bytes, "w.pth"), ModelError, message);
  }
});

Deno.test("records of a zip that share bytes are refused", () => {
  const whole = archive(tensorPickle({}));
  const view = new DataView(whole.buffer);
  let at = view.getUint32(whole.length - 6, true);
  const starts: number[] = [];
  while (view.getUint32(at, true) === 0x02014b50) {
    starts.push(at);
    at += 46 + view.getUint16(at + 28, true);
  }
  // The third record's place is the second's, which holds the same bytes.
  view.setUint32(starts[2]! + 42, view.getUint32(starts[1]! + 42, true), true);
  assertThrows(
    () => parseWeights(whole, "w.pth"),
    ModelError,
    "records that overlap",
  );
});

Deno.test("records of one name, or without a pickle, are refused", () => {
  const record = ["x/data/0", encode("a")] as const;
  for (
    const [records, message] of [
      [[record, record], "twice"],
      [[record], "0 records named data.pkl"],
      [[["a/data.pkl", encode("")], ["b/data.pkl", encode("")]], "2 records"],
      [
        [["x/data.pkl", encode("")], ["x/constants.pkl", encode("")]],
        "TorchScript",
      ],
      [
        [["x/data.pkl", encode("")], ["x/byteorder", encode("big")]],
        "another order",
      ],
    ] as const
  ) {
    assertThrows(
      () => parseWeights(zipOf(records), "w.pth"),
      ModelError,
      message,
    );
  }
});

Deno.test("a safetensors header of any length beyond the file is refused", async () => {
  const whole = await fixture("python.safetensors");
  for (
    const length of [
      2n ** 64n - 1n,
      2n ** 63n,
      2n ** 53n + 1n,
      2n ** 32n,
      BigInt(whole.length),
      BigInt(whole.length - 7),
    ]
  ) {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setBigUint64(0, length, true);
    assertThrows(
      () => parseWeights(bytes, "w.safetensors"),
      ModelError,
      `found a header of ${length} bytes`,
    );
  }
});

for (
  const [what, entry] of [
    ["a billion elements", { shape: [1e9], data_offsets: [0, 8] }],
    ["sizes whose product overflows", {
      shape: [2 ** 40, 2 ** 40],
      data_offsets: [0, 8],
    }],
    ["an end before its begin", { shape: [2], data_offsets: [8, 0] }],
    ["bytes outside", { shape: [4], data_offsets: [0, 16] }],
    ["a negative size", { shape: [-2], data_offsets: [0, 8] }],
  ] as const
) {
  Deno.test(`a safetensors tensor with ${what} is refused`, () => {
    const header = encode(JSON.stringify({ w: { dtype: "F32", ...entry } }));
    const bytes = new Uint8Array(8 + header.length + 8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(header, 8);
    assertThrows(
      () => parseWeights(bytes, "w.safetensors"),
      ModelError,
      'tensor "w" with',
    );
  });
}

Deno.test("a file that lies about a legacy storage is refused", async () => {
  const whole = await fixture("legacy.pth");
  // The last storage is of 1, 5 or 12 floats, after their count in eight bytes.
  const view = new DataView(whole.buffer);
  const place = [1, 5, 12].map((count) => [count, whole.length - 8 - 4 * count])
    .find(([count, at]) => view.getBigInt64(at!, true) === BigInt(count!))![1]!;
  for (const count of [0n, 7n, -1n, 2n ** 62n]) {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setBigInt64(place, count, true);
    assertThrows(
      () => parseWeights(bytes, "w.pth"),
      ModelError,
      `of ${count} elements`,
    );
  }
  const longer = new Uint8Array(whole.length + 3);
  longer.set(whole);
  assertThrows(
    () => parseWeights(longer, "w.pth"),
    ModelError,
    "3 bytes after the last storage",
  );
});

Deno.test("reading a hostile file takes no memory beyond its size and a constant", () => {
  // Of this test's own isolate; other tests run beside it.
  const used = (): number => {
    const { heapTotal, external } = Deno.memoryUsage();
    return heapTotal + external;
  };
  const before = used();
  for (let round = 0; round < 2; round++) {
    for (const sign of ["}", "]", "(", ")", "K\x01", "h\0"]) {
      const start = "\x80\x02K\x01q\0";
      assertThrows(
        () =>
          parseWeights(
            archive(pickled(start + sign.repeat(1e6 / sign.length))),
            "w.pth",
          ),
        ModelError,
      );
    }
  }
  const grown = used() - before;
  assert(grown < 200e6, `${grown} bytes`);
});
