import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { UnetError } from "@unet/errors";
import { RequestError } from "@unet/http";
import { channelInput, objectTask } from "@unet/task";
import fc from "fast-check";
import { parseInfer } from "./parse_infer.ts";

const { input, heads } = objectTask();
const model = { input, heads };

/** A body of JSON with bytes behind it, and the length of the JSON. */
function bodyOf(
  head: unknown,
  bytes: Uint8Array = new Uint8Array(),
): [Uint8Array<ArrayBuffer>, string] {
  const text = new TextEncoder().encode(JSON.stringify(head));
  const body = new Uint8Array(text.length + bytes.length);
  body.set(text);
  body.set(bytes, text.length);
  return [body, String(text.length)];
}

function parse(
  head: unknown,
  { bytes, length, mostPixels = 100 }: {
    bytes?: Uint8Array;
    length?: string;
    mostPixels?: number;
  } = {},
) {
  const [body, own] = bodyOf(head, bytes);
  const headerLength = length ?? (bytes ? own : null);
  return parseInfer(body, { model, headerLength, mostPixels });
}

const tensor = { name: "image", datatype: "UINT8", shape: [1, 1, 2, 3] };
const six = [1, 2, 3, 4, 5, 6];

Deno.test("parseInfer() reads flat and nested values of every type", () => {
  for (const datatype of ["UINT8", "UINT16", "FP32"]) {
    for (const data of [six, [[[[1, 2, 3], [4, 5, 6]]]]]) {
      const { images } = parse({ inputs: [{ ...tensor, datatype, data }] });
      const [{ width, height, channels, depth, data: values }] = images as [
        typeof images[number],
      ];
      assertEquals([width, height, channels], [2, 1, 3]);
      assertEquals([...values], six);
      assertEquals(depth, { UINT8: 8, UINT16: 16, FP32: 32 }[datatype]);
    }
  }
});

Deno.test("parseInfer() reads bytes behind the JSON, little-endian, an image after the other", () => {
  const shape = [2, 1, 1, 1];
  const bytes = new Uint8Array([0x01, 0x02, 0xff, 0x00]);
  const { images } = parse({
    inputs: [{
      ...{ name: "image", datatype: "UINT16", shape },
      parameters: { binary_data_size: 4 },
    }],
  }, { bytes });
  assertEquals(images.map(({ data }) => [...data]), [[0x0201], [0x00ff]]);
});

Deno.test("parseInfer() gives all outputs as the request wants them, or those that it names", () => {
  const inputs = [{ ...tensor, data: six }];
  assertEquals(parse({ inputs, id: "a" }), {
    ...parse({ inputs }),
    id: "a",
  });
  const names = [...heads.map(({ name }) => name), "labels"];
  const binary = parse({ inputs, parameters: { binary_data_output: true } });
  assertEquals(
    binary.outputs,
    names.map((name) => ({ name, isBinary: true })),
  );
  const { outputs, choices } = parse({
    inputs,
    parameters: { threshold: 0.25, "min-area": 9 },
    outputs: [
      { name: "labels", parameters: { binary_data: true } },
      { name: "object" },
    ],
  });
  assertEquals(outputs, [
    { name: "labels", isBinary: true },
    { name: "object", isBinary: false },
  ]);
  assertEquals(choices, { threshold: 0.25, minimalArea: 9 });
});

