import { type Extent, extentsOf, halves } from "./extent.ts";
import type { Graph } from "./node.ts";

/** Which heights and widths a network takes. */
export interface SizeRule {
  /** They are multiples of this … */
  readonly multiple: number;
  /** … and so many pixels more. */
  readonly extra: number;
  /** The smallest. */
  readonly least: number;
  /** Pixels on each side of an input that its output lacks. */
  readonly margin: number;
}

/**
 * Which heights and widths a network takes: those of which every pooling finds
 * an even number, and no convolution without padding finds too few.
 *
 * @param graph The network.
 * @returns The rule.
 */
export function sizeRuleOf(graph: Graph): SizeRule {
  const extents = extentsOf(graph);
  const multiple = Math.max(...extents.map(({ stride }) => stride));
  const halved = graph.filter(halves).map(({ inputs: [from] }) =>
    extents[from!]!
  );
  // The deepest says most: what it takes, all before it take too.
  const deepest = halved.reduce<Extent>(
    (deep, extent) => extent.stride > deep.stride ? extent : deep,
    { stride: 0, lost: 0 },
  );
  const extra = deepest.lost % multiple;
  const needed = Math.max(...extents.map(({ stride, lost }) => stride + lost));
  return {
    multiple,
    extra,
    least: Math.ceil((needed - extra) / multiple) * multiple + extra,
    margin: extents.at(-1)!.lost / 2,
  };
}

/** The smallest size from `size` on that a rule allows. */
export function fitTo({ multiple, extra, least }: SizeRule, size: number) {
  const fit = Math.ceil((size - extra) / multiple) * multiple + extra;
  return Math.max(least, fit);
}

/** A rule in words, for messages. */
export function describeRule(
  { multiple, extra, least, margin }: SizeRule,
): string {
  return extra === 0
    ? `multiples of ${multiple}`
    : `multiples of ${multiple} and ${extra} more, from ${least}, of which ` +
      `unpadded convolutions leave ${2 * margin} fewer`;
}
