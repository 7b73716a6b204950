import type { Handle, Library } from "./_library.ts";
import { Primitive, type PrimitiveParts } from "./_primitive.ts";

/** What a primitive is compiled from. */
export interface Recipe extends Omit<PrimitiveParts, "descriptor"> {
  /** The function of oneDNN's that makes its descriptor. */
  readonly maker: Parameters<Library["create"]>[0];
  /** What the function takes between the engine and the hint. */
  readonly given: readonly unknown[];
  /** The descriptor of the forward pass, for a gradient; it is freed. */
  readonly hint?: Handle;
  /** What is added to the primitive; nothing by default. */
  readonly attribute?: Handle;
}

/**
 * Compiles a primitive whose operands' layouts are known before.
 *
 * @throws {DeviceError} If oneDNN has no implementation.
 */
export function compile(
  library: Library,
  { maker, given, hint, attribute = 0n, ...parts }: Recipe,
): Primitive {
  try {
    const hints = hint === undefined ? [] : [hint];
    const descriptor = library.create(
      ...[maker, parts.about, library.engine] as const,
      ...given,
      ...hints,
      attribute,
    );
    return new Primitive(library, { ...parts, descriptor });
  } finally {
    if (hint !== undefined) {
      library.functions.dnnl_primitive_desc_destroy(hint);
    }
  }
}
