import { basename, extname, join } from "@std/path";
import {
  detachedMarkdown,
  licenseId,
  type PackageFacts,
  parseAuthors,
  parseCitations,
} from "@unet/bioimageio";
import { cannot, UsageError } from "@unet/errors";
import { readTextFile } from "@unet/files";
import { findingOf } from "@unet/infer";
import { settle } from "@unet/infer/instances";
import type { SavedModel } from "@unet/model";
import { cardSettings } from "../models/card_settings.ts";
import { findPublished } from "../models/find_model.ts";
import { describeCard } from "../training/model_card.ts";
import type { PackageChoices } from "./package_choices.ts";

/** What a package's title may be, by its specification. */
const titleForm = /^[A-Za-z0-9_+\- ()]{5,128}$/;

/**
 * What a package says of a model: from its card, and from what a person
 * decides. What neither says is asked for.
 *
 * @param model The model as the person named it.
 * @param saved The model; its card with what the export changes in it.
 * @param choices What the person decides.
 * @throws {UsageError} Naming the setting that is missing.
 * @throws {FileError} If the documentation cannot be read.
 */
export async function packageFactsOf(
  model: string,
  saved: SavedModel,
  choices: Partial<PackageChoices>,
): Promise<PackageFacts> {
  const { plan, card } = saved, { heads } = plan.task;
  const settings = cardSettings(saved);
  const { threshold = 0.5, diameters, pixelSize } = settings;
  const documentation = await documentationOf(model, choices);
  return {
    title: titleOf(model, choices.title),
    authors: parseAuthors(
      required("authors", choices.authors, "who made the model"),
    ),
    cite: parseCitations(required("cite", choices.cite, "what to cite")),
    ...licenseOf(card.license),
    tags: choices.tags ?? [],
    plan,
    ...(findingOf(heads) === "objects" &&
      { instances: stepOf({ ...settings.instances, threshold }) }),
    ...(diameters && { diameters }),
    ...(pixelSize !== undefined && { pixelSize }),
    cardLines: describeCard(plan, card),
    ...(documentation !== undefined && { documentation }),
  };
}

/** The settings of objects, all of them, without limits of memory. */
function stepOf(options: Parameters<typeof settle>[0]) {
  const { maximalBox: _b, maximalRows: _r, ...step } = settle(options);
  return step;
}

function titleOf(model: string, given?: string): string {
  const title = given ?? basename(model, extname(model));
  if (titleForm.test(title)) return title;
  throw new UsageError(
    cannot("use", "setting", "title", {
      found: `"${title}"`,
      expected: "5 to 128 letters, digits, spaces and _+-()",
    }),
  );
}

function licenseOf(
  text: unknown,
): Pick<PackageFacts, "license" | "licenseText"> {
  const given = typeof text === "string" ? text : "";
  const license = licenseId(given);
  if (license !== undefined) {
    return { license, ...(given !== license && { licenseText: given }) };
  }
  throw new UsageError(
    cannot("use", "setting", "license", {
      found: given === "" ? "none in the model's card" : `"${given}"`,
      expected: "an SPDX identifier first, such as MIT or CC-BY-4.0",
    }),
  );
}

async function documentationOf(
  model: string,
  { documentation }: Partial<PackageChoices>,
): Promise<string | undefined> {
  if (documentation !== undefined) {
    return detachedMarkdown(await readTextFile(documentation, "documentation"));
  }
  const folder = await findPublished(model);
  if (folder === undefined) return undefined;
  return detachedMarkdown(
    await readTextFile(join(folder, "README.md"), "card"),
  );
}

/** What a person has to decide. */
export function required(
  setting: keyof PackageChoices,
  value: string | undefined,
  what: string,
): string {
  if (value !== undefined && value.trim() !== "") return value;
  throw new UsageError(
    cannot("use", "setting", setting, {
      found: "nothing",
      expected: `${what}, for \`format bioimageio\``,
    }),
  );
}
