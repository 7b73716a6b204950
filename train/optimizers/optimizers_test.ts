import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { TrainingError } from "@unet/errors";
import { adam } from "./adam.ts";
import { adamw } from "./adamw.ts";
import fixture from "../fixtures/optimizers.json" with { type: "json" };
import type { Optimizer } from "./optimizer.ts";
import type { LearningRate } from "../schedules/scheduler.ts";
import { sgd } from "./sgd.ts";

await tf.setBackend("cpu");

type Values = Readonly<Record<string, readonly number[]>>;
const makers = { sgd, adam, adamw };
const shapes: Values = fixture.shapes;

function tensors(values: Values): Map<string, tf.Tensor> {
  return new Map(
    Object.entries(values).map(([name, own]) => [
      name,
      tf.tensor([...own], [...shapes[name]!]),
    ]),
  );
}

function variables(values: Values): Map<string, tf.Variable> {
  return new Map(
    [...tensors(values)].map(([name, own]) => {
      const variable = tf.variable(own);
      own.dispose();
      return [name, variable];
    }),
  );
}

function disposeAll(...maps: ReadonlyMap<string, tf.Tensor>[]): void {
  for (const map of maps) tf.dispose([...map.values()]);
}

/** Takes one of the fixture's steps. */
function step(
  optimizer: Optimizer,
  weights: ReadonlyMap<string, tf.Variable>,
  index: number,
  rate: LearningRate,
  frozen = false,
): void {
  const gradients = tensors(fixture.gradients[index]!);
  const given = new Map(gradients);
  if (frozen) given.delete("conv.bias");
  optimizer.step(weights, given, rate);
  disposeAll(gradients);
}

function valuesOf(map: ReadonlyMap<string, tf.Tensor>): Values {
  return Object.fromEntries(
    [...map].map(([name, tensor]) => [name, [...tensor.dataSync()]]),
  );
}

function assertClose(actual: Values, expected: Values, message: string): void {
  assertEquals(Object.keys(actual), Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    values.forEach((value, i) => {
      const found = actual[name]![i]!;
      assert(
        Math.abs(found - value) <= 1e-6 * Math.max(1, Math.abs(value)),
        `${message}, ${name}[${i}]: ${found}, expected ${value}`,
      );
    });
  }
}

for (
  const { optimizer: name, options, rates, frozenSteps, after } of fixture.cases
) {
  const rest = [
    rates.some((rate) => "momentum" in rate) ? " with cycled momentum" : "",
    frozenSteps > 0 ? " with a parameter frozen at first" : "",
  ].join("");
  const title = `${name}(${
    JSON.stringify(options)
  }) equals PyTorch over ${rates.length} steps of ${rates[0]!.learningRate}…${
    rates[5]!.learningRate
  }${rest}`;
  Deno.test(title, () => {
    const optimizer = makers[name as "sgd"](options);
    const weights = variables(fixture.start);
    rates.forEach((rate, i) => {
      step(optimizer, weights, i, rate, i < frozenSteps);
      assertClose(valuesOf(weights), after[i]!, `step ${i}`);
    });
    optimizer.dispose();
    disposeAll(weights);
  });
}

const kinds: Readonly<Record<string, () => Optimizer>> = {
  "sgd()": sgd,
  "sgd() without momentum": () => sgd({ momentum: 0 }),
  "sgd() with Nesterov": () => sgd({ nesterov: true, weightDecay: 0.1 }),
  "adam()": adam,
  "adamw()": adamw,
};
const rate = { learningRate: 0.1 };

