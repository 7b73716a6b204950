import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import type { Input } from "./setting.ts";
import { faultOfInput, typedOf } from "./typed_values.ts";

const inputs: Input[] = [
  { name: "epochs", kind: "whole", minimum: 1, maximum: 9, help: "" },
  { name: "lr", kind: "number", minimum: 0, help: "" },
  { name: "loss", kind: "choice", choices: ["bce", "dice"], help: "" },
  { name: "out", kind: "text", value: "DIR", default: "runs", help: "" },
  { name: "nesterov", kind: "switch", help: "" },
];

Deno.test("typedOf() reads values as if they had been typed", () => {
  const typed = typedOf(
    inputs,
    { epochs: 3, lr: "1e-3", nesterov: true, loss: null },
    "a file",
  );
  assertEquals([typed.number("epochs"), typed.number("lr")], [3, 1e-3]);
  assertEquals([typed.on("nesterov"), typed.given("loss")], [true, false]);
  assertEquals([typed.text("out"), typed.given("out")], ["runs", false]);
});

for (
  const [name, value, expected] of [
    ["epochs", 0, "a whole number from 1 to 9"],
    ["epochs", 1.5, "a whole number from 1 to 9"],
    ["epochs", "", "a whole number from 1 to 9"],
    ["epochs", true, "a value"],
    ["lr", -1, "a number from 0"],
    ["lr", "NaN", "a number from 0"],
    ["loss", "mse", "bce, dice"],
    ["out", "", "DIR"],
    ["nesterov", "yes", "true or false"],
  ] as const
) {
  Deno.test(`typedOf() refuses ${name} ${JSON.stringify(value)}`, () => {
    assertThrows(
      () => typedOf(inputs, { [name]: value }, "a file"),
      UsageError,
      `Cannot use setting "${name}": found ${value} in a file, expected ${expected}`,
    );
  });
}

Deno.test("typedOf() refuses a name that is no input, and lists those there are", () => {
  assertThrows(
    () => typedOf(inputs, { epoch: 3 }, "a file"),
    UsageError,
    'Cannot use setting "epoch": found no such setting in a file, expected one of epochs, lr, ',
  );
});

Deno.test("faultOfInput() finds nothing wrong with the bounds themselves", () => {
  const [epochs] = inputs;
  for (const value of ["1", "9", " 4 "]) {
    assertEquals(faultOfInput(epochs!, value), undefined);
  }
  assertEquals(faultOfInput(epochs!, "10"), "a whole number from 1 to 9");
});
