import { below, type Mutation, pick } from "./_mutate.ts";

const encoder = new TextEncoder(), decoder = new TextDecoder();

const deep = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

/** What stands in for a value of JSON or TOML. */
const values: readonly string[] = [
  ...["null", "true", "{}", "[]", '""', "0", "-1", "1.5", "1e400", "-1e400"],
  ...["NaN", "Infinity", "-0", "9007199254740993", "1e300", "4294967296"],
  ...['"__proto__"', '{"__proto__":1}', '"\\u001b[2J"', '"\\ud800"', '"\\n"'],
  ...[deep(3), deep(60), deep(70), deep(20_000), `{"a":${deep(50)}}`],
  ...[`"${"x".repeat(100_000)}"`, `[${"0,".repeat(50_000)}0]`],
  ...[`[${"{},".repeat(50_000)}{}]`, `"${"\\u0007".repeat(5000)}"`],
];

const tokens =
  /"(?:[^"\\]|\\.){0,2000}"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\[\]|\{\}/g;

/** Puts another value, or another name, in the place of one. */
export const replaceValue: Mutation = (bytes, random) => {
  const text = decoder.decode(bytes);
  const found = [...text.matchAll(tokens)];
  if (found.length === 0) return bytes;
  const { index, 0: token } = pick(random, found);
  const other = random.next() < 0.7
    ? pick(random, values)
    : pick(random, found)[0];
  return encoder.encode(
    text.slice(0, index) + other + text.slice(index + token.length),
  );
};

/** Text repeated by one change is so long at most: a text of all has a limit. */
const longest = 2e6;

/** Repeats, drops or swaps lines. */
export const changeLines: Mutation = (bytes, random) => {
  const lines = decoder.decode(bytes).split("\n");
  const at = below(random, lines.length), line = lines[at]!;
  const kind = below(random, 3);
  if (kind === 0) lines.splice(at, 1);
  else if (kind === 1) {
    const times = Math.min(pick(random, [1, 5, 2000]), longest / line.length);
    lines.splice(at, 0, ...Array.from({ length: times }, () => line));
  } else lines.splice(below(random, lines.length), 0, line);
  return encoder.encode(lines.join("\n"));
};

/** What stands in for an attribute of XML. */
const attributes: readonly string[] = [
  ...["", "0", "-1", "1.5", "many", "1e9", "16777216", "1048576", "65536"],
  ...["&a;", "&lt;", "x".repeat(100_000), "\x1b[2J", "urn:uuid:1"],
];

/** Changes an attribute of XML, or repeats or drops an element. */
export const changeXml: Mutation = (bytes, random) => {
  const text = decoder.decode(bytes);
  const isAttribute = random.next() < 0.6;
  const found = [
    ...text.matchAll(isAttribute ? /="([^"]*)"/g : /<\/?\w[^<>]*>/g),
  ];
  if (found.length === 0) return bytes;
  const { index, 0: token } = pick(random, found);
  const times = Math.min(
    pick(random, [0, 2, 100, 20_000]),
    longest / token.length,
  );
  const other = isAttribute
    ? `="${pick(random, attributes)}"`
    : token.repeat(times);
  return encoder.encode(
    text.slice(0, index) + other + text.slice(index + token.length),
  );
};
