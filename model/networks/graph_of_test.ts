import { objectTask } from "@unet/task";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { extentsOf } from "../graph/extent.ts";
import { type Graph, type GraphNode, nodesOf } from "../graph/node.ts";
import { completePlan, type ModelPlan } from "../plan.ts";
import { graphOf } from "./graph_of.ts";
import { networkNames } from "./networks.ts";

const graph = (plan: Partial<ModelPlan> = {}): Graph =>
  graphOf(completePlan(plan));

/** The nodes of decoder and bottleneck whose names begin so. */
const named = (graph: Graph, start: string) =>
  nodesOf(graph, "convolution").filter(({ name }) => name.startsWith(start));

Deno.test("graphOf() has 27 convolutions of 3×3: 13 down, 4 at the bottom, 10 up", () => {
  const report = graph();
  assertEquals(
    ["encoder", "bottleneck", "decoder"].map((part) =>
      named(report, part).length
    ),
    [13, 4, 10],
  );
});

Deno.test("graphOf() lays out the report's bottleneck, decoder and head", () => {
  const report = graph();
  const channels = (nodes: { from: number; channels: number }[]) =>
    nodes.map(({ from, channels }) => [from, channels]);
  assertEquals(
    channels(named(report, "bottleneck")),
    [[512, 1024], [1024, 1024], [1024, 1024], [1024, 512]],
  );
  assertEquals(
    nodesOf(report, "up").map(({ from, to, channels }) => [from, to, channels]),
    [
      [512, 512, 1024],
      [512, 256, 768],
      [256, 128, 384],
      [128, 64, 192],
      [64, 32, 96],
    ],
  );
  assertEquals(
    channels(named(report, "decoder.1")),
    [[768, 256], [256, 256]],
  );
  const [head] = nodesOf(report, "head");
  assertEquals([head!.name, head!.from, head!.to], ["head", 32, 1]);
});

Deno.test("graphOf() numbers layers as PyTorch's nn.Sequential, ReLU counted in", () => {
  const numbered = (batchNorm: boolean) => {
    const report = graph({ batchNorm });
    return [...named(report, "bottleneck"), ...named(report, "decoder.3")]
      .map((node) => [node.name, node.batchNorm]);
  };
  assertEquals(numbered(true), [
    ["bottleneck.0", "bottleneck.1"],
    ["bottleneck.3", "bottleneck.4"],
    ["bottleneck.6", "bottleneck.7"],
    ["bottleneck.9", "bottleneck.10"],
    ["decoder.3.convolutions.0", "decoder.3.convolutions.1"],
    ["decoder.3.convolutions.3", "decoder.3.convolutions.4"],
  ]);
  assertEquals(numbered(false), [
    ["bottleneck.0", undefined],
    ["bottleneck.2", undefined],
    ["bottleneck.4", undefined],
    ["bottleneck.6", undefined],
    ["decoder.3.convolutions.0", undefined],
    ["decoder.3.convolutions.2", undefined],
  ]);
});

Deno.test("graphOf() leaves the encoder's batch norm to the encoder's name", () => {
  const mixed = graph({ network: "vgg16_bn", batchNorm: false });
  assertEquals(named(mixed, "encoder")[0]!.batchNorm, "encoder.features.1");
  assertEquals(named(mixed, "bottleneck")[0]!.batchNorm, undefined);
});

Deno.test("graphOf() takes the decoder's channels from the plan, times the width", () => {
  const narrow = graph({ width: 0.5, decoderChannels: [100, 60, 40, 20, 9] });
  const ups = nodesOf(narrow, "up");
  assertEquals(ups.map(({ to }) => to), [50, 30, 20, 10, 5]);
  assertEquals(
    ups.map(({ to, channels }) => channels - to),
    [256, 256, 128, 64, 32],
  );
  assertEquals(nodesOf(narrow, "head")[0]!.from, 5);
});

Deno.test("graphOf() gives the head one channel more for borders, and one for a pair", () => {
  const channels = (plan: Partial<ModelPlan>): number[] => {
    const [head] = nodesOf(graph(plan), "head");
    return [head!.to, head!.channels];
  };
  assertEquals(channels({}), [1, 1]);
  assertEquals(channels({ task: objectTask({ borderWeight: 0.1 }) }), [2, 2]);
  assertEquals(channels({ network: "unet" }), [2, 1]);
  assertEquals(
    channels({ network: "unet", task: objectTask({ borderWeight: 0.1 }) }),
    [3, 2],
  );
});

Deno.test("graphOf() crops the Paper's skips by what its convolutions lose below", () => {
  const margins = nodesOf(graph({ network: "unet" }), "crop")
    .map(({ margin }) => margin);
  assertEquals(margins, [4, 16, 40, 88]);
  assertEquals(
    nodesOf(graph({ network: "unet", padding: "same" }), "crop"),
    [],
  );
});

Deno.test("graphOf() adds dropout only where features are dropped", () => {
  assertEquals(nodesOf(graph(), "dropout"), []);
  const [node] = nodesOf(graph({ dropout: 0.25 }), "dropout");
  assertEquals(node!.rate, 0.25);
});

/** Channels that a node expects of its first input. */
function expectedOf(node: GraphNode): number | undefined {
  return "from" in node ? node.from : undefined;
}

Deno.test("graphOf() chains: nodes read earlier ones, with the channels and sizes that those give", () => {
  fc.assert(fc.property(
    fc.constantFrom(...networkNames),
    fc.double({ min: 1e-3, max: 4, noNaN: true }),
    (network, width) => {
      const nodes = graph({ network, width });
      const extents = extentsOf(nodes);
      nodes.forEach((node, place) => {
        for (const input of node.inputs) assert(input < place);
        const [first, second] = node.inputs.map((input) => nodes[input]!);
        const expected = expectedOf(node);
        if (expected !== undefined) assertEquals(first!.channels, expected);
        if (node.op === "add") {
          assertEquals(first!.channels, second!.channels);
          assertEquals(extents[node.inputs[0]!], extents[node.inputs[1]!]);
        }
        if (node.op === "up" && second) {
          assertEquals(node.channels, node.to + second.channels);
          assertEquals(extents[place], extents[node.inputs[1]!]);
        }
      });
      assertEquals(nodes.at(-1)!.op, "head");
      assertEquals(extents.at(-1)!.stride, 1);
    },
  ));
});
