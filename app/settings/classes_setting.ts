import { faultOfClasses, withBackgroundFirst } from "@unet/data/class-list";
import type { MaskClass } from "@unet/data/mask-options";
import { brief, cannot, UsageError } from "@unet/errors";
import type { Setting, Typed } from "./setting.ts";
import { orNull, ownSetting } from "./setting_kinds.ts";
import { isStoredValue, parseStoredValue } from "./stored_value.ts";

/** Which classes the numbers of masks are. */
export const classesSetting: Setting<readonly MaskClass[] | null> = ownSetting({
  group: "Data",
  isTried: false,
  inputs: [{
    name: "classes",
    kind: "text",
    value: "NAMES|off",
    help: "masks are class maps: class names in the order of their numbers " +
      "from 0, background first, such as background,axon,myelin; or names " +
      "with the values that masks store, such as background=0,axon=255 or " +
      "axon=#ff0000 (default classes.json in the data, or nnU-Net's " +
      "dataset.json; off ignores them)",
  }],
  read: readClasses,
  check: orNull((value) =>
    Array.isArray(value) &&
    value.every((one) =>
      typeof one?.name === "string" && isStoredValue(one.value)
    ) &&
    (value.length === 0 || faultOfClasses(value) === undefined)
  ),
  default: null,
  before: null,
});

/** The classes that were typed; an empty list stands for off. */
function readClasses(typed: Typed): MaskClass[] {
  const text = typed.text("classes")!;
  if (text.trim() === "off") return [];
  const first = typed.on("sparse") ? 1 : 0;
  const parts = text.split(",").map((part) => part.split("="));
  const hasValues = parts.some((part) => part.length > 1);
  const classes = parts.map(([name, ...values], at): MaskClass => {
    if (!hasValues) return { name: name!.trim(), value: first + at };
    const value = parseStoredValue(values.join("="));
    if (values.length === 0 || !isStoredValue(value)) {
      throw refused(
        brief(parts[at]!.join("=")),
        "a number or a color for each class, as in axon=1 or axon=#ff0000",
      );
    }
    return { name: name!.trim(), value };
  });
  const fault = faultOfClasses(classes);
  if (fault) throw refused(fault.found, fault.expected);
  return withBackgroundFirst(classes);
}

function refused(found: string, expected: string): UsageError {
  return new UsageError(
    cannot("use", "setting", "classes", { found, expected }),
  );
}
