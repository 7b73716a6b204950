import type { Graph, GraphNode } from "@unet/model";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import {
  type Fill,
  putBytes,
  putFloat,
  putMessage,
  putText,
  putWhole,
} from "./protobuf_fields.ts";

/**
 * A network as TensorFlow's GraphDef, which TensorBoard draws: a node per node,
 * grouped by the parts of its name.
 *
 * @param graph The network.
 * @returns The message.
 */
export function graphMessage(graph: Graph): Uint8Array {
  const writer = new BinaryWriter(), names = namesOf(graph);
  graph.forEach((node, place) => {
    putMessage(writer, 1, (writer) => {
      putText(writer, 1, names[place]!);
      putText(writer, 2, node.op);
      for (const input of node.inputs) putText(writer, 3, names[input]!);
      for (const [key, value] of attributesOf(node)) {
        putMessage(writer, 5, (writer) => {
          putText(writer, 1, key);
          putMessage(writer, 2, value);
        });
      }
    });
  });
  return writer.finish();
}

/** A name per node, its parts from the outside in; no two are the same. */
function namesOf(graph: Graph): string[] {
  const names = new Set<string>();
  for (const node of graph) {
    const own = "name" in node ? node.name.replaceAll(".", "/") : null;
    const scope = node.block === undefined || node.op === "image"
      ? ""
      : `encoder/block${node.block + 1}/`;
    const wanted = own ?? scope + node.op;
    let name = wanted;
    for (let count = 2; names.has(name); count++) name = `${wanted}_${count}`;
    names.add(name);
  }
  return [...names];
}

/** What a node's box says of it, in the order of the names. */
function* attributesOf(node: GraphNode): Generator<[string, Fill]> {
  yield ["_output_shapes", (writer) => {
    putMessage(writer, 1, (writer) => {
      putMessage(writer, 7, (writer) => {
        // Batch, height and width are any.
        for (const size of [-1, -1, -1, node.channels]) {
          putMessage(writer, 2, (writer) => putWhole(writer, 1, size));
        }
      });
    });
  }];
  const { inputs: _inputs, op: _op, ...rest } = node;
  for (const [key, value] of Object.entries(rest).toSorted(byName)) {
    if (value === undefined || key === "name") continue;
    yield [key, attribute(value)];
  }
}

/** Orders entries by name. */
function byName(
  [a]: readonly [string, unknown],
  [b]: readonly [string, unknown],
): number {
  return a < b ? -1 : 1;
}

function attribute(value: string | number | boolean): Fill {
  if (typeof value === "string") {
    return (writer) => putBytes(writer, 2, new TextEncoder().encode(value));
  }
  if (typeof value === "boolean") {
    return (writer) => putWhole(writer, 5, Number(value));
  }
  return Number.isSafeInteger(value)
    ? (writer) => putWhole(writer, 3, value)
    : (writer) => putFloat(writer, 4, value);
}
