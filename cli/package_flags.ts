import { inferenceSettings } from "@unet/app/settings";
import type { FlagGroup } from "./command.ts";
import type { Flags } from "./flags.ts";
import { flagsOfSettings } from "./setting_flags.ts";

/** The flags of a bioimage.io package. */
export const packageFlags: FlagGroup = {
  title: "bioimage.io package",
  flags: [
    {
      name: "test-image",
      kind: "text",
      value: "FILE",
      help:
        "bioimageio: an image of a type that the model was trained on; its " +
        "center, at most 256 pixels wide, goes into the package, with the " +
        "model's result",
    },
    {
      name: "authors",
      kind: "text",
      value: "TEXT",
      help:
        'bioimageio: the authors of the model, such as "Ada Lovelace @ada ' +
        '(Analytical Engines); Charles Babbage"',
    },
    {
      name: "cite",
      kind: "text",
      value: "TEXT",
      help: "bioimageio: publications to cite, each with a DOI or URL, " +
        "separated by semicolons",
    },
    {
      name: "title",
      kind: "text",
      value: "TEXT",
      help: "bioimageio: the title of the package (default the model's)",
    },
    {
      name: "tags",
      kind: "text",
      value: "WORD,…",
      help: "bioimageio: search terms, such as nuclei",
    },
    {
      name: "documentation",
      kind: "text",
      value: "FILE",
      help: "bioimageio: Markdown file on the model's uses and limits " +
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
