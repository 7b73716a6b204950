import { faultOfClasses } from "@unet/data/class-list";
import { cannot, UsageError } from "@unet/errors";
import type { Setting } from "./setting.ts";
import { orNull, ownSetting } from "./setting_kinds.ts";

/** Which classes objects have. */
export const objectClassesSetting: Setting<readonly string[] | null> =
  ownSetting({
    group: "Data",
    isTried: false,
    inputs: [{
      name: "object-classes",
      kind: "text",
      value: "NAMES|off",
      help: "classes of the objects, such as lymphocyte,tumor, in the order " +
        "of the network's outputs (default those in classes.csv of the data; " +
        "off ignores it)",
    }],
    read(typed) {
      const text = typed.text("object-classes")!.trim();
      if (text === "off") return [];
      const names = text.split(",").map((name) => name.trim());
      const fault = faultOfNames(names);
      if (!fault) return names;
      throw new UsageError(cannot("use", "setting", "objectClasses", fault));
    },
    check: orNull((value) =>
      Array.isArray(value) &&
      value.every((one) => typeof one === "string") &&
      (value.length === 0 || faultOfNames(value) === undefined)
    ),
    default: null,
    before: null,
  });

/** What keeps names from being classes of objects. */
function faultOfNames(
  names: readonly string[],
): { readonly found: string; readonly expected: string } | undefined {
  return faultOfClasses(
    ["background", ...names].map((name, value) => ({ name, value })),
  );
}
