/**
 * Reads and writes bioimage.io packages, which other programs can run: models
 * with ONNX weights, a description, a test input with its output, and
 * documentation.
 *
 * {@linkcode writePackage} writes a trained model as a package; {@linkcode
 * preprocessingOf} translates its normalization into bioimage.io's terms, and
 * {@linkcode fitSteps} computes such steps.
 *
 * @example
 * ```ts
 * import { fitSteps, preprocessingOf } from "@unet/bioimageio";
 * import { channelInput } from "@unet/task";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const { steps } = preprocessingOf(channelInput(["DAPI"]));
 * const data = Float32Array.from({ length: 101 }, (_, at) => at);
 * const { result } = fitSteps(steps, { channels: 1, height: 1, width: 101, data });
 * assertAlmostEquals(result.data[1]!, 0, 1e-6);
 * ```
 *
 * @module
 */
export * from "./describe_instances.ts";
export * from "./describe_package.ts";
export * from "./describe_tensors.ts";
export * from "./document_package.ts";
export * from "./fit_steps.ts";
export * from "./license_id.ts";
export * from "./npy.ts";
export * from "./open_package.ts";
export * from "./package_description.ts";
export * from "./package_facts.ts";
export * from "./parse_description.ts";
export * from "./person.ts";
export * from "./preprocessing_of.ts";
export * from "./read_reference.ts";
export * from "./step.ts";
export * from "./tensor.ts";
export * from "./write_package.ts";
