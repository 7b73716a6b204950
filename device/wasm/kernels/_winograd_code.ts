import {
  advance,
  type Code,
  f32x4,
  get,
  i32,
  type Local,
  many,
  repeat,
  repeatUnrolled,
  set,
  v128,
  type WasmFunction,
  wasmFunction,
} from "../_assembler.ts";

/** What transforms multiply by, as they lie in memory. */
export const constants = [2, 4, 8, -5, 1 / 4, 1 / 6, 1 / 12, 1 / 24] as const;

type Constant = "two" | "four" | "eight" | "minusFive" | KernelConstant;
type KernelConstant = "quarter" | "sixth" | "twelfth" | "twentyFourth";

const places: Record<Constant, number> = {
  ...{ two: 0, four: 4, eight: 8, minusFive: 12 },
  ...{ quarter: 16, sixth: 20, twelfth: 24, twentyFourth: 28 },
};

/** Makes local variables. */
type Maker = (type: "i32" | "v128") => Local;

/** Values, each as instructions that give it. */
type Values = readonly Code[];

/** A transform of some values to others, of which some serve it in between. */
type Transform = (
  values: Values,
  constant: (name: Constant) => Code,
  local: Maker,
) => { readonly before: Code; readonly results: Values };

/** Bᵀ: six values of an input to six. */
const transformInput: Transform = (values, constant, local) => {
  const [d0, d1, d2, d3, d4, d5] = values as [
    ...[Code, Code, Code, Code, Code, Code],
  ];
  const [a, b, c, f] = many(4, () => local("v128")) as [
    ...[Local, Local, Local, Local],
  ];
  const times4 = (value: Code) => f32x4.mul(value, constant("four"));
  const twice = () => f32x4.mul(get(f), constant("two"));
  const edge = (x: Code, y: Code, z: Code) =>
    f32x4.multiplyAdd(
      x,
      constant("four"),
      f32x4.multiplyAdd(y, constant("minusFive"), z),
    );
  return {
    before: [
      set(a, f32x4.sub(d4, times4(d2))),
      set(b, f32x4.sub(d3, times4(d1))),
      set(c, f32x4.sub(d4, d2)),
      set(f, f32x4.sub(d3, d1)),
    ],
    results: [
      edge(d0, d2, d4),
      f32x4.add(get(a), get(b)),
      f32x4.sub(get(a), get(b)),
      f32x4.add(get(c), twice()),
      f32x4.sub(get(c), twice()),
      edge(d1, d3, d5),
    ],
  };
};

/** Aᵀ: six sums to four values of an output. */
const transformOutput: Transform = (values, constant, local) => {
  const [m0, m1, m2, m3, m4, m5] = values as [
    ...[Code, Code, Code, Code, Code, Code],
  ];
  const [s, t, d, e] = many(4, () => local("v128")) as [
    ...[Local, Local, Local, Local],
  ];
  return {
    before: [
      set(s, f32x4.add(m1, m2)),
      set(d, f32x4.sub(m1, m2)),
      set(t, f32x4.add(m3, m4)),
      set(e, f32x4.sub(m3, m4)),
    ],
    results: [
      f32x4.add(m0, f32x4.add(get(s), get(t))),
      f32x4.multiplyAdd(get(e), constant("two"), get(d)),
      f32x4.multiplyAdd(get(t), constant("four"), get(s)),
      f32x4.add(m5, f32x4.multiplyAdd(get(e), constant("eight"), get(d))),
    ],
  };
};

/** G: three values of a kernel to six. */
const transformKernel: Transform = (values, constant, local) => {
  const [g0, g1, g2] = values as [...[Code, Code, Code]];
  const [s, m, p, q] = many(4, () => local("v128")) as [
    ...[Local, Local, Local, Local],
  ];
  return {
    before: [
      set(s, f32x4.mul(f32x4.add(g0, g2), constant("sixth"))),
      set(m, f32x4.mul(g1, constant("sixth"))),
      set(
        p,
        f32x4.multiplyAdd(
          g0,
          constant("twentyFourth"),
          f32x4.mul(g2, constant("sixth")),
        ),
      ),
      set(q, f32x4.mul(g1, constant("twelfth"))),
    ],
    results: [
      f32x4.mul(g0, constant("quarter")),
      f32x4.sub(v128.zero(), f32x4.add(get(s), get(m))),
      f32x4.sub(get(m), get(s)),
      f32x4.add(get(p), get(q)),
      f32x4.sub(get(p), get(q)),
      g2,
    ],
  };
};

/** A: four values of an output's gradient to six. */
const transformGradient: Transform = (values, constant, local) => {
  const [y0, y1, y2, y3] = values as [...[Code, Code, Code, Code]];
  const [a, b, c, d] = many(4, () => local("v128")) as [
    ...[Local, Local, Local, Local],
  ];
  return {
    before: [
      set(a, f32x4.add(y0, y2)),
      set(b, f32x4.add(y1, y3)),
      set(c, f32x4.multiplyAdd(y2, constant("four"), y0)),
      set(
        d,
        f32x4.multiplyAdd(
          y3,
          constant("eight"),
          f32x4.mul(y1, constant("two")),
        ),
      ),
    ],
    results: [
      y0,
      f32x4.add(get(a), get(b)),
      f32x4.sub(get(a), get(b)),
      f32x4.add(get(c), get(d)),
      f32x4.sub(get(c), get(d)),
      y3,
    ],
  };
};

