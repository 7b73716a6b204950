import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import * as errors from "./unet_error.ts";

for (const [name, ErrorClass] of Object.entries(errors)) {
  Deno.test(`${name} is a UnetError that carries its name, message and class`, () => {
    const error = new ErrorClass("Cannot read image");
    assert(error instanceof errors.UnetError);
    assert(error instanceof Error);
    assert(error instanceof ErrorClass);
    assertEquals(error.name, name);
    assertEquals(String(error), `${name}: Cannot read image`);
    assertEquals(ErrorClass.name, name);
  });
}

Deno.test("FileError keeps what caused it", () => {
  const cause = new Deno.errors.NotFound("gone");
  assertStrictEquals(
    new errors.FileError("Cannot read", { cause }).cause,
    cause,
  );
});

Deno.test("DatasetError carries every fault and what caused it", () => {
  const cause = new Error("first");
  const faults = ["a.png has no mask", "b.png is cut off"];
  const error = new errors.DatasetError("Cannot use dataset", faults, {
    cause,
  });
  assertEquals(error.message, "Cannot use dataset");
  assertEquals(error.faults, faults);
  assertStrictEquals(error.cause, cause);
});

Deno.test("DatasetError has no faults where none are given", () => {
  assertEquals(new errors.DatasetError("Cannot use dataset").faults, []);
});

Deno.test("the classes distinguish faults", () => {
  assert(!(new errors.ModelError("x") instanceof errors.FileError));
  assert(!(new errors.FileError("x") instanceof errors.DatasetError));
});
