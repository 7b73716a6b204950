import { cannot } from "@unet/errors";
import { type Bytes, type Library, terminated } from "./_library.ts";

/** The kinds of attributes, by the numbers that tfjs' kernels use. */
export const attributeKinds = {
  /** A text. */
  string: 0,
  /** A whole number or a list of them. */
  int: 1,
  /** A number or a list of them. */
  float: 2,
  /** A truth value or a list of them. */
  bool: 3,
  /** The type of tensors, or a list of them. */
  type: 4,
  /** A shape. */
  shape: 5,
  /** A resource; no kernel here has one. */
  resource: 6,
} as const;

/** An attribute of an operation. */
export interface OperationAttribute {
  /** Its name. */
  name: string;
  /** Its kind, one of {@linkcode attributeKinds}. */
  type: number;
  /** Its value. */
  value: boolean | number | object | string | number[];
}

/** Gives an operation that is being made its attributes. */
export function createAttributeSetter(
  { call, status, check }: Library,
): (operation: bigint, attribute: OperationAttribute) => void {
  const names = new Map<string, Bytes>();
  const encoder = new TextEncoder();
  const nameOf = (name: string): Bytes => {
    let bytes = names.get(name);
    if (!bytes) names.set(name, bytes = terminated(name));
    return bytes;
  };

  return (operation, attribute) => {
    const { type, value } = attribute;
    const name = nameOf(attribute.name);
    const list = Array.isArray(value) ? value as (number | boolean)[] : null;
    switch (type) {
      case attributeKinds.string: {
        expect(attribute, typeof value === "string", "a text");
        const bytes = encoder.encode(value as string);
        // An empty buffer has no address.
        const given = bytes.length > 0 ? bytes : new Uint8Array(1);
        const length = BigInt(bytes.length);
        call.TFE_OpSetAttrString(operation, name, given, length);
        return;
      }
      case attributeKinds.int: {
        expect(attribute, all(value, Number.isInteger), "whole numbers");
        if (list) {
          const numbers = int64s(list as number[]);
          call.TFE_OpSetAttrIntList(operation, name, numbers, list.length);
        } else call.TFE_OpSetAttrInt(operation, name, BigInt(value as number));
        return;
      }
      case attributeKinds.float: {
        expect(attribute, all(value, isNumber), "numbers");
        if (list) {
          const numbers = Float32Array.from(list as number[]);
          call.TFE_OpSetAttrFloatList(operation, name, numbers, list.length);
        } else call.TFE_OpSetAttrFloat(operation, name, value as number);
        return;
      }
      case attributeKinds.bool: {
        if (list) {
          const flags = Uint8Array.from(list, (flag) => flag ? 1 : 0);
          call.TFE_OpSetAttrBoolList(operation, name, flags, list.length);
        } else call.TFE_OpSetAttrBool(operation, name, value ? 1 : 0);
        return;
      }
      case attributeKinds.type: {
        expect(attribute, all(value, Number.isInteger), "types");
        if (list) {
          const types = Int32Array.from(list as number[]);
          call.TFE_OpSetAttrTypeList(operation, name, types, list.length);
        } else call.TFE_OpSetAttrType(operation, name, value as number);
        return;
      }
      case attributeKinds.shape: {
        expect(
          attribute,
          list !== null && list.every(Number.isInteger),
          "a shape",
        );
        const { length } = list!;
        const sizes = int64s(list as number[]);
        call.TFE_OpSetAttrShape(operation, name, sizes, length, status);
        check("set", "attribute", attribute.name);
        return;
      }
      default:
        expect(attribute, false, "a kind from string to shape");
    }
  };
}

const isNumber = (value: unknown) => typeof value === "number";

function all(value: unknown, is: (value: unknown) => boolean): boolean {
  return Array.isArray(value) ? value.every(is) : is(value);
}

function expect(
  { name, type, value }: OperationAttribute,
  isRight: boolean,
  expected: string,
): void {
  if (isRight) return;
  const found = `${JSON.stringify(value)} of kind ${type}`;
  throw new TypeError(cannot("set", "attribute", name, { found, expected }));
}

/** Whole numbers as C's int64_t; never empty, since that has no address. */
export function int64s(values: readonly number[]): BigInt64Array<ArrayBuffer> {
  const result = new BigInt64Array(Math.max(1, values.length));
  values.forEach((value, i) => result[i] = BigInt(value));
  return result;
}
