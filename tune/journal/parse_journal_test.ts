import { assert, assertEquals, assertThrows } from "@std/assert";
import { FileError } from "@unet/errors";
import { parsePythonJson } from "./_python_json.ts";
import { stateOf } from "./fixtures/state_of.ts";
import { parseJournal } from "./parse_journal.ts";

const at = (name: string): URL => new URL(`fixtures/${name}`, import.meta.url);
const expected = parsePythonJson(
  Deno.readTextFileSync(at("journals.json")),
) as Record<string, { trials: Record<string, string | null>[] }[]>;

/** Times of old journals have no offset: they are local where they are read. */
function inUtc(studies: typeof expected[string]): unknown {
  const toUtc = (time: string | null | undefined): string | null =>
    time ? new Date(time).toISOString() : null;
  return studies.map((study) => ({
    ...study,
    trials: study.trials.map((trial) => ({
      ...trial,
      started: toUtc(trial.started),
      completed: toUtc(trial.completed),
    })),
  }));
}

for (const [name, studies] of Object.entries(expected)) {
  Deno.test(`parseJournal() finds in ${name}.log what Optuna finds`, () => {
    const content = Deno.readFileSync(at(`${name}.log`));
    assertEquals(stateOf(parseJournal(content)), inUtc(studies));
  });
}

const begun =
  '{"op_code":0,"worker_id":"a-1","study_name":"s","directions":[1]}\n' +
  '{"op_code":4,"worker_id":"a-1","study_id":0,"datetime_start":null}\n';

Deno.test("parseJournal() finds nothing in an empty file, or in half a line", () => {
  assertEquals(parseJournal(""), []);
  assertEquals(parseJournal(begun.slice(0, 30)), []);
  assertEquals(parseJournal(new Uint8Array(7)), []);
});

Deno.test("parseJournal() takes the ends of lines of Windows", () => {
  const [study] = parseJournal(begun.replaceAll("\n", "\r\n"));
  assertEquals(study?.trials.length, 1);
});

Deno.test("parseJournal() lets a broken line pass only as the last one", () => {
  assertEquals(parseJournal(begun + "{\n")[0]?.trials.length, 1);
  assertThrows(
    () => parseJournal(begun + "{\n" + begun, "a.log"),
    FileError,
    'Cannot read journal "a.log": found no JSON in line 3',
  );
  assertThrows(
    () => parseJournal(Uint8Array.of(0xff, 10, 10)),
    FileError,
    'Cannot read journal "journal": found no JSON in line 1',
  );
});

const distribution = JSON.stringify(
  JSON.stringify({
    name: "CategoricalDistribution",
    attributes: { choices: ["a", "b"] },
  }),
);
const param = (text: string): string =>
  `"op_code":5,"trial_id":0,"param_name":"x","param_value_internal":0,` +
  `"distribution":${JSON.stringify(text)}`;
const float = (attributes: string): string =>
  param(`{"name":"FloatDistribution","attributes":{${attributes}}}`);

const faults: readonly (readonly [string, string])[] = [
  ['"op_code":11', "op_code 11"],
  ['"op_code":"0"', 'op_code "0"'],
  ['"op_code":0.5', "op_code 0.5"],
  ['"study_name":"s"', 'no usable "op_code"'],
  ['"op_code":0,"worker_id":3', 'no usable "worker_id"'],
  ['"op_code":0,"directions":[1]', 'no usable "study_name"'],
  ['"op_code":0,"study_name":"t"', 'no usable "directions"'],
  ['"op_code":0,"study_name":"t","directions":[0]', "direction 0"],
  ['"op_code":0,"study_name":"t","directions":[3]', "direction 3"],
  ['"op_code":1,"study_id":"0"', 'no usable "study_id"'],
  ['"op_code":2,"study_id":0,"user_attr":{}', 'no usable "user_attr"'],
  [
    '"op_code":3,"study_id":0,"system_attr":[]',
    "system_attr that is no object",
  ],
  [
    '"op_code":8,"trial_id":0,"user_attr":{"a":1,"b":2}',
    'no usable "user_attr"',
  ],
  ['"op_code":4,"study_id":0', 'no usable "datetime_start"'],
  ['"op_code":4,"study_id":0,"datetime_start":"today"', 'the time "today"'],
  [
    '"op_code":4,"study_id":0,"datetime_start":"2026-02-31T99:00:00"',
    'the time "2026-02-31T99:00:00"',
  ],
  ['"op_code":4,"study_id":0,"datetime_start":null,"state":5', "state 5"],
  [
    '"op_code":4,"study_id":0,"datetime_start":null,"value":1,"values":[1]',
    'both "value" and "values"',
  ],
  [
    '"op_code":4,"study_id":0,"datetime_start":null,"params":{"x":1}',
    'a parameter "x" without a distribution',
  ],
  [
    '"op_code":4,"study_id":0,"datetime_start":null,"distributions":{"x":1}',
    'no usable "distributions"',
  ],
  [
    '"op_code":4,"study_id":0,"datetime_start":null,"intermediate_values":{"":1}',
    'no usable "intermediate_values"',
  ],
  ['"op_code":6,"trial_id":0,"state":1,"values":[1]', '"datetime_complete"'],
  ['"op_code":6,"trial_id":0,"state":0,"values":null', '"datetime_start"'],
  ['"op_code":6,"trial_id":0,"state":4,"values":["1"]', 'usable "values"'],
  [
    '"op_code":7,"trial_id":0,"step":0.5,"intermediate_value":1',
    'no usable "step"',
  ],
  [
    '"op_code":7,"trial_id":0,"step":0,"intermediate_value":null',
    'no usable "intermediate_value"',
  ],
  [
    `"op_code":5,"trial_id":0,"param_name":"x","param_value_internal":2,"distribution":${distribution}`,
    "choice 2 of 2",
  ],
  [
    `"op_code":5,"trial_id":0,"param_name":"x","param_value_internal":NaN,"distribution":${distribution}`,
    "NaN as a whole number",
  ],
  [param("[]"), "a distribution that is no object"],
  [param("{"), "a distribution that is no JSON"],
  [param('{"name":"toString"}'), 'the distribution "toString"'],
  [param('{"type":"normal"}'), 'the distribution "normal"'],
  [param('{"name":"IntDistribution"}'), "a distribution without attributes"],
  [
    param('{"name":"CategoricalDistribution","attributes":{"choices":[]}}'),
    "a distribution without choices",
  ],
  [float('"low":0'), 'a distribution without a number "high"'],
  [float('"low":2,"high":1'), "a distribution of 2 to 1"],
  [float('"low":0,"high":1,"log":true'), "of 0 on a logarithmic scale"],
  [float('"low":0,"high":1,"log":1'), '"log" is neither true nor false'],
  [float('"low":0,"high":1,"step":0'), "a distribution of step 0"],
  [
    float('"low":1,"high":2,"step":1,"log":true'),
    "of step 1 on a logarithmic scale",
  ],
];

