import { assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { refuseOfObjects } from "./refuse_of_objects.ts";

Deno.test("refuseOfObjects() refuses each setting of objects that is given, 0 too", () => {
  refuseOfObjects({});
  refuseOfObjects({ threshold: null, depth: undefined });
  for (const name of ["threshold", "minimalArea", "maximalHole", "depth"]) {
    assertThrows(
      () => refuseOfObjects({ [name]: 0 }),
      UsageError,
      `Cannot use setting "${name}": found a model that predicts a class per ` +
        "pixel, expected a model that finds objects; leave out " +
        `\`${name}\``,
    );
  }
});
