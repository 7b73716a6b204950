import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { channelInput, hasChosenChannels } from "./channel_input.ts";
import { classTask } from "./class_task.ts";
import { describeTask } from "./describe_task.ts";
import { fillLosses } from "./fill_losses.ts";
import { channelsOfHeads, hasOneChannel, headPlaces } from "./head_places.ts";
import { hasBorders, objectTask } from "./object_task.ts";
import { parseTask } from "./parse_task.ts";
import {
  activations,
  type Head,
  normalizations,
  type Task,
  unknownLoss,
} from "./task.ts";

const anyName = fc.stringMatching(/^[\p{L}\p{N}][\p{L}\p{N} +._-]{0,20}$/u);

const anyHead: fc.Arbitrary<Head> = fc.record({
  name: anyName,
  channels: fc.integer({ min: 1, max: 9 }),
  activation: fc.constantFrom(...activations),
  target: anyName,
  loss: anyName,
  weight: fc.double({ min: 0, max: 1e6, noNaN: true }),
});

const anyTask: fc.Arbitrary<Task> = fc.record({
  input: fc.record({
    channels: fc.uniqueArray(fc.record({ name: anyName }), {
      selector: ({ name }) => name,
      minLength: 1,
      maxLength: 5,
    }),
    normalization: fc.constantFrom(...normalizations),
  }),
  heads: fc.uniqueArray(anyHead, {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 4,
  }),
});

Deno.test("parseTask() gives back what a task became as JSON", () => {
  fc.assert(fc.property(anyTask, (task) => {
    // JSON has no negative zero.
    const plain = JSON.parse(JSON.stringify(task));
    assertEquals(parseTask(plain), plain);
  }));
});

Deno.test("parseTask() leaves out what does not belong to a task", () => {
  const task = objectTask();
  assertEquals(
    parseTask({ ...task, author: "me", input: { ...task.input, size: 3 } }),
    task,
  );
});

Deno.test("parseTask() names the part that is wrong, what was found and what was expected", () => {
  const task = objectTask();
  const [head] = task.heads;
  const withHead = (change: Record<string, unknown>): unknown => ({
    ...task,
    heads: [{ ...head, ...change }],
  });
  const cases: [unknown, string][] = [
    [null, '"task": found null, expected an object'],
    [{ heads: [] }, '"input": found nothing, expected an object'],
    [{ ...task, heads: [] }, '"heads": found [], expected a list of 1 to 1024'],
    [
      { ...task, heads: [head, head] },
      '"heads": found "object", expected each name once',
    ],
    [
      { ...task, input: { ...task.input, normalization: "none" } },
      '"input.normalization": found "none", expected stretch-dark, color-percentiles, percentiles',
    ],
    [
      { ...task, input: { ...task.input, channels: [{ name: " a" }] } },
      '"input.channels[0].name": found " a", expected a name of up to 256',
    ],
    [
      withHead({ channels: 0 }),
      '"heads[0].channels": found 0, expected an integer from 1 to 1024',
    ],
    [
      withHead({ channels: 1.5 }),
      '"heads[0].channels": found 1.5, expected an integer',
    ],
    [
      withHead({ activation: "relu" }),
      '"heads[0].activation": found "relu", expected sigmoid, softmax, none',
    ],
    [
      withHead({ weight: -1 }),
      '"heads[0].weight": found -1, expected a number from 0',
    ],
    [
      withHead({ weight: NaN }),
      '"heads[0].weight": found NaN, expected a number from 0',
    ],
    [withHead({ loss: 7 }), '"heads[0].loss": found 7, expected a name'],
  ];
  for (const [value, message] of cases) {
    assertThrows(
      () => parseTask(value),
      RangeError,
      `Cannot use task with ${message}`,
    );
  }
});

Deno.test("parseTask() takes channels' names as files have them, and each channel once", () => {
  const task = objectTask();
  const withChannels = (...names: string[]) => ({
    ...task,
    input: { ...task.input, channels: names.map((name) => ({ name })) },
  });
  const longest = "x".repeat(256);
  for (const name of [longest, "Alexa Fluor 488/GFP (nuclei, 2×)", "α", "1"]) {
    const { channels } = parseTask(withChannels(name)).input;
    assertEquals(channels, [{ name }]);
  }
  for (const name of [`${longest}x`, "", " ", "a\nb", "a\u202eb"]) {
    assertThrows(
      () => parseTask(withChannels(name)),
      RangeError,
      "input.channels[0].name",
    );
  }
  assertThrows(
    () => parseTask(withChannels("red", "green", "red")),
    RangeError,
    "each name once",
  );
});

Deno.test("headPlaces() gives each head its channels, one after the other, without gaps", () => {
  fc.assert(fc.property(anyTask, ({ heads }) => {
    let next = 0;
    for (const { head, from, to } of headPlaces(heads)) {
      assertEquals([from, to - from], [next, head.channels]);
      next = to;
    }
    assertEquals(next, channelsOfHeads(heads));
  }));
});

