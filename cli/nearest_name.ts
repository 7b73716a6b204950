/**
 * Finds the name that a person may have meant by another word: the same in
 * another spelling, one of the same meaning, one that it begins, or one that
 * few typing errors turn it into. A word is better left without an answer than
 * given a wrong one: the fewer letters it has, the fewer errors are allowed.
 *
 * @param word What was typed, without dashes before it.
 * @param names The names there are.
 * @param meanings Words that are used elsewhere, and the names that they may
 * stand for here; the first of them that is among the names is taken.
 * @returns The name, or nothing.
 */
export function nearestName(
  word: string,
  names: readonly string[],
  meanings: Readonly<Record<string, readonly string[]>> = {},
): string | undefined {
  const spelled = word.replace(/([a-z])([A-Z])/g, "$1-$2").replaceAll("_", "-")
    .toLowerCase();
  if (names.includes(spelled)) return spelled;
  if (Object.hasOwn(meanings, spelled)) {
    const meant = meanings[spelled]!.find((name) => names.includes(name));
    if (meant !== undefined) return meant;
  }
  const begun = names.filter((name) =>
    spelled.length >= 3 && name.startsWith(spelled)
  );
  if (begun.length === 1) return begun[0];
  return names
    .map((name) => ({ name, errors: typingErrors(spelled, name) }))
    .filter(({ name, errors }) => errors <= errorsAllowed(spelled, name))
    .sort((a, b) => a.errors - b.errors)[0]?.name;
}

function errorsAllowed(word: string, name: string): number {
  // Few people mistype the first letter; some leave it out or add one.
  const hasBeginning = name[0] === word[0] || name.endsWith(word) ||
    word.endsWith(name);
  if (!hasBeginning) return 0;
  const letters = Math.max(word.length, name.length);
  if (letters >= 6) return letters < 10 ? 2 : 3;
  // With one letter changed, a short word is another word: tile, time.
  const isOtherWord = word.length === name.length &&
    [...word].sort().join() !== [...name].sort().join();
  return letters < 3 || isOtherWord ? 0 : 1;
}

/**
 * Letters left out, added, changed or swapped with their neighbor from one word
 * to another (Damerau and Levenshtein's distance, optimal string alignment).
 */
function typingErrors(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] &&
        a[i - 2] === b[j - 1];
      next.push(Math.min(
        row[j]! + 1,
        next[j - 1]! + 1,
        row[j - 1]! + (isSame ? 0 : 1),
        isSwapped ? before[j - 2]! + 1 : Infinity,
      ));
    }
    [before, row] = [row, next];
  }
  return row[b.length]!;
}
