import { assert, assertEquals } from "@std/assert";
import { packError, unpackError } from "./packed_error.ts";
import { DatasetError, ModelError, UnetError } from "./unet_error.ts";

/** What arrives on the other side. */
function sent(thrown: unknown): Error {
  return unpackError(structuredClone(packError(thrown)));
}

Deno.test("unpackError() makes errors of the same class, message, faults and cause", () => {
  const cause = new Deno.errors.NotFound("no file");
  const error = sent(new ModelError("Cannot load it", { cause }));
  assert(error instanceof ModelError && error instanceof UnetError);
  assertEquals(error.message, "Cannot load it");
  assert(error.cause instanceof Deno.errors.NotFound);
  const faulty = sent(new DatasetError("Cannot use it", ["one", "two"]));
  assert(faulty instanceof DatasetError);
  assertEquals(faulty.faults, ["one", "two"]);
  assert(sent(new RangeError("Cannot be 3")) instanceof RangeError);
});

Deno.test("packError() keeps what is no error, and names of classes that nobody knows", () => {
  assertEquals(sent("a text").message, "a text");
  class OwnError extends Error {
    override name = "OwnError";
  }
  const error = sent(new OwnError("mine"));
  assertEquals([error.name, error.message], ["OwnError", "mine"]);
  assert(!(error instanceof UnetError));
});