Deno.test("objectTask() has a border head where its weight is given, also 0", () => {
  const names = (task: Task) => task.heads.map(({ name }) => name);
  assertEquals(names(objectTask()), ["object"]);
  assertEquals(names(objectTask({ borderWeight: 0 })), ["object", "border"]);
  assertEquals(objectTask({ borderWeight: 0.3 }).heads[1]!.weight, 0.3);
  assertEquals(objectTask({ loss: "dice" }).heads[0]!.loss, "dice");
});

Deno.test("describeTask() has a line for the input and a line per head", () => {
  fc.assert(fc.property(anyTask, (task) => {
    const [input, ...heads] = describeTask(task);
    for (const { name } of task.input.channels) {
      assertEquals(input!.includes(name), true);
    }
    assertEquals(heads.length, task.heads.length);
    heads.forEach((line, at) =>
      assertEquals(line.startsWith(`Head ${task.heads[at]!.name}: `), true)
    );
  }));
});

Deno.test("fillLosses() changes heads of unknown loss alone, and only where the other task has them", () => {
  const known = objectTask({ loss: "dice", borderWeight: 0.3 });
  const [object, border] = known.heads;
  const stored = (loss: string, head: Head): Head => ({
    ...head,
    loss,
    weight: 1,
  });
  const task = {
    ...known,
    heads: [stored("bce", object!), stored(unknownLoss, border!)],
  };
  assertEquals(fillLosses(task, known).heads, [
    stored("bce", object!),
    border!,
  ]);
  assertEquals(fillLosses(task, objectTask()), task);
});

Deno.test("hasBorders() and hasOneChannel() look at heads", () => {
  const { heads: [object] } = objectTask();
  assertEquals(hasBorders({ heads: [object!] }), false);
  assertEquals(hasBorders(objectTask({ borderWeight: 0 })), true);
  assertEquals(hasOneChannel(object!), true);
  assertEquals(hasOneChannel({ channels: 2 }), false);
});

Deno.test("classTask() has a channel per class, and is stored with their names and weights", () => {
  const classes = ["background", "axon", "myelin"];
  const task = classTask({ classes, loss: "focal", classWeights: [0.5, 1, 2] });
  const [head] = task.heads;
  assertEquals([head!.channels, head!.activation], [3, "softmax"]);
  assertEquals(parseTask(JSON.parse(JSON.stringify(task))), task);
  assertEquals(
    describeTask(task)[1],
    "Head classes: 3 channels (background, axon, myelin), softmax; target classes, loss focal, class weights 0.5, 1, 2",
  );
});

Deno.test("objectTask() has a head of classes beside the object head where there are some", () => {
  const classes = ["background", "tumor", "stroma"];
  const task = objectTask({
    ...{ borderWeight: 0.1, classes, classWeight: 0.5 },
    classWeights: [0, 1, 2],
  });
  assertEquals(task.heads.slice(0, 2), objectTask({ borderWeight: 0.1 }).heads);
  assertEquals(parseTask(JSON.parse(JSON.stringify(task))), task);
  assertEquals(
    describeTask(task)[3],
    "Head classes: 3 channels (background, tumor, stroma), softmax; target instance-classes, loss ce, weight 0.5, class weights 0, 1, 2",
  );
});

Deno.test("parseTask() refuses names and weights that do not fit a head's channels", () => {
  const [head] = classTask({ classes: ["a", "b"] }).heads;
  for (
    const [change, message] of [
      [{ classes: ["a"] }, "heads[0].classes"],
      [{ classes: ["a", "a"] }, "heads[0].classes"],
      [{ classes: ["a", ""] }, "heads[0].classes[1]"],
      [{ classWeights: [1] }, "heads[0].classWeights"],
      [{ classWeights: [1, -1] }, "heads[0].classWeights[1]"],
      [{ classWeights: [1, null] }, "heads[0].classWeights[1]"],
    ] as const
  ) {
    const task = { ...objectTask(), heads: [{ ...head, ...change }] };
    assertThrows(() => parseTask(task), RangeError, message);
  }
});

Deno.test("channelInput() gives names as they are, and numbers as files without names have them", () => {
  const input = channelInput(["DAPI", 0, "actin"]);
  assertEquals(input, {
    channels: [{ name: "DAPI" }, { name: "channel 0" }, { name: "actin" }],
    normalization: "percentiles",
  });
  assertEquals(parseTask(objectTask({ input })).input, input);
  assertEquals(classTask({ classes: ["a", "b"], input }).input, input);
  assertEquals(hasChosenChannels(input), true);
  assertEquals(hasChosenChannels(objectTask().input), false);
  assertEquals(
    describeTask(objectTask({ input }))[0],
    "Input: DAPI, channel 0, actin; normalization percentiles",
  );
});