Deno.test("parseInfer() refuses tensors that are not what they say", () => {
  const binary = (
    size: unknown,
    length: number,
  ): Parameters<typeof parse> => [{
    inputs: [{ ...tensor, parameters: { binary_data_size: size } }],
  }, { bytes: new Uint8Array(length) }];
  const given = (more: object): Parameters<typeof parse> => [
    { inputs: [{ ...tensor, data: six, ...more }] },
  ];
  const cases: [Parameters<typeof parse>, RegExp, number?][] = [
    [[{}], /found inputs nothing/],
    [[{ inputs: [] }], /expected one, "image"/],
    [[{ inputs: [1, 2] }], /expected one, "image"/],
    [given({ name: "x" }), /found input "x", expected "image"/],
    [given({ datatype: "INT64" }), /expected UINT8, UINT16, FP32/],
    [given({ shape: [1, 1, 2] }), /expected \[images, rows, columns, 3 or 1\]/],
    [given({ shape: [1, 1, 2, 4] }), /expected \[images/],
    [given({ shape: [1, 0, 2, 3] }), /expected \[images/],
    [given({ shape: [1, 1.5, 2, 3] }), /expected \[images/],
    [given({ shape: [1, 1e10, 1e10, 3] }), /at most 100/, 413],
    [given({ data: [1, 2] }), /found data 2, expected 6 values/],
    [given({ data: [...six, 7] }), /found data 7, expected 6 values/],
    [given({ data: [[[[[1, 2, 3, 4, 5, 6]]]]] }), /a list of 1/],
    // Rows and columns in each other's place.
    [given({ data: [[[[1, 2, 3]], [[4, 5, 6]]]] }), /nested as the shape/],
    [given({ data: [[[[1, 2, 3], [4, 5]]]] }), /found data "a list of 2"/],
    [given({ data: [[[[1, 2, 3], 4]]] }), /found data 4/],
    [given({ data: [[[[1, 2, 3], [4, 5, [6]]]]] }), /found the value/],
    [given({ data: [1, 2, 3, 4, 5, 256] }), /found the value 256/],
    [given({ data: [1, 2, 3, 4, 5, 0.5] }), /found the value 0.5/],
    [given({ data: [1, 2, 3, 4, 5, null] }), /found the value null/],
    [given({ datatype: "FP32", data: [1, 2, 3, 4, 5, 1e300] }), /1e\+300/],
    [binary(6, 5), /found bytes behind the JSON 5, expected 6/],
    [binary(6, 7), /found bytes behind the JSON 7, expected 6/],
    [binary(-6, 6), /found binary_data_size -6, expected 6/],
    [binary("6", 6), /found binary_data_size "6", expected 6/],
    [[{ inputs: [{ ...tensor, data: six }] }, { length: "9999" }], /at most/],
    [[{ inputs: [{ ...tensor, data: six }] }, { length: "-1" }], /at most/],
    [[{ inputs: [{ ...tensor, data: six }], outputs: [{ name: "x" }] }], /"x"/],
  ];
  for (const [asked, words, status = 400] of cases) {
    const error = assertThrows(() => parse(...asked), RequestError);
    assertMatch(error.message, words);
    assertEquals(error.status, status, error.message);
  }
});

Deno.test("parseInfer() refuses answers in JSON that would be too long", () => {
  const shape = [1, 1024, 1024, 1];
  const bytes = new Uint8Array(1024 * 1024);
  const inputs = [{
    ...{ name: "image", datatype: "UINT8", shape },
    parameters: { binary_data_size: bytes.length },
  }];
  const outputs = [...heads.map(({ name }) => name), "labels"]
    .map((name) => ({ name }));
  const ask = (outputs: readonly unknown[], binary_data_output = false) => {
    const parameters = { binary_data_output };
    const [body, headerLength] = bodyOf({ inputs, outputs, parameters }, bytes);
    return parseInfer(body, { model, headerLength, mostPixels: 2 ** 20 });
  };
  assertEquals(ask(outputs.slice(-1)).outputs.length, 1);
  assertEquals(ask(outputs, true).outputs.length, outputs.length);
  const error = assertThrows(() => ask(outputs), RequestError);
  assertEquals(error.status, 413);
  assertMatch(error.message, /to answer as JSON, .*; ask for binary data/);
});

Deno.test("parseInfer() refuses floats that are no finite number", () => {
  for (const wrong of [NaN, Infinity]) {
    const bytes = new Uint8Array(new Float32Array([wrong]).buffer);
    const inputs = [{
      ...{ name: "image", datatype: "FP32", shape: [1, 1, 1, 1] },
      parameters: { binary_data_size: 4 },
    }];
    const error = assertThrows(
      () => parse({ inputs }, { bytes }),
      RequestError,
    );
    assertMatch(error.message, /expected finite numbers$/);
  }
});

Deno.test("parseInfer() takes the channels of a model of channels alone", () => {
  const task = objectTask({ input: channelInput(["dapi", "actin"]) });
  const rules = {
    model: { input: task.input, heads: task.heads },
    ...{ headerLength: null, mostPixels: 100 },
  };
  const [right] = bodyOf({
    inputs: [{ ...tensor, shape: [1, 1, 3, 2], data: six }],
  });
  assertEquals(parseInfer(right, rules).images[0]?.channels, 2);
  const [wrong] = bodyOf({ inputs: [{ ...tensor, data: six }] });
  assertThrows(() => parseInfer(wrong, rules), RequestError);
});

Deno.test("parseInfer() refuses whatever else comes, and never breaks", () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      fc.constantFrom(null, true, "image", "UINT8", "FP32", -1, 0, 1, 3, 1e99),
      fc.array(tie("any"), { maxLength: 5 }),
      fc.dictionary(
        fc.constantFrom(
          ...["inputs", "outputs", "name", "datatype", "shape", "data"],
          ...["parameters", "binary_data_size", "id", "__proto__"],
        ),
        tie("any"),
      ),
    ),
  })).any;
  fc.assert(fc.property(
    value,
    fc.uint8Array({ maxLength: 20 }),
    fc.option(fc.string()),
    (head, bytes, headerLength) => {
      const [json] = bodyOf(head, bytes);
      const mutated = Uint8Array.from(json);
      for (const body of [json, mutated.reverse()]) {
        try {
          const rules = { model, headerLength, mostPixels: 100 };
          assert(parseInfer(body, rules).images.length > 0);
        } catch (error) {
          assert(error instanceof UnetError, String(error));
        }
      }
    },
  ));
});