for (const [fields, found] of faults) {
  Deno.test(`parseJournal() refuses a line with ${found} (${fields.slice(0, 11)})`, () => {
    const { message } = assertThrows(
      () => parseJournal(`${begun}{"worker_id":"a-1",${fields}}\n`, "a.log"),
      FileError,
    );
    assertEquals(message.slice(0, 34), 'Cannot read journal "a.log": found');
    assertEquals(message.slice(-10), " in line 3");
    assertEquals(message.includes(found), true, message);
  });
}

Deno.test("parseJournal() shows lists among the choices as text", () => {
  const lists = JSON.stringify(
    '{"name":"CategoricalDistribution","attributes":{"choices":[[1,"a"],null]}}',
  );
  const [study] = parseJournal(
    `${begun}{"op_code":5,"worker_id":"a-1","trial_id":0,"param_name":"x",` +
      `"param_value_internal":0,"distribution":${lists}}\n`,
  );
  assertEquals(study?.trials[0]?.params, { x: '[1, "a"]' });
});

const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

Deno.test("parseJournal() refuses lists that lie too deep, in the last line too", () => {
  for (
    const [name, value] of [
      ["op_code", deep(1e5)],
      ["study_name", deep(1e5)],
      ["directions", deep(70)],
      ["user_attr", `{"a":${deep(1e5)}}`],
    ]
  ) {
    const line =
      `{"op_code":0,"worker_id":"a","study_name":"s","directions":[1],"${name}":${value}}\n`;
    assertThrows(
      () => parseJournal(line, "a.log"),
      FileError,
      'Cannot read journal "a.log": found JSON nested more than 64 deep in line 1',
    );
  }
});

Deno.test("parseJournal() shows wrong values in a few words", () => {
  const line = (fields: string) =>
    `{"op_code":0,"worker_id":"a","study_name":"s","directions":[1],${fields}}\n`;
  const trial = (fields: string) =>
    begun + `{"op_code":5,"worker_id":"a","trial_id":0,${fields}}\n`;
  const distribution = (text: unknown) =>
    trial(
      `"param_name":"x","param_value_internal":0,"distribution":${
        JSON.stringify(JSON.stringify(text))
      }`,
    );
  for (
    const [content, found] of [
      [line(`"op_code":${deep(60)}`), "op_code [[[[…]]]]"],
      [line(`"op_code":{"a":1}`), 'op_code {"a":1}'],
      [line('"directions":["length"]'), 'direction "length"'],
      [line(`"directions":[${deep(60)}]`), "direction [[[[…]]]]"],
      [
        distribution({ name: { a: [1] }, attributes: {} }),
        'the distribution {"a":[1]}',
      ],
      [
        distribution({ name: "x".repeat(1e5), attributes: {} }),
        `the distribution "${"x".repeat(80)}…"`,
      ],
      [
        begun.replace("null", `"${"9".repeat(1e5)}"`),
        `the time "${"9".repeat(80)}…"`,
      ],
    ] as const
  ) {
    const error = assertThrows(() => parseJournal(content), FileError);
    assert(error.message.includes(`found ${found} in line`), error.message);
  }
});

Deno.test("parseJournal() refuses a line that no writer's memory would hold", () => {
  const long = " ".repeat(2 ** 24 + 1);
  for (const content of [long, `${long}\n`, `${begun}${long}${begun}`]) {
    assertThrows(
      () => parseJournal(content),
      FileError,
      "found more than 16777216 bytes in line",
    );
  }
});

Deno.test("parseJournal() reads long texts beside NaN", () => {
  const line = begun.replace(
    "null}",
    'null,"value":NaN,"user_attrs":{"note":"' + '\\"x'.repeat(3e6) + '"}}',
  );
  const [study] = parseJournal(line);
  assertEquals(study?.trials[0]?.values, [NaN]);
});
