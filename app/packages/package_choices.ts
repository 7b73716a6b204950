/** Settings of a bioimage.io package, besides its model. */
export interface PackageChoices {
  /** Its name for people; the model's own if that will do. */
  readonly title: string;
  /** Who made the model: `Name @github (Affiliation); …`. */
  readonly authors: string;
  /** What to cite, each with a DOI or an address, semicolons between. */
  readonly cite: string;
  /** Words to find it by, besides those that every package has. */
  readonly tags: readonly string[];
  /** An image that the model knows; its middle becomes the test input. */
  readonly testImage: string;
  /** A Markdown file on what the model knows; a published model's own. */
  readonly documentation: string;
  /** What computes the test output; `auto` by default. */
  readonly device: string;
}

/** The names of {@linkcode PackageChoices}. */
export const packageChoiceNames = [
  "title",
  "authors",
  "cite",
  "tags",
  "testImage",
  "documentation",
  "device",
] as const satisfies readonly (keyof PackageChoices)[];
