import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatEvent,
  type ManifestEvent,
  parseEvent,
} from "./manifest_event.ts";

const at = "2026-01-31T12:00:00.000Z";
const events: ManifestEvent[] = [
  {
    ...{ event: "run", version: 1, at, setup: "0123456789abcdef", files: 3 },
    ...{ settings: { tta: "flips" }, model: "m", shard: "2/8" },
    formats: ["png"],
  },
  { event: "start", at, name: "a", outputs: ["a.png"] },
  {
    ...{ event: "done", at, name: "a", input: "in/a", size: 3, modified: 5.5 },
    ...{ hash: "0".repeat(64), setup: "0123456789abcdef", seconds: 1.5 },
    ...{ outputs: [{ path: "a.png", size: 9 }], counts: { nuclei: 3 } },
    ...{ sizes: { "20": 3 }, pixelSize: { x: 0.5, y: 0.25 } },
  },
  { event: "failed", at, name: "a", input: "in/a", error: "Cannot read" },
  { event: "begin", at, outputs: ["measurements.csv"] },
  {
    ...{ event: "wrote", at },
    outputs: [{ path: "measurements.csv", size: 9, kind: "table" }],
  },
  { event: "merge", at },
  { event: "end", at },
];

/** What may be absent. */
const optional = ["shard", "formats", "sizes", "pixelSize"];

for (const event of events) {
  Deno.test(`parseEvent() reads what formatEvent() writes of "${event.event}"`, () => {
    const line = formatEvent(event);
    assertEquals(line.indexOf("\n"), line.length - 1);
    assertEquals(parseEvent(line.trimEnd()), event);
  });

  Deno.test(`parseEvent() refuses "${event.event}" with a field that is missing or wrong`, () => {
    for (const field of Object.keys(event)) {
      if (["event", "version"].includes(field)) continue;
      const expected = `an event "${event.event}" with a wrong "${field}"`;
      const { [field as "at"]: _, ...rest } = event;
      assertEquals(
        parseEvent(JSON.stringify(rest)),
        optional.includes(field) ? rest : expected,
      );
      for (const value of [null, [1], true]) {
        const line = JSON.stringify({ ...event, [field]: value });
        assertEquals(parseEvent(line), expected, line);
      }
    }
  });
}

Deno.test("formatEvent() writes one line, whatever a file's name holds", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (name) => {
    const event = {
      event: "start",
      at,
      name,
      outputs: [`${name}.png`],
    } as const;
    const line = formatEvent(event);
    assertEquals(line.split("\n").length, 2);
    assertEquals(parseEvent(line.trimEnd()), event);
  }));
});

for (
  const [line, found] of [
    ["", "text that is not JSON"],
    ['{"event":"do', "text that is not JSON"],
    ["null", "no object"],
    ["[]", "no object"],
    ["3", "no object"],
    ["{}", "no event of a manifest"],
    ['{"event":"toString"}', "no event of a manifest"],
    ['{"event":"__proto__"}', "no event of a manifest"],
    ['{"event":["end"],"at":"x"}', "no event of a manifest"],
    [`{"event":${"[".repeat(1e5)}`, "JSON nested more than 64 deep"],
    [
      `{"event":"run","version":{"a":["${"x".repeat(1e5)}"]}}`,
      `version {"a":["${"x".repeat(73)}… of the format, ` +
      "which is not version 1",
    ],
    [
      '{"event":"run","version":2}',
      "version 2 of the format, which is not version 1",
    ],
    [
      `{"event":"failed","at":"yesterday","name":"a","input":"a","error":""}`,
      'an event "failed" with a wrong "at"',
    ],
    [
      `{"event":"start","at":"${at}","name":"a","outputs":[""]}`,
      'an event "start" with a wrong "outputs"',
    ],
  ] as const
) {
  Deno.test(
    `parseEvent() says what it finds in ${
      line.slice(0, 60) || "an empty line"
    }`,
    () => {
      assertEquals(parseEvent(line), found);
    },
  );
}

Deno.test("parseEvent() takes any text without failing", () => {
  fc.assert(fc.property(
    fc.oneof(fc.string(), fc.json(), fc.constant('{"event":"done"}')),
    (line) => {
      const event = parseEvent(line);
      assertEquals(typeof event === "string" || "event" in event, true);
    },
  ));
});
