import { classTask, objectTask } from "@unet/task";
import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { ModelError } from "@unet/errors";
import smp from "./fixtures/smp_names.json" with { type: "json" };
import resnets from "./fixtures/smp_resnet.json" with { type: "json" };
import torchvision from "./fixtures/torchvision_vgg16.json" with {
  type: "json",
};
import { graphOf } from "./networks/graph_of.ts";
import { encoderOf, mapWeights } from "./map_weights.ts";
import { completePlan, type ModelPlan } from "./plan.ts";
import type { SafetensorsView } from "./files/safetensors.ts";
import { torchShape } from "./files/torch_layout.ts";
import { weightShapes } from "./graph/weight_shapes.ts";

const noBytes = new Uint8Array();

type Shapes = Record<string, readonly number[]>;

/** A file of tensors of these shapes, whose names may be changed. */
function fileOf(
  shapes: Shapes,
  rename: (name: string) => string = (name) => name,
): Map<string, SafetensorsView> {
  return new Map(
    Object.entries(shapes).map(([name, shape]) => [
      rename(name),
      {
        dtype: name.endsWith("num_batches_tracked") ? "I64" : "F32",
        shape,
        bytes: noBytes,
      },
    ]),
  );
}

const withNorm = completePlan();
const plain = completePlan({ network: "vgg16", batchNorm: false });

function ownShapes(plan = withNorm): Shapes {
  return Object.fromEntries(
    weightShapes(graphOf(plan)).map((
      { name, shape },
    ) => [name, torchShape(shape)]),
  );
}

const encoderNames = (plan = withNorm): string[] =>
  Object.keys(ownShapes(plan)).filter((name) => name.startsWith("encoder."));

for (
  const [what, file] of Object.entries({
    "torchvision's vgg16_bn": fileOf(torchvision.vgg16_bn),
    "its features alone": fileOf(
      torchvision.vgg16_bn,
      (name) => name.replace("features.", ""),
    ),
    "it after parallel training": fileOf(
      torchvision.vgg16_bn,
      (name) => `module.${name}`,
    ),
    "a whole network of segmentation_models.pytorch": fileOf(smp.network),
    "an encoder of segmentation_models.pytorch": fileOf(smp.encoder),
  })
) {
  Deno.test(`mapWeights() takes the whole encoder from ${what}`, () => {
    const { taken, left } = mapWeights(withNorm, file, "file.pth");
    assertEquals([...taken.keys()], encoderNames());
    assert(left.every((name) => !name.startsWith("encoder.")));
    assertEquals(
      taken.size + left.length,
      Object.keys(ownShapes()).length,
    );
    assertEquals(encoderOf(file), "vgg16_bn");
  });
}

Deno.test("mapWeights() takes vgg16 and skips its classifier", () => {
  const file = fileOf({
    ...torchvision.vgg16,
    "classifier.0.weight": [4096, 25088],
    "classifier.0.bias": [4096],
  });
  const { taken, ignored } = mapWeights(plain, file, "vgg16.pth");
  assertEquals([...taken.keys()], encoderNames(plain));
  assertEquals(ignored, ["classifier.0.weight", "classifier.0.bias"]);
  assertEquals(encoderOf(file), "vgg16");
});

Deno.test("mapWeights() takes a whole network under its own names", () => {
  const { taken, left } = mapWeights(withNorm, fileOf(ownShapes()), "own.pth");
  assertEquals([...taken.keys()], Object.keys(ownShapes()));
  assertEquals(left, []);
});

Deno.test("mapWeights() lists every missing, surplus and misshapen tensor", () => {
  const { "head.bias": _, ...shapes } = ownShapes(plain);
  const file = fileOf({
    ...shapes,
    "head.weight": [2, 32, 1, 1],
    "encoder.features.99.weight": [8],
  });
  assertThrows(
    () => mapWeights(plain, file, "bent.pth"),
    ModelError,
    'Cannot load weights "bent.pth": found 3 tensors that do not fit the network: head.weight is F32 [2,32,1,1], expected [1,32,1,1]; head.bias is missing, expected [1]; encoder.features.99.weight is F32 [8], expected none',
  );
});

Deno.test("mapWeights() says that a file is of the other encoder", () => {
  const error = assertThrows(
    () => mapWeights(withNorm, fileOf(torchvision.vgg16), "vgg16.pth"),
    ModelError,
  );
  assert(
    error.message.endsWith(
      "; the file looks like vgg16, the network is vgg16_bn",
    ),
  );
});

