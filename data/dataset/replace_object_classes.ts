import { nameKey } from "./case_names.ts";
import { withoutEnding } from "./object_classes.ts";
import { parseTable } from "./parse_table.ts";

/** The columns that a table has to have. */
const columns = ["image", "id", "class"] as const;

/**
 * Replaces the rows of one image in a table of objects' classes, as
 * {@linkcode findObjectClasses} reads it. Other rows, and other columns of
 * theirs, stay.
 *
 * @param table The table's text; null where there is none yet.
 * @param image The image's name, without an ending.
 * @param classes The name of each object's class, by the number that the mask
 * stores.
 * @returns The table's text; null where no object has a class any more.
 * @throws {SyntaxError} If it is no table of these columns.
 *
 * @example
 * ```ts
 * import { replaceObjectClasses } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   replaceObjectClasses("image,id,class\nb,1,tumor\n", "a", new Map([[7, "stroma"]])),
 *   "image,id,class\nb,1,tumor\na,7,stroma\n",
 * );
 * ```
 */
export function replaceObjectClasses(
  table: string | null,
  image: string,
  classes: ReadonlyMap<number, string>,
): string | null {
  const [header, ...rows] = table === null || table.trim() === ""
    ? [[...columns]]
    : parseTable(table.replace(/^\uFEFF/, "")).map(({ fields }) => fields);
  const names = header!.map((name) => name.toLowerCase());
  const places = columns.map((name) => names.indexOf(name));
  const missing = columns.find((_, at) => places[at]! < 0);
  if (missing !== undefined) throw new SyntaxError(`no column ${missing}`);
  const [ofImage, ofId, ofClass] = places as [number, number, number];
  const key = nameKey(image);
  const kept = rows.filter((fields) =>
    nameKey(withoutEnding(fields[ofImage] ?? "")) !== key
  );
  const own = [...classes].sort(([one], [other]) => one - other)
    .map(([id, name]) => {
      const fields: string[] = names.map(() => "");
      fields[ofImage] = image;
      fields[ofId] = String(id);
      fields[ofClass] = name;
      return fields;
    });
  const all = [...kept, ...own];
  if (!all.some((fields) => (fields[ofClass] ?? "") !== "")) return null;
  return [header!, ...all].map((fields) => fields.map(asField).join(","))
    .join("\n") + "\n";
}

/** A field, in quotes where it needs them. */
function asField(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text)
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
