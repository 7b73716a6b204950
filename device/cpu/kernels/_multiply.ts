/** A product of matrices that lie in arrays. */
export interface Product {
  /** Rows of `a` and of the result. */
  readonly rows: number;
  /** Columns of `b` and of the result. */
  readonly columns: number;
  /** The columns of `a` are so many pieces … */
  readonly pieces: number;
  /** … of so many columns; `b` has as many rows as `a` has columns. */
  readonly inner: number;
  /** The left factor. */
  readonly a: Float32Array;
  /** Where the left factor begins. */
  readonly aStart: number;
  /** From one row of `a` to the next. */
  readonly aRow: number;
  /** From one piece of `a` to the next. */
  readonly aPiece: number;
  /** From one column of a piece to the next. */
  readonly aColumn: number;
  /** The right factor, row after row without gaps. */
  readonly b: Float32Array;
  /** Where the right factor begins. */
  readonly bStart: number;
  /** What the product is added to, row after row without gaps. */
  readonly out: Float32Array;
  /** Where the result begins. */
  readonly outStart: number;
}

/**
 * Adds a · b to `out`. Sums are float64. Two rows by four columns at a time,
 * which is what the registers of a processor hold.
 */
export function multiply(product: Product): void {
  const { rows, columns, pieces, inner, a, aStart, aRow, aPiece, aColumn } =
    product;
  const { b, bStart, out, outStart } = product;
  const pairs = rows & ~1, fours = columns & ~3;
  for (let column = 0; column < fours; column += 4) {
    for (let row = 0; row < pairs; row += 2) {
      let w = bStart + column;
      let x0 = 0, x1 = 0, x2 = 0, x3 = 0;
      let y0 = 0, y1 = 0, y2 = 0, y3 = 0;
      for (let piece = 0; piece < pieces; piece++) {
        let x = aStart + row * aRow + piece * aPiece, y = x + aRow;
        for (let k = 0; k < inner; k++) {
          const ax = a[x]!, ay = a[y]!;
          const b0 = b[w]!, b1 = b[w + 1]!, b2 = b[w + 2]!, b3 = b[w + 3]!;
          x0 += ax * b0;
          x1 += ax * b1;
          x2 += ax * b2;
          x3 += ax * b3;
          y0 += ay * b0;
          y1 += ay * b1;
          y2 += ay * b2;
          y3 += ay * b3;
          x += aColumn;
          y += aColumn;
          w += columns;
        }
      }
      const upper = outStart + row * columns + column, lower = upper + columns;
      out[upper]! += x0;
      out[upper + 1]! += x1;
      out[upper + 2]! += x2;
      out[upper + 3]! += x3;
      out[lower]! += y0;
      out[lower + 1]! += y1;
      out[lower + 2]! += y2;
      out[lower + 3]! += y3;
    }
  }
  if (fours < columns) multiplyOneByOne(product, 0, pairs, fours);
  if (pairs < rows) multiplyOneByOne(product, pairs, rows, 0);
}

/** The part of the result in some rows, from some column on. */
function multiplyOneByOne(
  product: Product,
  fromRow: number,
  toRow: number,
  fromColumn: number,
): void {
  const { columns, pieces, inner, a, aStart, aRow, aPiece, aColumn } = product;
  const { b, bStart, out, outStart } = product;
  for (let row = fromRow; row < toRow; row++) {
    for (let column = fromColumn; column < columns; column++) {
      let w = bStart + column, sum = 0;
      for (let piece = 0; piece < pieces; piece++) {
        let x = aStart + row * aRow + piece * aPiece;
        for (let k = 0; k < inner; k++) {
          sum += a[x]! * b[w]!;
          x += aColumn;
          w += columns;
        }
      }
      out[outStart + row * columns + column]! += sum;
    }
  }
}
