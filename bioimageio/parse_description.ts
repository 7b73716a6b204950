import { brief, cannot, ModelError } from "@unet/errors";
// @ts-types="@types/js-yaml"
import { CORE_SCHEMA, load } from "js-yaml";
import { FieldReader, type Fields } from "./_fields.ts";
import { packageFiles } from "./describe_package.ts";
import { fileOf } from "./_tensor_fields.ts";
import { tensorsOf4 } from "./_tensors_of_4.ts";
import { tensorsOf5 } from "./_tensors_of_5.ts";
import type {
  FileReference,
  PackageDescription,
} from "./package_description.ts";

/**
 * Reads the description of a model, of version 0.4 or 0.5 of the specification:
 * one that takes one image and gives one, pixel by pixel, with weights as ONNX.
 * Whatever would change the result and is not known is refused by its name.
 *
 * @param text The description, as YAML.
 * @param path The package, for messages.
 * @returns What it says.
 * @throws {ModelError} If it is no such model.
 *
 * @example
 * ```ts
 * import { parseDescription } from "@unet/bioimageio";
 * import { ModelError } from "@unet/errors";
 * import { assertThrows } from "@std/assert";
 *
 * assertThrows(
 *   () => parseDescription("type: dataset", "a.zip"),
 *   ModelError,
 *   'Cannot use package "a.zip": found type "dataset", expected model',
 * );
 * ```
 */
export function parseDescription(
  text: string,
  path: string,
): PackageDescription {
  const reader = new FieldReader(path);
  const fields = reader.record(parseYaml(text, path), "a description of");
  const { type, format_version: version } = fields;
  if (type !== "model") throw reader.bad("type", type, "model");
  const [, minor] = /^0\.([45])\.\d+$/.exec(
    // A list would be joined, which aliases make long.
    typeof version === "string" ? version : "",
  ) ?? [];
  if (minor === undefined) {
    throw reader.bad("format_version", version, "0.4 or 0.5");
  }
  const of = minor === "5" ? tensorsOf5 : tensorsOf4;
  const weights = reader.record(fields.weights, "weights");
  if (weights.onnx === undefined) {
    throw reader.bad("weights", Object.keys(weights), "onnx among them");
  }
  const onnx = reader.record(weights.onnx, "weights onnx");
  if (onnx.external_data !== undefined && onnx.external_data !== null) {
    throw reader.bad("weights onnx", "external_data", "one file");
  }
  const own = ownOf(fields, reader);
  return {
    name: reader.text(fields.name, "name"),
    weights: fileOf(onnx, reader, "weights onnx"),
    ...(own && { own }),
    ...of(fields, reader),
  };
}

function parseYaml(text: string, path: string): unknown {
  try {
    // Aliases stay references, so that few bytes cannot become many.
    return load(text, { schema: CORE_SCHEMA });
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(
      cannot("read", "package", path, {
        found: `a description that is not YAML (${
          brief(found.split("\n")[0])
        })`,
        expected: "rdf.yaml of a model",
      }),
      { cause },
    );
  }
}

/** This program's own file of the model, if it wrote the package. */
function ownOf(
  { attachments, config }: Fields,
  reader: FieldReader,
): FileReference | undefined {
  const isOurs = typeof config === "object" && config !== null &&
    "unet" in config;
  if (!isOurs || !Array.isArray(attachments)) return undefined;
  return reader.list(attachments, "attachments")
    .map((one) => fileOf(reader.record(one, "attachments"), reader, "file"))
    .find(({ source }) => source === packageFiles.model);
}
