/**
 * Breaks a text into lines at spaces, and within words that are longer than a
 * line; line breaks in it stay.
 *
 * @param text The text.
 * @param width How many characters a line may have.
 */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((paragraph) => {
    const lines = [""];
    for (const word of paragraph.split(" ").flatMap(pieces)) {
      const line = lines.at(-1)!;
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(word);
      } else {
        lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
      }
    }
    return lines;
  });

  function pieces(word: string): string[] {
    const count = Math.max(1, Math.ceil(word.length / width));
    return Array.from(
      { length: count },
      (_, at) => word.slice(at * width, (at + 1) * width),
    );
  }
}
