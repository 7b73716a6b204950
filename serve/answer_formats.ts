import { brief } from "@unet/errors";
import { RequestError } from "@unet/http";
import {
  describeFormat,
  type OutputFormat,
  outputFormats,
} from "@unet/infer/formats";
import type { ModelFacts } from "./compute_messages.ts";

/** What an image is answered with: a file of `unet segment`, or its counts. */
export type AnswerFormat = Exclude<OutputFormat, "ome-zarr"> | "json";

/** What each is, as a media type. */
export const mediaTypes: Readonly<Record<AnswerFormat, string>> = {
  png: "image/png",
  tiff: "image/tiff",
  probability: "image/tiff",
  overlay: "image/png",
  labels: "image/tiff",
  geojson: "application/geo+json",
  roi: "application/zip",
  coco: "application/json",
  csv: "text/csv; charset=utf-8",
  json: "application/json",
};

/** The formats that there are, in the order of `unet segment`. */
export const answerFormats = [
  ...outputFormats.filter((format) => Object.hasOwn(mediaTypes, format)),
  "json",
] as readonly AnswerFormat[];

/**
 * Which format is wanted: by the address, else by the header Accept, else the
 * mask as PNG, as `unet segment` has it.
 *
 * @param format What the address says.
 * @param accept What the header says.
 * @param finding What is found with the model.
 * @throws {RequestError} With status 400, if the address names no format of
 * such a model; with status 406, if the header accepts none.
 */
export function formatOf(
  format: string | null,
  accept: string | null,
  finding: ModelFacts["finding"],
): AnswerFormat {
  const known = answerFormats.filter((name) =>
    name === "json" || describeFormat(name, finding) !== undefined
  );
  if (format !== null) {
    const found = known.find((name) => name === format);
    if (found) return found;
    throw new RequestError(
      400,
      `Cannot use parameter "format": found ${brief(format)}, expected one of ${
        known.join(", ")
      }`,
    );
  }
  const types = accepted(accept);
  // A TIFF holds numbers: those of objects, where there are any.
  const offered: readonly AnswerFormat[] = [
    ...["png", "labels", "tiff", "geojson", "csv", "json", "roi"] as const,
  ].filter((name) => known.includes(name));
  for (const type of types) {
    const found = offered.find((name) => matches(type, mediaTypes[name]));
    if (found) return found;
  }
  throw new RequestError(
    406,
    `Cannot answer request: found Accept ${brief(accept)}, expected one of ${
      [...new Set(offered.map((name) => mediaTypes[name]))].join(", ")
    }; or add format=NAME to the address`,
  );
}

/** The types of a header, the most wanted first. */
function accepted(header: string | null): string[] {
  if (header === null || header.trim() === "") return ["*/*"];
  return header.slice(0, 4096).split(",").map((part) => {
    const [type = "", ...parameters] = part.split(";").map((one) =>
      one.trim().toLowerCase()
    );
    const quality = parameters.find((one) => one.startsWith("q="));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    return { type, weight };
  }).filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight).map(({ type }) => type);
}

function matches(accepted: string, type: string): boolean {
  const [own = ""] = type.split(";");
  const [group] = own.split("/");
  return accepted === "*/*" || accepted === own || accepted === `${group}/*`;
}
