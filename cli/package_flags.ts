import { inferenceSettings } from "@unet/app/settings";
import type { FlagGroup } from "./command.ts";
import type { Flags } from "./flags.ts";
import { flagsOfSettings } from "./setting_flags.ts";

/** The flags of a package of bioimage.io. */
export const packageFlags: FlagGroup = {
  title: "Package of bioimage.io",
  flags: [
    {
      name: "test-image",
      kind: "text",
      value: "FILE",
      help: "bioimageio: an image that the model knows; its middle, at most " +
        "256 pixels wide, becomes part of the package, with what the model " +
        "makes of it",
    },
    {
      name: "authors",
      kind: "text",
      value: "TEXT",
      help: 'bioimageio: who made the model, as in "Ada Lovelace @ada ' +
        '(Analytical Engines); Charles Babbage"',
    },
    {
      name: "cite",
      kind: "text",
      value: "TEXT",
      help: "bioimageio: what to cite, each with a DOI or an address, " +
        "semicolons between",
    },
    {
      name: "title",
      kind: "text",
      value: "TEXT",
      help: "bioimageio: the package's name for people (default the model's)",
    },
    {
      name: "tags",
      kind: "text",
      value: "WORD,…",
      help: "bioimageio: words to find it by, such as nuclei",
    },
    {
      name: "documentation",
      kind: "text",
      value: "FILE",
      help: "bioimageio: Markdown on what the model knows and does not " +
        "(default a published model's card)",
    },
    ...flagsOfSettings({ device: inferenceSettings.device }),
  ],
};

/** What a person decided of a package. */
export function givenPackage(flags: Flags) {
  const testImage = flags.text("test-image"), authors = flags.text("authors");
  const cite = flags.text("cite"), title = flags.text("title");
  const tags = flags.text("tags"), documentation = flags.text("documentation");
  return {
    ...(testImage !== undefined && { testImage }),
    ...(authors !== undefined && { authors }),
    ...(cite !== undefined && { cite }),
    ...(title !== undefined && { title }),
    ...(tags !== undefined &&
      { tags: tags.split(",").map((one) => one.trim()).filter(Boolean) }),
    ...(documentation !== undefined && { documentation }),
    ...(flags.given("device") && { device: flags.text("device")! }),
  };
}
