import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertThrows,
} from "@std/assert";
import { DeviceError } from "@unet/errors";
import { quietly } from "../_quietly.ts";
import { attributes, bool, float, int, text, type } from "./_operation.ts";
import { type Binding, type ContextOptions, createBinding } from "./binding.ts";
import { findLibrary } from "./find_library.ts";
import { dataTypes } from "./placement.ts";

const { path, source } = await findLibrary();
const { float32, int32, int64, complex64, string } = dataTypes;
const encode = (text: string) => new TextEncoder().encode(text);

/** A test on TensorFlow, with a context of its own, left without tensors. */
function test(
  name: string,
  body: (tensorflow: Binding) => void | Promise<void>,
  options: ContextOptions = {},
): void {
  Deno.test({
    name: path ? name : `${name}, skipped: ${source}`,
    ignore: path === null,
    async fn() {
      const tensorflow = quietly(() => createBinding(path!, options));
      try {
        await body(tensorflow);
        assertEquals(tensorflow.getNumOfTensors(), 0);
      } finally {
        tensorflow.close();
      }
    },
  });
}

/** What an operation of one output makes of tensors, which are deleted. */
function compute(
  tensorflow: Binding,
  name: string,
  given: Parameters<typeof attributes>[0],
  inputs: number[],
) {
  const [output] = tensorflow.executeOp(name, attributes(given), inputs, 1);
  const result = { ...output!, values: tensorflow.tensorDataSync(output!.id) };
  for (const id of [...inputs, output!.id]) tensorflow.deleteTensor(id);
  return result;
}

test("a binding lists version and devices", (tensorflow) => {
  assertMatch(tensorflow.TF_Version, /^2\.\d+/);
  assert(tensorflow.devices.some(({ type }) => type === "CPU"));
});

const long = "a text that is too long to be kept within its 24 bytes";
test("texts of any length come back, and outlive the tensor they came in", (tensorflow) => {
  const texts = ["", "short", long, "細胞\0🔬"].map(encode);
  const first = tensorflow.createTensor([2, 2], string, texts);
  const given = attributes({ T: type(string) });
  const [copy] = tensorflow.executeOp("Identity", given, [first], 1);
  assertEquals(tensorflow.tensorDataSync(first), texts);
  tensorflow.deleteTensor(first);
  assertEquals(copy!.shape, [2, 2]);
  assertEquals(tensorflow.tensorDataSync(copy!.id), texts);
  tensorflow.deleteTensor(copy!.id);
});

test("64-bit numbers come in as pairs of 32 bits, and back as they are", (tensorflow) => {
  const pairs = new Int32Array([5, 0, -1, -1, 0, 1]);
  const id = tensorflow.createTensor([3], int64, pairs);
  const { values, dtype } = compute(tensorflow, "Neg", { T: type(int64) }, [
    id,
  ]);
  assertEquals(dtype, int64);
  assertEquals(values, new BigInt64Array([-5n, 1n, -(2n ** 32n)]));
});

test("truth values are bytes", (tensorflow) => {
  const id = tensorflow.createTensor(
    [3],
    dataTypes.bool,
    new Uint8Array([1, 0, 1]),
  );
  const { values } = compute(tensorflow, "LogicalNot", {}, [id]);
  assertEquals(values, new Uint8Array([0, 1, 0]));
});

test("complex numbers are pairs of floats", (tensorflow) => {
  const i = new Float32Array([0, 1, 3, 4]);
  const id = tensorflow.createTensor([2], complex64, i);
  const given = { T: type(complex64) };
  const { values } = compute(tensorflow, "Square", given, [id]);
  assertEquals(values, new Float32Array([-1, 0, -7, 24]));
});

test("tensors may be empty, or have no axes", (tensorflow) => {
  const empty = tensorflow.createTensor([0, 3], float32, new Float32Array(0));
  const given = { T: type(float32) };
  const none = compute(tensorflow, "Neg", given, [empty]);
  assertEquals([none.shape, none.values], [[0, 3], new Float32Array(0)]);
  const one = tensorflow.createTensor([], float32, new Float32Array([7]));
  const number = compute(tensorflow, "Neg", given, [one]);
  assertEquals([number.shape, number.values], [[], new Float32Array([-7])]);
});

test("attributes of every kind reach the operation", (tensorflow) => {
  const x = (shape: number[]) =>
    tensorflow.createTensor(shape, float32, Float32Array.from([-2, 3]));
  const T = type(float32);
  const leaky = compute(tensorflow, "LeakyRelu", { T, alpha: float(0.5) }, [
    x([2]),
  ]);
  assertEquals(leaky.values, new Float32Array([-1, 3]));
  const pool = compute(tensorflow, "MaxPool", {
    T,
    ksize: int([1, 1, 2, 1]),
    strides: int([1, 1, 2, 1]),
    padding: text("VALID"),
    data_format: text("NHWC"),
  }, [x([1, 1, 2, 1])]);
  assertEquals([pool.shape, pool.values], [
    [1, 1, 1, 1],
    new Float32Array([3]),
  ]);
  const axis = tensorflow.createTensor([1], int32, new Int32Array([0]));
  const sum = compute(tensorflow, "Sum", {
    T,
    Tidx: type(int32),
    keep_dims: bool(true),
  }, [x([2]), axis]);
  assertEquals([sum.shape, sum.values], [[1], new Float32Array([1])]);
  const random = compute(tensorflow, "RandomUniform", {
    T: type(int32),
    dtype: T,
    seed: int(-3),
    seed2: int(2 ** 40),
  }, [tensorflow.createTensor([1], int32, new Int32Array([4]))]);
  assertEquals(random.shape, [4]);
});

