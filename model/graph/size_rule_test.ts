import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { GraphBuilder } from "./graph_builder.ts";
import { extentsOf, halves } from "./extent.ts";
import { fitTo, sizeRuleOf } from "./size_rule.ts";

/** Levels of some unpadded convolutions and a pooling, and as many steps up. */
function drawn(
  levels: readonly { readonly convolutions: number; readonly kernel: 3 | 5 }[],
  isPadded: boolean,
) {
  const graph = new GraphBuilder();
  let x = graph.image(1);
  const convolve = (count: number, kernel: number) => {
    for (let i = 0; i < count; i++) {
      x = graph.convolution(x, { name: "c", to: 1, kernel, isPadded });
    }
  };
  const skips = levels.map(({ convolutions, kernel }) => {
    convolve(convolutions, kernel);
    const skip = x;
    x = graph.pool(x, 2);
    return skip;
  });
  for (const { convolutions, kernel } of levels.toReversed()) {
    x = graph.up(x, { name: "u", to: 1, skip: skips.pop() });
    convolve(convolutions, kernel);
  }
  graph.head(x, { name: "h", outputs: 1, kernel: 1 });
  return graph.graph;
}

Deno.test("sizeRuleOf() allows exactly the sizes that a walk through the network allows", () => {
  const level = fc.record({
    convolutions: fc.integer({ min: 0, max: 3 }),
    kernel: fc.constantFrom(3 as const, 5 as const),
  });
  fc.assert(fc.property(
    fc.array(level, { minLength: 1, maxLength: 4 }),
    fc.boolean(),
    fc.integer({ min: 1, max: 1000 }),
    (levels, isPadded, size) => {
      const graph = drawn(levels, isPadded), extents = extentsOf(graph);
      const sizeAt = (place: number): number => {
        const { stride, lost } = extents[place]!;
        return (size - lost) / stride;
      };
      const isFit = graph.every((node, place) =>
        sizeAt(place) >= 1 &&
        (!halves(node) || sizeAt(node.inputs[0]!) % 2 === 0)
      );
      const rule = sizeRuleOf(graph);
      assertEquals(fitTo(rule, size) === size, isFit);
      assertEquals(sizeAt(graph.length - 1), size - 2 * rule.margin);
    },
  ));
});

Deno.test("sizeRuleOf() counts the steps of strided convolutions as poolings", () => {
  const graph = new GraphBuilder();
  let x = graph.image(3);
  x = graph.convolution(x, { name: "a", to: 4, kernel: 7, stride: 2 });
  x = graph.pool(x, 3);
  x = graph.up(graph.up(x, { name: "u" }), { name: "v" });
  graph.head(x, { name: "h", outputs: 1, kernel: 3 });
  assertEquals(sizeRuleOf(graph.graph), {
    multiple: 4,
    extra: 0,
    least: 4,
    margin: 0,
  });
});
