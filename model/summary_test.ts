import "@tensorflow/tfjs-backend-cpu";
import { assertEquals, assertThrows } from "@std/assert";
import { createRandom } from "@unet/random";
import fc from "fast-check";
import costs from "./fixtures/network_costs.json" with { type: "json" };
import { nodesOf } from "./graph/node.ts";
import { graphOf } from "./networks/graph_of.ts";
import { completePlan, type ModelPlan } from "./plan.ts";
import { summarize } from "./summary.ts";
import { createModel } from "./create_model.ts";

for (const network of ["vgg16_bn", "vgg16"] as const) {
  const batchNorm = network === "vgg16_bn";
  Deno.test(`summarize() counts what PyTorch counts with ${network}, layer by layer`, () => {
    const expected = costs[network];
    const modules: Record<string, { parameters: number; flop: number }> =
      expected.modules;
    const summary = summarize({ network, batchNorm });
    assertEquals(summary.convolutions, expected.convolutions);
    assertEquals(summary.parameters, expected.parameters);
    assertEquals(summary.flop, expected.flop);
    const graph = graphOf(completePlan({ network, batchNorm }));
    const normOf = new Map(
      nodesOf(graph, "convolution").map((node) => [node.name, node.batchNorm]),
    );
    for (const { name, parameters, flop } of summary.rows) {
      const norm = modules[normOf.get(name) ?? ""]?.parameters ?? 0;
      assertEquals(
        { name, parameters, flop },
        {
          name,
          parameters: modules[name]!.parameters + norm,
          flop: modules[name]!.flop,
        },
      );
    }
    const counted = [
      ...summary.rows.map(({ name }) => name),
      ...normOf.values(),
    ]
      .filter((name) => name !== undefined);
    assertEquals(counted.sort(), Object.keys(modules).sort());
  });
}

Deno.test("summarize() gives the report's 27 convolutions, 55.0 M parameters, 67.9 GFLOP", () => {
  const { convolutions, parameters, flop } = summarize();
  assertEquals(convolutions, 27);
  assertEquals(parameters, 55_008_641);
  assertEquals((flop / 1e9).toFixed(1), "67.9");
});

Deno.test("summarize() lists kinds and output shapes in the order of the layers", () => {
  const { rows } = summarize({ width: 0.5 }, { height: 64, width: 96 });
  const picked = [0, 2, 12, 13, 17, 18, 29, 32];
  assertEquals(
    picked.map((index) => {
      const { name, kind, output } = rows[index]!;
      return [name, kind, ...output];
    }),
    [
      ["encoder.features.0", "3×3 convolution, batch norm", 64, 96, 32],
      ["encoder.features.7", "3×3 convolution, batch norm", 32, 48, 64],
      ["encoder.features.40", "3×3 convolution, batch norm", 4, 6, 256],
      ["bottleneck.0", "3×3 convolution, batch norm", 2, 3, 512],
      ["decoder.0.up", "2×2 up-convolution", 4, 6, 256],
      [
        "decoder.0.convolutions.0",
        "3×3 convolution, batch norm",
        4,
        6,
        256,
      ],
      ["decoder.4.up", "2×2 up-convolution", 64, 96, 16],
      ["head", "1×1 convolution", 64, 96, 1],
    ],
  );
  assertEquals(rows.length, 33);
});

Deno.test("summarize() names no batch norm where there is none", () => {
  const { rows } = summarize({ network: "vgg16", batchNorm: false });
  assertEquals(rows.some(({ kind }) => kind.includes("batch norm")), false);
});

Deno.test("summarize() counts operations by area", () => {
  const small = summarize({}, { height: 64, width: 32 });
  const large = summarize({}, { height: 128, width: 96 });
  assertEquals(large.flop, small.flop * 6);
  assertEquals(large.parameters, small.parameters);
});

Deno.test("summarize() refuses sizes that five poolings do not divide", () => {
  const sizes = [[33, 32], [32, 31], [0, 32], [-32, 32], [NaN, 32], [
    Infinity,
    32,
  ], [32.5, 32]] as const;
  for (const [height, width] of sizes) {
    const error = assertThrows(
      () => summarize({}, { height, width }),
      RangeError,
    );
    assertEquals(
      error.message,
      `Cannot summarize model at size "${height} × ${width}": found a size that the network's poolings do not divide, expected multiples of 32`,
    );
  }
});

Deno.test("summarize() counts the parameters of the model that createModel() builds", () => {
  const plans: fc.Arbitrary<Partial<ModelPlan>> = fc.record({
    network: fc.constantFrom("vgg16_bn", "vgg16"),
    batchNorm: fc.boolean(),
    width: fc.double({ min: 0.01, max: 0.08, noNaN: true }),
    decoderChannels: fc.array(fc.integer({ min: 1, max: 200 }), {
      minLength: 5,
      maxLength: 5,
    }),
  });
  fc.assert(
    fc.property(plans, (plan) => {
      const model = createModel(plan, createRandom(0));
      const sizes = model.trainable.map((name) =>
        model.weights.get(name)!.size
      );
      model.dispose();
      assertEquals(
        sizes.reduce((sum, size) => sum + size, 0),
        summarize(plan).parameters,
      );
    }),
    { numRuns: 10 },
  );
});