Deno.test("mapWeights() takes some layers only where it may, and whole ones", () => {
  const shapes = {
    "features.0.weight": [64, 3, 3, 3],
    "features.0.bias": [64],
  };
  assertThrows(() => mapWeights(plain, fileOf(shapes), "a.pth"), ModelError);
  const { taken, left } = mapWeights(plain, fileOf(shapes), "a.pth", {
    partial: true,
  });
  assertEquals([...taken.keys()], [
    "encoder.features.0.weight",
    "encoder.features.0.bias",
  ]);
  assertEquals(left, Object.keys(ownShapes(plain)).slice(2));
  assertThrows(
    () =>
      mapWeights(
        plain,
        fileOf({ "features.0.weight": [64, 3, 3, 3] }),
        "a.pth",
        { partial: true },
      ),
    ModelError,
    "encoder.features.0.bias is missing, expected [64]",
  );
});

Deno.test("mapWeights() refuses integers for weights, and a file of nothing it knows", () => {
  const whole = new Map<string, SafetensorsView>([
    ["features.0.weight", {
      dtype: "I64",
      shape: [64, 3, 3, 3],
      bytes: noBytes,
    }],
    ["features.0.bias", { dtype: "F32", shape: [64], bytes: noBytes }],
  ]);
  assertThrows(
    () => mapWeights(plain, whole, "a.pth", { partial: true }),
    ModelError,
    "encoder.features.0.weight is I64",
  );
  assertThrows(
    () => mapWeights(plain, new Map(), "a.pth", { partial: true }),
    ModelError,
    "found no tensor of the network",
  );
});

Deno.test("mapWeights() takes a head without borders where it may, and nothing else for it", () => {
  const plan = completePlan({
    ...plain,
    task: objectTask({ borderWeight: 0.1 }),
  });
  const file = fileOf(ownShapes(plain));
  const { taken, left, grown } = mapWeights(plan, file, "one", {
    growHead: true,
  });
  assertEquals(grown, ["head.weight", "head.bias"]);
  assertEquals([taken.size, left], [file.size, []]);
  const refused = (
    plan: ModelPlan,
    file: ReturnType<typeof fileOf>,
    growHead: boolean,
  ) =>
    assertThrows(() => mapWeights(plan, file, "x", { growHead }), ModelError);
  assertStringIncludes(
    refused(plan, file, false).message,
    "head.weight is F32 [1,32,1,1], expected [2,32,1,1]; head.bias is F32 [1], expected [2]",
  );
  // A head of two outputs is not cut to one.
  assertStringIncludes(
    refused(plain, fileOf(ownShapes(plan)), true).message,
    "head.weight is F32 [2,32,1,1], expected [1,32,1,1]; head.bias is F32 [2], expected [1]",
  );
});

for (const network of ["resnet34", "resnet50"] as const) {
  const plan = completePlan({ network });
  const shapes = resnets[network].tensors as Shapes;
  const encoder = Object.fromEntries(
    Object.entries(shapes).filter(([name]) => name.startsWith("encoder.")),
  );

  Deno.test(`mapWeights() takes the encoder from torchvision's ${network}`, () => {
    const file = fileOf(
      {
        ...encoder,
        "encoder.bn1.num_batches_tracked": [],
        "fc.weight": [1000, 512],
        "fc.bias": [1000],
      },
      (name) => name.replace("encoder.", ""),
    );
    const { taken, left, ignored } = mapWeights(plan, file, "resnet.pth");
    assertEquals([...taken.keys()], Object.keys(encoder));
    assertEquals(taken.size + left.length, Object.keys(shapes).length);
    assertEquals(ignored, ["fc.weight", "fc.bias"]);
    assertEquals(encoderOf(file), network);
  });

  Deno.test(`mapWeights() takes a whole ${network} network of segmentation_models.pytorch`, () => {
    const { taken, left, ignored } = mapWeights(plan, fileOf(shapes), "a.pth");
    assertEquals(
      new Set(taken.keys()),
      new Set(Object.keys(shapes)),
    );
    assertEquals([left, ignored], [[], []]);
  });

  Deno.test(`mapWeights() says that a file is of ${network}`, () => {
    const error = assertThrows(
      () => mapWeights(withNorm, fileOf(shapes), "a.pth"),
      ModelError,
    );
    assert(
      error.message.endsWith(
        `; the file looks like ${network}, the network is vgg16_bn`,
      ),
    );
  });
}

Deno.test("mapWeights() leaves heads at random where a network learns something else", () => {
  const plan = completePlan({
    ...{ width: 0.05, task: classTask({ classes: ["a", "b", "c"] }) },
  });
  const tensors = fileOf(ownShapes(completePlan({ width: 0.05 })));
  assertThrows(
    () => mapWeights(plan, tensors, "objects"),
    ModelError,
    "head.weight",
  );
  const { taken, left } = mapWeights(plan, tensors, "objects", {
    freshHead: true,
  });
  assertEquals(left, ["head.weight", "head.bias"]);
  assertEquals(taken.size, tensors.size - 2);
});
