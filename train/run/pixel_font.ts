/** Columns and rows of a letter. */
const columns = 5, rows = 9;

/** Columns from one letter to the next. */
const step = 6;

/**
 * The letters of captions, so that they are the same on every machine, whatever
 * fonts it has: nine rows each, the last two below the line.
 */
const letters: Readonly<Record<string, string>> = {
  A: ".###. #...# #...# ##### #...# #...# #...#",
  G: ".###. #...# #.... #.### #...# #...# .###.",
  I: ".###. ..#.. ..#.. ..#.. ..#.. ..#.. .###.",
  P: "####. #...# #...# ####. #.... #.... #....",
  a: "..... ..... .###. ....# .#### #...# .####",
  b: "#.... #.... ####. #...# #...# #...# ####.",
  c: "..... ..... .#### #.... #.... #.... .####",
  d: "....# ....# .#### #...# #...# #...# .####",
  e: "..... ..... .###. #...# ##### #.... .###.",
  f: "..##. .#... ####. .#... .#... .#... .#...",
  g: "..... ..... .#### #...# #...# #...# .#### ....# .###.",
  h: "#.... #.... ####. #...# #...# #...# #...#",
  i: "..#.. ..... .##.. ..#.. ..#.. ..#.. .###.",
  j: "...#. ..... ..##. ...#. ...#. ...#. ...#. #..#. .##..",
  k: "#.... #.... #..#. #.#.. ##... #.#.. #..#.",
  l: ".##.. ..#.. ..#.. ..#.. ..#.. ..#.. .###.",
  m: "..... ..... ##.#. #.#.# #.#.# #.#.# #.#.#",
  n: "..... ..... ####. #...# #...# #...# #...#",
  o: "..... ..... .###. #...# #...# #...# .###.",
  p: "..... ..... ####. #...# #...# #...# ####. #.... #....",
  q: "..... ..... .#### #...# #...# #...# .#### ....# ....#",
  r: "..... ..... #.##. ##... #.... #.... #....",
  s: "..... ..... .#### #.... .###. ....# ####.",
  t: ".#... .#... ####. .#... .#... .#... ..##.",
  u: "..... ..... #...# #...# #...# #...# .####",
  v: "..... ..... #...# #...# #...# .#.#. ..#..",
  w: "..... ..... #...# #.#.# #.#.# #.#.# .#.#.",
  x: "..... ..... #...# .#.#. ..#.. .#.#. #...#",
  y: "..... ..... #...# #...# #...# #...# .#### ....# .###.",
  z: "..... ..... ##### ...#. ..#.. .#... #####",
};

/** Rows that a caption takes. */
export const captionHeight = rows;

/**
 * How wide a caption is.
 *
 * @param text Letters that the font has, and spaces.
 * @returns Columns.
 */
export function captionWidth(text: string): number {
  return Math.max(0, step * text.length - (step - columns));
}

/**
 * Where the ink of a caption is.
 *
 * @param text Letters that the font has, and spaces.
 * @returns Columns and rows from the caption's top left.
 * @throws {RangeError} If the font has no such letter.
 */
export function* inkOf(
  text: string,
): Generator<readonly [x: number, y: number], void, void> {
  for (const [place, letter] of [...text].entries()) {
    if (letter === " ") continue;
    const glyph = letters[letter];
    if (glyph === undefined) {
      throw new RangeError(
        `Cannot write caption: found the letter "${letter}", expected others`,
      );
    }
    for (const [y, row] of glyph.split(" ").entries()) {
      for (let x = 0; x < columns; x++) {
        if (row[x] === "#") yield [place * step + x, y];
      }
    }
  }
}