test("an attribute of the wrong kind is a TypeError", (tensorflow) => {
  const id = tensorflow.createTensor([1], float32, new Float32Array(1));
  const run = (value: Parameters<typeof attributes>[0]) => () =>
    tensorflow.executeOp("LeakyRelu", attributes(value), [id], 1);
  assertThrows(
    run({ alpha: { type: 2, value: "0.5" } }),
    TypeError,
    'Cannot set attribute "alpha": found "0.5" of kind 2, expected numbers',
  );
  assertThrows(run({ alpha: int(0.5) }), TypeError, "whole numbers");
  assertThrows(run({ alpha: { type: 6, value: 0 } }), TypeError, "a kind from");
  tensorflow.deleteTensor(id);
});

test("TensorFlow's own words say why an operation fails", (tensorflow) => {
  const make = (shape: number[]) =>
    tensorflow.createTensor(
      shape,
      float32,
      new Float32Array(shape.reduce((a, b) => a * b)),
    );
  const a = make([2, 3]), b = make([2, 3]);
  const given = attributes({ T: type(float32) });
  assertThrows(
    () => tensorflow.executeOp("MatMul", given, [a, b], 1),
    DeviceError,
    'Cannot execute operation "MatMul": found Matrix size-incompatible',
  );
  assertThrows(
    () => tensorflow.executeOp("NoSuchOperation", [], [], 1),
    DeviceError,
    "NoSuchOperation",
  );
  // A fault leaves no trace in what comes after.
  const sum = compute(tensorflow, "AddV2", { T: type(float32) }, [a, b]);
  assertEquals(sum.shape, [2, 3]);
});

test("content that does not fill its shape is a RangeError", (tensorflow) => {
  assertThrows(
    () => tensorflow.createTensor([2, 2], float32, new Float32Array(3)),
    RangeError,
    'Cannot write tensor "[2,2]": found 3 values, expected 4',
  );
  assertThrows(
    () => tensorflow.createTensor([2], string, [encode("one")]),
    RangeError,
    "found 1 values, expected 2",
  );
});

test("a tensor that is gone is a RangeError", (tensorflow) => {
  const id = tensorflow.createTensor([1], float32, new Float32Array(1));
  tensorflow.deleteTensor(id);
  for (
    const use of [
      () => tensorflow.deleteTensor(id),
      () => tensorflow.tensorDataSync(id),
      () => tensorflow.executeOp("Neg", [], [id], 1),
    ]
  ) assertThrows(use, RangeError, "or a disposed one");
});

const cpu = "/job:localhost/replica:0/task:0/device:CPU:0";
test("tensors are copied to the device where they live", (tensorflow) => {
  const id = tensorflow.createTensor([2], float32, new Float32Array([1, 4]));
  assertEquals(tensorflow.placeOf(id), cpu);
  const root = compute(tensorflow, "Sqrt", { T: type(float32) }, [id]);
  assertEquals(root.values, new Float32Array([1, 2]));
}, { device: cpu });

test(
  "a device that is not there is reported with the tensor's copy",
  (tensorflow) => {
    assertThrows(
      () => tensorflow.createTensor([1], float32, new Float32Array(1)),
      DeviceError,
      "device:GPU:7",
    );
  },
  { device: "/job:localhost/replica:0/task:0/device:GPU:7" },
);

test("a thousand rounds, faults among them, leave no tensors behind", (tensorflow) => {
  const texts = [encode(long.repeat(1000))];
  const values = new Float32Array(64);
  const round = () => {
    const id = tensorflow.createTensor([64], float32, values);
    compute(tensorflow, "Neg", { T: type(float32) }, [id]);
    const written = tensorflow.createTensor([1], string, texts);
    compute(tensorflow, "Identity", { T: type(string) }, [written]);
    assertThrows(() => tensorflow.executeOp("Neg", [], [], 1), DeviceError);
  };
  for (let i = 0; i < 1000; i++) round();
  assertEquals(tensorflow.getNumOfTensors(), 0);
});

test("threads may be limited", (tensorflow) => {
  const id = tensorflow.createTensor([2], float32, new Float32Array([0, 1]));
  const { values } = compute(tensorflow, "Exp", { T: type(float32) }, [id]);
  assertAlmostEquals((values as Float32Array)[1]!, Math.E, 1e-6);
}, { threads: 1 });

Deno.test("createBinding() refuses a file that is no library of TensorFlow's", async () => {
  const file = await Deno.makeTempFile();
  assertThrows(
    () => createBinding(file),
    DeviceError,
    `Cannot load library "${file}"`,
  );
  await Deno.remove(file);
});
