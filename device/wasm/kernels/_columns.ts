import {
  advance,
  type Code,
  f32x4,
  get,
  i32,
  type Local,
  repeat,
  repeatUnrolled,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
} from "../_assembler.ts";

/**
 * Writes a function over matrices `[rows, channels]` that goes down every
 * column, four columns at a time, with the column's coefficients in registers.
 *
 * Its parameters: `rows`, `vectors` (channels / 4), `rest` (channels % 4),
 * `pitch` (bytes per row), the places of the matrices, of the coefficients
 * `[channels]`, of the sums `[channels]` (each replaced), and of the matrix
 * that it writes, if it does.
 */
function columnFunction(
  name: string,
  form: { matrices: number; coefficients: number; sums: number },
  write: (values: {
    matrices: readonly Code[];
    coefficients: readonly Code[];
    temporary: () => Local;
  }) => {
    /** Instructions to run first. */
    before?: Code;
    /** What to add to each sum. */
    sums?: readonly Code[];
    /** What to write. */
    result?: Code;
  },
): WasmFunction {
  const matrixNames = numbered("matrix", form.matrices);
  const coefficientNames = numbered("coefficient", form.coefficients);
  const sumNames = numbered("sum", form.sums);
  return wasmFunction(
    name,
    [
      "rows",
      "vectors",
      "rest",
      "pitch",
      ...matrixNames,
      ...coefficientNames,
      ...sumNames,
      "result",
    ],
    (p, local) => {
      const parameter = (key: string) => p[key]!;
      const readers = matrixNames.map(() => local("i32"));
      const values = matrixNames.map(() => local("v128"));
      const coefficients = coefficientNames.map(() => local("v128"));
      const sums = sumNames.map(() => local("v128"));
      const writer = local("i32"), count = local("i32");
      const { before = [], sums: terms = [], result } = write({
        matrices: values.map(get),
        coefficients: coefficients.map(get),
        temporary: () => local("v128"),
      });
      const columns = (lanes: 1 | 4) =>
        repeat(parameter(lanes === 4 ? "vectors" : "rest"), [
          coefficients.map((coefficient, i) =>
            set(
              coefficient,
              v128.load(get(parameter(coefficientNames[i]!)), 0, lanes),
            )
          ),
          sums.map((sum) => set(sum, v128.zero())),
          readers.map((reader, i) =>
            set(reader, get(parameter(matrixNames[i]!)))
          ),
          set(writer, get(parameter("result"))),
          repeatUnrolled(count, get(parameter("rows")), () => [
            values.map((value, i) =>
              set(value, v128.load(get(readers[i]!), 0, lanes))
            ),
            before,
            sums.map((sum, i) => set(sum, f32x4.add(get(sum), terms[i]!))),
            result ? v128.store(get(writer), result, 0, lanes) : [],
            [...readers, ...result ? [writer] : []].map((pointer) =>
              advance(pointer, get(parameter("pitch")))
            ),
          ]),
          sums.map((sum, i) =>
            v128.store(get(parameter(sumNames[i]!)), get(sum), 0, lanes)
          ),
          [...matrixNames, ...coefficientNames, ...sumNames, "result"].map((
            key,
          ) => advance(parameter(key), i32.constant(4 * lanes))),
        ]);
      return [columns(4), columns(1)];
    },
  );
}

function numbered(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${name}${index}`);
}

/** Sums of columns. */
const columnSums = columnFunction(
  "columnSums",
  { matrices: 1, coefficients: 0, sums: 1 },
  ({ matrices: [x] }) => ({ sums: [x!] }),
);

/** Sums of squared distances from the column's mean. */
const columnSquares = columnFunction(
  "columnSquares",
  { matrices: 1, coefficients: 1, sums: 1 },
  ({ matrices: [x], coefficients: [mean], temporary }) => {
    const centered = temporary();
    return {
      before: set(centered, f32x4.sub(x!, mean!)),
      sums: [f32x4.mul(get(centered), get(centered))],
    };
  },
);

/** (x − mean) · factor + offset, but not under the floor. */
const columnNormalize = columnFunction(
  "columnNormalize",
  { matrices: 1, coefficients: 4, sums: 0 },
  ({ matrices: [x], coefficients: [mean, factor, offset, floor] }) => ({
    result: f32x4.atLeast(
      f32x4.multiplyAdd(f32x4.sub(x!, mean!), factor!, offset!),
      floor!,
    ),
  }),
);

/** Σ g and Σ g · (x − mean), where g is dy, or 0 where ReLU cut y. */
const columnGradientSums = (relu: boolean) =>
  columnFunction(
    relu ? "columnGradientSumsRelu" : "columnGradientSums",
    { matrices: relu ? 3 : 2, coefficients: 1, sums: 2 },
    ({ matrices: [dy, x, y], coefficients: [mean], temporary }) => {
      const gradient = temporary();
      return {
        before: set(gradient, y ? cut(dy!, y) : dy!),
        sums: [
          get(gradient),
          f32x4.mul(get(gradient), f32x4.sub(x!, mean!)),
        ],
      };
    },
  );

/** g · a + (x − mean) · b + c, with g as above. */
const columnGradient = (relu: boolean) =>
  columnFunction(
    relu ? "columnGradientRelu" : "columnGradient",
    { matrices: relu ? 3 : 2, coefficients: 4, sums: 0 },
    ({ matrices: [dy, x, y], coefficients: [mean, a, b, c] }) => ({
      result: f32x4.multiplyAdd(
        y ? cut(dy!, y) : dy!,
        a!,
        f32x4.multiplyAdd(f32x4.sub(x!, mean!), b!, c!),
      ),
    }),
  );

/** dy where ReLU let y pass, else 0. */
const columnCut = columnFunction(
  "columnCut",
  { matrices: 2, coefficients: 0, sums: 0 },
  ({ matrices: [dy, y] }) => ({ result: cut(dy!, y!) }),
);

function cut(dy: Code, y: Code): Code {
  return v128.and(dy, f32x4.greater(y, v128.zero()));
}

/** The functions over columns. */
export const columnCode: readonly WasmFunction[] = [
  columnSums,
  columnSquares,
  columnNormalize,
  columnGradientSums(false),
  columnGradientSums(true),
  columnGradient(false),
  columnGradient(true),
  columnCut,
];
