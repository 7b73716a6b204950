import { outputChannelNames } from "@unet/model";
import { describeInstances } from "./describe_instances.ts";
import { describeInput, describeOutput } from "./describe_tensors.ts";
import type { PackageFacts } from "./package_facts.ts";

/** The version of the model description that is written. */
export const formatVersion = "0.5.12";

/** The names of a package's files. */
export const packageFiles = {
  description: "rdf.yaml",
  weights: "weights.onnx",
  model: "model.safetensors",
  testInput: "test_input.npy",
  testOutput: "test_output.npy",
  cover: "cover.png",
  documentation: "README.md",
} as const;

/** A file of a package, without its content. */
export interface PackageFile {
  /** Its name in the package. */
  readonly source: string;
  /** The checksum of its bytes. */
  readonly sha256: string;
}

/**
 * Describes a model by bioimage.io's specification.
 *
 * @param facts What is known of the model.
 * @param fileOf Names a file of the package with its checksum.
 * @returns The description, to be written as YAML.
 */
export function describePackage(
  facts: PackageFacts,
  fileOf: (name: keyof typeof packageFiles) => PackageFile,
): Record<string, unknown> {
  return {
    type: "model",
    format_version: formatVersion,
    name: facts.title,
    description: describeModel(facts),
    authors: facts.authors.map(({ name, affiliation, github }) => ({
      name,
      ...(affiliation !== undefined && { affiliation }),
      ...(github !== undefined && { github_user: github }),
    })),
    cite: facts.cite,
    license: facts.license,
    tags: [
      ...new Set([
        ...["unet", "2d"],
        facts.instances ? "instance-segmentation" : "semantic-segmentation",
        ...facts.tags,
      ]),
    ],
    documentation: fileOf("documentation"),
    covers: [fileOf("cover")],
    attachments: [fileOf("model")],
    inputs: [{ ...describeInput(facts), test_tensor: fileOf("testInput") }],
    outputs: [{ ...describeOutput(facts), test_tensor: fileOf("testOutput") }],
    weights: {
      onnx: {
        ...fileOf("weights"),
        opset_version: 17,
        comment: "batch norm folded into convolutions, float32",
      },
    },
    config: { unet: describeOwn(facts) },
  };
}

/** What the specification has no words for. */
function describeOwn(
  { plan: { task, network }, instances, diameters, licenseText }: PackageFacts,
): Record<string, unknown> {
  return {
    task,
    network: typeof network === "string" ? network : network.name,
    ...(instances && {
      instances,
      instance_steps: describeInstances(
        instances,
        task.heads.some(({ name }) => name === "border"),
      ),
    }),
    ...(diameters && { diameters }),
    ...(licenseText !== undefined && { license_text: licenseText }),
  };
}

function describeModel(
  { plan: { network, task }, instances, diameters }: PackageFacts,
): string {
  const name = typeof network === "string" ? network : network.name;
  const found = outputChannelNames(task.heads).join(", ");
  return `A U-Net (${name}) that ` +
    (instances ? "finds objects" : "gives each pixel a class") +
    `: ${found}.` +
    (diameters
      ? ` It learned objects of ${Math.round(diameters.low)} to ${
        Math.round(diameters.high)
      } pixels in diameter: bring images to such a size.`
      : "");
}
