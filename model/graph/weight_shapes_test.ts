import { assertEquals } from "@std/assert";
import { graphOf } from "../networks/graph_of.ts";
import { completePlan } from "../plan.ts";
import { isParameter, weightShapes } from "./weight_shapes.ts";

const shapes = weightShapes(graphOf(completePlan()));

Deno.test("weightShapes() lists a convolution and its batch norm in PyTorch's order", () => {
  assertEquals(
    shapes.slice(0, 6).map(({ name, shape, role }) => [name, shape, role]),
    [
      ["encoder.features.0.weight", [3, 3, 3, 64], "kernel"],
      ["encoder.features.0.bias", [64], "bias"],
      ["encoder.features.1.weight", [64], "scale"],
      ["encoder.features.1.bias", [64], "offset"],
      ["encoder.features.1.running_mean", [64], "mean"],
      ["encoder.features.1.running_var", [64], "variance"],
    ],
  );
});

Deno.test("weightShapes() gives up-convolutions [height, width, out, in] and the head 1×1", () => {
  const shapeOf = (name: string) =>
    shapes.find((weight) => weight.name === name)?.shape;
  assertEquals(shapeOf("decoder.1.up.weight"), [2, 2, 256, 512]);
  assertEquals(shapeOf("decoder.1.up.bias"), [256]);
  assertEquals(shapeOf("head.weight"), [1, 1, 32, 1]);
  assertEquals(shapeOf("head.bias"), [1]);
});

Deno.test("weightShapes() names every tensor once", () => {
  assertEquals(new Set(shapes.map(({ name }) => name)).size, shapes.length);
  assertEquals(shapes.length, 27 * 6 + 5 * 2 + 2);
});

Deno.test("isParameter() is false for running statistics alone", () => {
  const others = shapes.filter(({ role }) => !isParameter(role));
  assertEquals(others.length, 27 * 2);
  assertEquals(
    others.every(({ name }) => /\.running_(mean|var)$/.test(name)),
    true,
  );
});

Deno.test("weightShapes() starts kernels by fan-out where ReLU follows, and by fan-in elsewhere", () => {
  const deviationOf = (name: string) =>
    shapes.find((weight) => weight.name === name)!.deviation;
  assertEquals(deviationOf("encoder.features.7.weight"), Math.sqrt(2 / 1152));
  assertEquals(deviationOf("decoder.1.up.weight"), Math.sqrt(1 / 512));
  assertEquals(deviationOf("head.weight"), Math.sqrt(1 / 32));
  const others = shapes.filter(({ role }) => role !== "kernel");
  assertEquals(new Set(others.map(({ deviation }) => deviation)), new Set([0]));
});
