import { outputChannelNames, sizeRule } from "@unet/model";
import { describeInstances } from "./describe_instances.ts";
import { packageFiles } from "./describe_package.ts";
import type { PackageFacts } from "./package_facts.ts";
import { preprocessingOf } from "./preprocessing_of.ts";

/**
 * Writes the documentation of a package: what goes in and comes out, how
 * objects are found, and what is known of the model.
 *
 * @param facts What is known of the model.
 * @returns Markdown.
 */
export function documentPackage(facts: PackageFacts): string {
  const { plan, instances, diameters, documentation, title } = facts;
  const { input, heads } = plan.task, { multiple, margin } = sizeRule(plan);
  const names = outputChannelNames(heads);
  const { isInGraph, difference } = preprocessingOf(input);
  const hasBorder = heads.some(({ name }) => name === "border");
  return [
    `# ${title}`,
    "A U-Net of the U-Net toolkit, exported for bioimage.io.",
    "## Input",
    `Channels: ${input.channels.map(({ name }) => name).join(", ")}, with ` +
    "values as the file has them, 8 or 16 bits or floats. Heights and widths " +
    `are multiples of ${multiple}${
      plan.padding === "valid" ? ", and 12 more" : ""
    }.` +
    (diameters
      ? ` The model learned objects of ${diameters.low.toFixed(0)} to ${
        diameters.high.toFixed(0)
      } pixels in diameter; scale images so that theirs are in this range. ` +
        "Programs that run the package do not."
      : "") +
    (facts.pixelSize === undefined
      ? ""
      : ` It was trained at ${facts.pixelSize} µm per pixel.`),
    isInGraph
      ? "The ONNX graph stretches dark images and those of more than 8 bits " +
        "from their 0.1th to their 99.9th percentile."
      : "The package's preprocessing spreads the image from its 1st to its " +
        "99.8th percentile.",
    ...(difference === undefined
      ? []
      : [`It differs from the toolkit's own normalization: ${difference}.`]),
    "## Output",
    `Channels: ${names.join(", ")}, after their activation: values of 0 to 1.` +
    (margin === 0
      ? ""
      : ` The output lacks ${margin} pixels on each side of the input.`),
    ...(instances
      ? [
        "## Objects",
        "The output is probabilities, not objects. The toolkit finds objects " +
        "in these steps, which the package does not contain as code:",
        describeInstances(instances, hasBorder).map((line) => `- ${line}`)
          .join("\n"),
      ]
      : []),
    "## Weights",
    `\`${packageFiles.weights}\` is the network for ONNX Runtime. ` +
    `\`${packageFiles.model}\` holds the same weights for the toolkit ` +
    "(safetensors is not a weights format of the specification, so it is an " +
    "attachment): `unet segment image.png --model package.zip` gives exactly " +
    "the toolkit's own result.",
    "## What is known",
    documentation ??
      "Its makers wrote nothing about the images that it was made for and " +
        "those that it fails on. Judge it on images of your own before you " +
        "rely on it.",
    ...(facts.cardLines.length > 0
      ? [facts.cardLines.map((line) => `- ${line}`).join("\n")]
      : []),
    "## Validation",
    "Annotate a few of your images, segment them, and compare: " +
    "`unet evaluate --model package.zip --data images.zip` reports precision, " +
    "recall, F1 and average precision. The figures above, if any, are of the " +
    "images that they name.",
    "## License",
    facts.licenseText ?? facts.license,
  ].join("\n\n") + "\n";
}

/**
 * Removes what a text of another place links to by a relative path, which a
 * package does not have; the words stay.
 *
 * @param markdown The text.
 * @returns The text without such links, comments, and its first heading; other
 * headings two levels deeper.
 *
 * @example
 * ```ts
 * import { detachedMarkdown } from "@unet/bioimageio";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   detachedMarkdown("# A\n\nSee [sizes](../sizes.md).\n\n## B\n"),
 *   "See sizes.\n\n#### B",
 * );
 * ```
 */
export function detachedMarkdown(markdown: string): string {
  return markdown
    .replace(/^# .*\n+/, "")
    .replace(/<!--[^]*?-->\n*/g, "")
    .replace(/!?\[([^\]]*)\]\((?!https?:)[^()\s]*\)/g, "$1")
    .replace(/^(#+) /gm, "##$1 ")
    .trim();
}