for (const [name, make] of Object.entries(kinds)) {
  Deno.test(`${name} keeps the number of tensors from its second step on`, () => {
    const before = tf.memory().numTensors;
    const optimizer = make();
    const weights = variables(fixture.start);
    step(optimizer, weights, 0, rate);
    const once = tf.memory();
    for (let i = 1; i < 6; i++) step(optimizer, weights, i, rate);
    assertEquals(tf.memory().numTensors, once.numTensors);
    assertEquals(tf.memory().numDataBuffers, once.numDataBuffers);
    optimizer.dispose();
    disposeAll(weights);
    assertEquals(tf.memory().numTensors, before);
  });

  Deno.test(`${name} restored midway continues bit for bit`, () => {
    const [whole, first, second] = [make(), make(), make()];
    const expected = variables(fixture.start);
    const weights = variables(fixture.start);
    for (let i = 0; i < 6; i++) step(whole, expected, i, rate);
    for (let i = 0; i < 3; i++) step(first, weights, i, rate);
    // Through plain numbers, as through a file.
    const saved = new Map(
      [...first.state()].map(([key, tensor]) => [
        key,
        tf.tensor(new Float32Array(tensor.dataSync()), tensor.shape),
      ]),
    );
    first.dispose();
    // What was remembered before is forgotten.
    step(second, weights, 5, { learningRate: 0 });
    const decayFree = valuesOf(weights);
    second.restore(saved);
    disposeAll(saved);
    assertEquals(valuesOf(weights), decayFree);
    for (let i = 3; i < 6; i++) step(second, weights, i, rate);
    assertEquals(valuesOf(weights), valuesOf(expected));
    assertEquals(valuesOf(second.state()), valuesOf(whole.state()));
    whole.dispose();
    second.dispose();
    disposeAll(weights, expected);
  });

  Deno.test(`${name} leaves parameters without a gradient alone`, () => {
    const optimizer = make();
    const weights = variables(fixture.start);
    const before = valuesOf(weights)["conv.bias"];
    step(optimizer, weights, 0, rate, true);
    assertEquals(valuesOf(weights)["conv.bias"], before);
    assert([...optimizer.state().keys()].every((key) => !key.includes("bias")));
    optimizer.dispose();
    disposeAll(weights);
  });

  Deno.test(`${name} throws before it changes anything when a gradient does not fit`, () => {
    const optimizer = make();
    const weights = variables(fixture.start);
    const good = tensors(fixture.gradients[0]!);
    const bad = tf.zeros([3, 2]);
    const before = valuesOf(weights);
    assertThrows(
      () => optimizer.step(weights, new Map([...good, ["extra", bad]]), rate),
      TypeError,
      'Cannot step along gradient "extra": found no parameter of that name, expected one for each gradient',
    );
    assertThrows(
      () =>
        optimizer.step(weights, new Map([...good, ["conv.weight", bad]]), rate),
      TypeError,
      `Cannot step along gradient "conv.weight": found shape [3, 2], expected [2, 3], as the parameter's`,
    );
    for (
      const wrong of [
        { learningRate: -1 },
        { learningRate: NaN },
        { learningRate: Infinity },
        { learningRate: 1, momentum: 1 },
      ]
    ) {
      assertThrows(() => optimizer.step(weights, good, wrong), RangeError);
    }
    assertEquals(valuesOf(weights), before);
    assertEquals(optimizer.state().size, 0);
    bad.dispose();
    disposeAll(weights, good);
  });

  Deno.test(`${name} does not restore what another rule saved`, () => {
    const optimizer = make();
    const foreign = new Map([["velocity/conv.weight", tf.zeros([2, 3])]]);
    assertThrows(
      () => optimizer.restore(foreign),
      TrainingError,
      "found velocity/conv.weight, expected slots ",
    );
    assertEquals(optimizer.state().size, 0);
    disposeAll(foreign);
  });

  Deno.test(`${name} lists all its settings as JSON`, () => {
    const { settings } = make();
    assertEquals(JSON.parse(JSON.stringify(settings)), settings);
  });
}

Deno.test("sgd() and adam() throw at the state of a model of another width", () => {
  for (
    const [optimizer, slots] of [
      [sgd(), ["momentum"]],
      [adam(), ["mean", "square"]],
    ] as const
  ) {
    const weights = variables(fixture.start);
    const before = valuesOf(weights);
    const state = new Map<string, tf.Tensor>(
      slots.map((slot) => [`${slot}/conv.bias`, tf.zeros([9])]),
    );
    if (optimizer.name === "adam") state.set("steps/conv.bias", tf.scalar(1));
    optimizer.restore(state);
    assertThrows(
      () => step(optimizer, weights, 0, rate),
      TrainingError,
      `${slots[0]}/conv.bias of shape [9], expected [4], as the parameter's`,
    );
    assertEquals(valuesOf(weights), before);
    optimizer.dispose();
    disposeAll(weights, state);
  }
});

Deno.test("adam() does not restore a state with holes or broken counts", () => {
  const optimizer = adam();
  const whole = new Map<string, tf.Tensor>([
    ["mean/w", tf.zeros([2])],
    ["square/w", tf.zeros([2])],
    ["steps/w", tf.scalar(1.5)],
  ]);
  assertThrows(
    () => optimizer.restore(whole),
    TrainingError,
    "found steps/w of 1.5, expected a whole number from 1",
  );
  whole.delete("steps/w");
  assertThrows(
    () => optimizer.restore(whole),
    TrainingError,
    "found no steps/w, expected one beside mean/w",
  );
  disposeAll(whole);
});

Deno.test("sgd(), adam() and adamw() throw when a setting is out of range", () => {
  assertThrows(
    () => sgd({ momentum: 1 }),
    RangeError,
    'Cannot use SGD setting "momentum": found 1, expected a number from 0, below 1',
  );
  assertThrows(() => sgd({ dampening: 2 }), RangeError, '"dampening"');
  assertThrows(() => sgd({ weightDecay: -1 }), RangeError, '"weightDecay"');
  assertThrows(() => sgd({ nesterov: true, momentum: 0 }), RangeError);
  assertThrows(() => sgd({ nesterov: true, dampening: 0.5 }), RangeError);
  assertThrows(() => adam({ beta1: 1 }), RangeError, '"beta1"');
  assertThrows(() => adam({ beta2: NaN }), RangeError, '"beta2"');
  assertThrows(() => adamw({ epsilon: -1 }), RangeError, '"epsilon"');
  assertThrows(() => adamw({ weightDecay: Infinity }), RangeError);
});
