import type { CachedCase, Split } from "@unet/data";
import { briefList, count } from "@unet/errors";

/**
 * Leaves out images to train on that have the same pixels as one to validate
 * on, whatever their names and data sets, so that none is validated on its
 * copy.
 *
 * @param cases The images.
 * @param split Which of them train and validate.
 * @param onNote Given a line about what is left out.
 * @returns The other images.
 */
export function withoutCopies<Case extends Pick<CachedCase, "id" | "content">>(
  cases: readonly Case[],
  split: Pick<Split, "train" | "validation">,
  onNote: (line: string) => void = () => {},
): Case[] {
  const validated = new Set(split.validation), trained = new Set(split.train);
  const contents = new Set(
    cases.filter(({ id }) => validated.has(id)).map(({ content }) => content),
  );
  const copies = new Set(
    cases.filter(({ id, content }) => trained.has(id) && contents.has(content))
      .map(({ id }) => id),
  );
  if (copies.size === 0) return [...cases];
  onNote(
    `Left out of training: ${count(copies.size, "image")} with the same ` +
      `pixels as one to validate on (${briefList([...copies], { most: 4 })})`,
  );
  return cases.filter(({ id }) => !copies.has(id));
}
