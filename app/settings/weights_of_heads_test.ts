import { assertEquals } from "@std/assert";
import { classTask, objectTask } from "@unet/task";
import { weightsOfHeads } from "./weights_of_heads.ts";

const none = { classes: null, objectClasses: null };
const named = (...names: string[]) =>
  names.map((name, value) => ({ name, value }));

Deno.test("weightsOfHeads() takes the border head's weight for objects alone", () => {
  const task = objectTask({ borderWeight: 0.6 });
  assertEquals(weightsOfHeads(task, none), { boundaryWeight: 0.6 });
  assertEquals(weightsOfHeads(objectTask(), none), {});
  assertEquals(weightsOfHeads(undefined, none), {});
  const classes = named("background", "axon");
  assertEquals(weightsOfHeads(task, { ...none, classes }), {});
});

Deno.test("weightsOfHeads() takes weights of the same classes", () => {
  const classWeights = [0.5, 1, 2];
  const maps = classTask({ classes: ["background", "a", "b"], classWeights });
  const of = (...names: string[]) =>
    weightsOfHeads(maps, { ...none, classes: named(...names) });
  assertEquals(of("background", "a", "b"), { classWeights });
  assertEquals(of("background", "b", "a"), {});
  assertEquals(of("background", "a"), {});
  const objects = objectTask({
    classes: ["background", "a", "b"],
    classWeights,
  });
  assertEquals(
    weightsOfHeads(objects, { ...none, objectClasses: ["a", "b"] }),
    {
      classWeights,
    },
  );
  assertEquals(weightsOfHeads(objects, none), {});
});
