import { assertEquals } from "@std/assert";
import smp from "../fixtures/smp_resnet.json" with { type: "json" };
import { nodesOf } from "../graph/node.ts";
import { weightShapes } from "../graph/weight_shapes.ts";
import { extentsOf } from "../graph/extent.ts";
import { completePlan } from "../plan.ts";
import { summarize } from "../summary.ts";
import { torchShape } from "../files/torch_layout.ts";
import { graphOf } from "./graph_of.ts";

for (const network of ["resnet34", "resnet50"] as const) {
  const graph = graphOf(completePlan({ network }));
  const expected = smp[network];

  Deno.test(`graphOf() has the names and shapes of segmentation_models.pytorch's ${network}`, () => {
    const own = weightShapes(graph)
      .map(({ name, shape }): [string, number[]] => [
        name,
        [...torchShape(shape)],
      ]);
    assertEquals(Object.fromEntries(own), expected.tensors);
    // The encoder's in the order of PyTorch's, as files list them.
    const isEncoders = (name: string) => name.startsWith("encoder.");
    assertEquals(
      own.map(([name]) => name).filter(isEncoders),
      Object.keys(expected.tensors).filter(isEncoders),
    );
  });

  Deno.test(`summarize() counts what PyTorch counts with ${network}`, () => {
    const { parameters, flop } = summarize({ network });
    assertEquals(parameters, expected.parameters);
    assertEquals(flop, expected.flop);
  });

  Deno.test(`graphOf() gives ${network} five blocks that can be frozen`, () => {
    const blocks = new Set(
      nodesOf(graph, "convolution").map(({ block }) => block),
    );
    assertEquals(blocks, new Set([0, 1, 2, 3, 4, undefined]));
    const stems = nodesOf(graph, "convolution").filter(({ block }) =>
      block === 0
    );
    assertEquals(stems.map(({ name }) => name), ["encoder.conv1"]);
  });

  Deno.test(`graphOf() ends the blocks of ${network} at strides 2, 4, 8, 16 and 32`, () => {
    const extents = extentsOf(graph);
    const ends = [0, 1, 2, 3, 4].map((block) =>
      graph.findLastIndex((node) => node.block === block)
    );
    assertEquals(ends.map((place) => extents[place]!.stride), [
      2,
      4,
      8,
      16,
      32,
    ]);
  });
}

Deno.test("graphOf() gives ResNet-34 no ReLU before a sum, and one after", () => {
  const graph = graphOf(completePlan({ network: "resnet34" }));
  const sums = nodesOf(graph, "add");
  assertEquals(sums.length, 3 + 4 + 6 + 3);
  for (const { inputs: [branch] } of sums) {
    const node = graph[branch!]!;
    assertEquals(node.op === "convolution" && node.relu, false);
  }
});

Deno.test("graphOf() gives convolutions a bias only where no batch norm follows", () => {
  const biased = (batchNorm: boolean) =>
    nodesOf(
      graphOf(completePlan({ network: "resnet34", batchNorm })),
      "convolution",
    )
      .filter(({ bias }) => bias).map(({ name }) => name);
  assertEquals(biased(true), []);
  assertEquals(biased(false).length, 10);
  assertEquals(biased(false)[0], "decoder.blocks.0.conv1.0");
});
