import { attributeKinds, type OperationAttribute } from "./_attributes.ts";

/** The value of an attribute, with its kind. */
interface Value {
  readonly type: number;
  readonly value: OperationAttribute["value"];
}

/** The type of tensors. */
export const type = (value: number): Value => ({
  type: attributeKinds.type,
  value,
});
/** A whole number or several. */
export const int = (value: number | number[]): Value => ({
  type: attributeKinds.int,
  value,
});
/** A number or several. */
export const float = (value: number | number[]): Value => ({
  type: attributeKinds.float,
  value,
});
/** A truth value. */
export const bool = (value: boolean): Value => ({
  type: attributeKinds.bool,
  value,
});
/** A text. */
export const text = (value: string): Value => ({
  type: attributeKinds.string,
  value,
});

/** Attributes by name, as the binding takes them. */
export function attributes(
  values: Readonly<Record<string, Value>>,
): OperationAttribute[] {
  return Object.entries(values).map(([name, { type, value }]) => ({
    name,
    type,
    value,
  }));
}
