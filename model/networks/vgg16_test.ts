import { assertEquals } from "@std/assert";
import torchvision from "../fixtures/torchvision_vgg16.json" with {
  type: "json",
};
import { nodesOf } from "../graph/node.ts";
import { weightShapes } from "../graph/weight_shapes.ts";
import { completePlan, type ModelPlan } from "../plan.ts";
import { torchShape } from "../files/torch_layout.ts";
import { graphOf } from "./graph_of.ts";

const vggNames = ["vgg16_bn", "vgg16"] as const;

/** Names and channels of the convolutions of each of an encoder's blocks. */
function blocksOf(plan: Partial<ModelPlan>) {
  const graph = graphOf(completePlan(plan));
  const blocks: { name: string; from: number; channels: number }[][] = [];
  for (const node of nodesOf(graph, "convolution")) {
    if (node.block === undefined) continue;
    (blocks[node.block] ??= []).push(node);
  }
  return blocks;
}

for (const network of vggNames) {
  Deno.test(`graphOf() has the names and shapes of torchvision's ${network}`, () => {
    const own = weightShapes(graphOf(completePlan({ network })))
      .filter(({ name }) => name.startsWith("encoder."))
      .map(({ name, shape }) => [name, torchShape(shape)]);
    const expected = Object.entries<number[]>(torchvision[network])
      .map(([name, shape]) => [`encoder.${name}`, shape]);
    assertEquals(own, expected);
  });
}

Deno.test("graphOf() gives VGG-16 five blocks of 2, 2, 3, 3 and 3 convolutions", () => {
  for (const network of vggNames) {
    const blocks = blocksOf({ network });
    assertEquals(blocks.map((block) => block.length), [2, 2, 3, 3, 3]);
  }
});

Deno.test("graphOf() scales all channels but the image's", () => {
  const [first, second] = blocksOf({ network: "vgg16", width: 1 / 4 });
  assertEquals(
    [...first!, second![0]!].map(({ from, channels }) => [from, channels]),
    [[3, 16], [16, 16], [16, 32]],
  );
});

Deno.test("graphOf() lays out the Paper's contracting path, with batch norm or without", () => {
  const named = (batchNorm: boolean) =>
    blocksOf({ network: "unet", padding: "same", batchNorm }).map((block) =>
      block.map(({ name, channels }) => `${name.slice(17)}:${channels}`)
    );
  assertEquals(named(false), [
    ["0:64", "2:64"],
    ["5:128", "7:128"],
    ["10:256", "12:256"],
    ["15:512", "17:512"],
  ]);
  assertEquals(named(true)[1], ["7:128", "10:128"]);
});
