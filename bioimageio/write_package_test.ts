import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { completePlan } from "@unet/model";
import { channelInput, colorPercentilesInput, objectTask } from "@unet/task";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
// @ts-types="@types/js-yaml"
import { load } from "js-yaml";
import { describeInstances } from "./describe_instances.ts";
import { describePackage, packageFiles } from "./describe_package.ts";
import { describeInput, describeOutput } from "./describe_tensors.ts";
import { detachedMarkdown, documentPackage } from "./document_package.ts";
import { parseNpy } from "./npy.ts";
import type { PackageFacts } from "./package_facts.ts";
import { preprocessingOf } from "./preprocessing_of.ts";
import { interleaved, planar, type Tensor, tensorOf } from "./tensor.ts";
import { sha256, writePackage } from "./write_package.ts";

const facts: PackageFacts = {
  title: "Nuclei of the tests",
  authors: [{ name: "Ada Lovelace" }],
  cite: [{ text: "Ronneberger et al.", doi: "10.1007/978-3-319-24574-4_28" }],
  license: "MIT",
  tags: ["nuclei", "unet", "yes"],
  plan: completePlan({
    task: objectTask({ borderWeight: 0.1, input: colorPercentilesInput }),
  }),
  instances: {
    ...{ threshold: 0.6, smoothing: 1.5, depth: 2, borderWeight: 12 },
    ...{ minimalArea: 30, maximalHole: 20 },
  },
  cardLines: ["Images: 683"],
};

const tensor: Tensor = {
  ...{ channels: 3, height: 2, width: 2 },
  data: Float32Array.from({ length: 12 }, (_, at) => at),
};

Deno.test("writePackage() writes a zip whose description names every file with its checksum, the same twice", async () => {
  const folder = await Deno.makeTempDir();
  const content = {
    weights: [new Uint8Array([1]), new Uint8Array([2, 3])],
    model: [new Uint8Array([4])],
    testInput: tensor,
    testOutput: tensor,
    cover: new Uint8Array([5]),
  };
  await writePackage(`${folder}/a.zip`, facts, content);
  await writePackage(`${folder}/b.zip`, facts, content);
  const bytes = await Deno.readFile(`${folder}/a.zip`);
  assertEquals(bytes, await Deno.readFile(`${folder}/b.zip`));
  const reader = new ZipReader(new Uint8ArrayReader(bytes));
  const files = new Map<string, Uint8Array>();
  for (const entry of await reader.getEntries()) {
    assert(!entry.directory);
    files.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  assertEquals([...files.keys()].sort(), Object.values(packageFiles).sort());
  const named: Record<string, string> = {};
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { source, sha256 } = value as Record<string, unknown>;
    if (typeof source === "string") named[source] = String(sha256);
    Object.values(value).forEach(visit);
  };
  const rdf = new TextDecoder().decode(files.get("rdf.yaml"));
  // A bare yes is true to readers of YAML 1.1.
  assertStringIncludes(rdf, "- 'yes'\n");
  visit(load(rdf));
  for (const [name, content] of files) {
    if (name === packageFiles.description) continue;
    assertEquals(named[name], await sha256(content), name);
  }
  const { shape, values } = parseNpy(files.get("test_input.npy")!, "input");
  assertEquals([shape, values], [[1, 3, 2, 2], tensor.data]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("describePackage() states what the network takes and gives", () => {
  const description = describePackage(
    facts,
    (name) => ({ source: packageFiles[name], sha256: "0" }),
  );
  assertEquals(description.tags, [
    ...["unet", "2d", "instance-segmentation", "nuclei", "yes"],
  ]);
  const input = describeInput(facts) as {
    axes: Record<string, unknown>[];
    preprocessing: { id: string }[];
  };
  assertEquals(input.axes.slice(2).map(({ size }) => size), [
    { min: 96, step: 32 },
    { min: 96, step: 32 },
  ]);
  assertEquals(input.preprocessing.map(({ id }) => id), [
    ...["ensure_dtype", "scale_range", "clip", "scale_linear", "ensure_dtype"],
  ]);
  const output = describeOutput(facts) as { axes: Record<string, unknown>[] };
  assertEquals(output.axes[1]!.channel_names, ["object", "border"]);
  const paper = { ...facts, plan: completePlan({ network: "unet" }) };
  const valid = describeOutput(paper) as { axes: Record<string, unknown>[] };
  assertEquals(valid.axes[2]!.size, {
    ...{ tensor_id: "image", axis_id: "y", offset: -184 },
  });
  // A stretch in the graph must see the whole image.
  const [, , y] = (describeInput(paper) as typeof input).axes;
  assertEquals([y!.concatenable, y!.size], [false, { min: 188, step: 16 }]);
});

Deno.test("documentPackage() says how objects are found, and where the normalization differs", () => {
  const text = documentPackage(facts);
  for (const line of describeInstances(facts.instances!, true)) {
    assertStringIncludes(text, `- ${line}`);
  }
  const { difference } = preprocessingOf(facts.plan.task.input);
  assertStringIncludes(text, difference!);
  assertStringIncludes(text, "Its makers wrote nothing");
  const known = documentPackage({ ...facts, documentation: "Only plums." });
  assertStringIncludes(known, "\n\nOnly plums.\n\n");
});

Deno.test("detachedMarkdown() keeps links that lead to other sites", () => {
  const text = "# A\n\n[a](../b.md) [c](https://example.org/) ![d](e.png)\n";
  assertEquals(detachedMarkdown(text), "a [c](https://example.org/) d");
});

Deno.test("preprocessingOf() spreads chosen channels one by one, colors together", () => {
  const perChannel = (input: Parameters<typeof preprocessingOf>[0]) =>
    preprocessingOf(input).steps.map((step) =>
      step.id === "scale_range" && step.perChannel
    )[0];
  assertEquals(perChannel(channelInput(["DAPI"])), true);
  assertEquals(perChannel(colorPercentilesInput), false);
});

Deno.test("tensorOf() drops alpha, triples gray, and gives nothing for other channels", () => {
  const gray = { width: 2, height: 1, channels: 1, depth: 8 } as const;
  const data = new Uint8Array([7, 9]);
  assertEquals([...tensorOf({ ...gray, data }, 3)!.data], [7, 9, 7, 9, 7, 9]);
  assertEquals(tensorOf({ ...gray, data, isSeparate: true }, 3), undefined);
  assertEquals(tensorOf({ ...gray, data }, 2), undefined);
  const rgba = { width: 1, height: 1, channels: 4, depth: 8 } as const;
  const four = new Uint8Array([1, 2, 3, 255]);
  assertEquals([...tensorOf({ ...rgba, data: four }, 3)!.data], [1, 2, 3]);
  assertEquals(planar(interleaved(tensor), tensor), tensor);
});