/** Gᵀ: six sums to three values of a kernel's gradient. */
const transformKernelGradient: Transform = (values, constant, local) => {
  const [m0, m1, m2, m3, m4, m5] = values as [
    ...[Code, Code, Code, Code, Code, Code],
  ];
  const [s, t] = many(2, () => local("v128")) as [...[Local, Local]];
  return {
    before: [
      set(s, f32x4.mul(f32x4.add(m1, m2), constant("sixth"))),
      set(t, f32x4.add(m3, m4)),
    ],
    results: [
      f32x4.multiplyAdd(
        get(t),
        constant("twentyFourth"),
        f32x4.sub(f32x4.mul(m0, constant("quarter")), get(s)),
      ),
      f32x4.multiplyAdd(
        f32x4.sub(m3, m4),
        constant("twelfth"),
        f32x4.mul(f32x4.sub(m2, m1), constant("sixth")),
      ),
      f32x4.multiplyAdd(get(t), constant("sixth"), f32x4.sub(m5, get(s))),
    ],
  };
};

/** What a function of lines takes. */
const parameters = [
  ...["from", "to", "outer", "count"] as const,
  // Bytes from one line to the next, and from one outer step to the next.
  ...["fromLine", "toLine", "fromOuter", "toOuter"] as const,
  ...["constants", "bias", "floor"] as const,
] as const;

/**
 * Writes a function that reads lines of vectors, transforms what stands in one
 * place of all, and writes other lines: `count` vectors a line, `outer` times.
 */
function lineFunction(
  name: string,
  transform: Transform,
  { lines, results, isLast = false }: {
    /** Lines that it reads. */
    readonly lines: number;
    /** Lines that it writes. */
    readonly results: number;
    /** Whether a bias is added, along the lines, and a floor kept. */
    readonly isLast?: boolean;
  },
): WasmFunction {
  return wasmFunction(name, parameters, (p, local) => {
    const known = new Map<Constant, Local>();
    const constant = (name: Constant): Code => {
      const place = known.get(name) ?? local("v128");
      known.set(name, place);
      return get(place);
    };
    const readers = many(lines, () => local("i32"));
    const writers = many(results, () => local("i32"));
    const count = local("i32"), bias = local("i32"), floor = local("v128");
    const values = many(lines, () => local("v128"));
    const shared: Local[] = [];
    const finish = (value: Code, step: number): Code =>
      isLast
        ? f32x4.atLeast(
          f32x4.add(value, v128.load(get(bias), 16 * step)),
          get(floor),
        )
        : value;
    const body = (step: number): Code => {
      let used = 0;
      const { before, results } = transform(
        values.map(get),
        constant,
        (type) => shared[used++] ??= local(type),
      );
      return [
        values.map((value, i) =>
          set(value, v128.load(get(readers[i]!), 16 * step))
        ),
        before,
        results.map((result, i) =>
          v128.store(get(writers[i]!), finish(result, step), 16 * step)
        ),
      ];
    };
    const pointers = [...readers, ...writers, ...isLast ? [bias] : []];
    const start = (pointers: Local[], from: Local, step: Local): Code =>
      pointers.map((pointer, i) =>
        set(
          pointer,
          i === 0 ? get(from) : i32.add(get(pointers[i - 1]!), get(step)),
        )
      );
    const loop = repeat(p.outer, [
      start(readers, p.from, p.fromLine),
      start(writers, p.to, p.toLine),
      set(bias, get(p.bias)),
      repeatUnrolled(
        count,
        get(p.count),
        body,
        (steps) =>
          pointers.map((pointer) => advance(pointer, i32.constant(16 * steps))),
      ),
      advance(p.from, get(p.fromOuter)),
      advance(p.to, get(p.toOuter)),
    ]);
    return [
      set(floor, v128.loadSplat(get(p.floor))),
      [...known].map(([name, place]) =>
        set(place, v128.loadSplat(get(p.constants), places[name]))
      ),
      loop,
    ];
  });
}

/** The functions that Winograd's convolution calls. */
export const winogradCode: readonly WasmFunction[] = [
  lineFunction("winogradInput", transformInput, { lines: 6, results: 6 }),
  lineFunction("winogradKernel", transformKernel, { lines: 3, results: 6 }),
  lineFunction("winogradGradient", transformGradient, { lines: 4, results: 6 }),
  lineFunction("winogradKernelGradient", transformKernelGradient, {
    lines: 6,
    results: 3,
  }),
  lineFunction("winogradSums", transformOutput, { lines: 6, results: 4 }),
  lineFunction("winogradOutput", transformOutput, {
    lines: 6,
    results: 4,
    isLast: true,
  }),
];
