import { mapClassesOf } from "../folder/class_map.ts";
import { classPlaceOf, readClasses } from "../folder/class_table.ts";
import type { StudioRoom } from "../studio_room.ts";
import { textOf } from "./query.ts";
import type { Route } from "./route.ts";

/** The classes of a mask's numbers. */
export interface ShownClasses {
  /** Whether numbers are objects that have classes, or classes themselves. */
  readonly kind: "objects" | "map";
  /** The names of all classes, without the background. */
  readonly names: readonly string[];
  /** Numbers of the mask, and which name each has, from 1. */
  readonly places: readonly (readonly [number: number, place: number])[];
}

/** The classes of masks, by which the page colors them. */
export const classRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/api/classes",
    answer: async (room, { query }) =>
      Response.json(await classesOf(room, textOf(query, "name"))),
  },
];

/**
 * The classes of an image's mask: those of its objects, or those that the
 * numbers of a class map are.
 *
 * @throws {RequestError} If there is no such image (404).
 * @throws {UnetError} If the classes cannot be read.
 */
async function classesOf(
  { folder, images, masks }: Pick<StudioRoom, "folder" | "images" | "masks">,
  name: string,
): Promise<ShownClasses> {
  await images.pathOf(name);
  const place = classPlaceOf(folder.root, name);
  const edited = await masks.find(name);
  const found = edited?.foundClasses ?? await readClasses(place);
  if (found.names.length === 0 && !edited) {
    const map = await mapClassesOf(place);
    const numbers = map?.values.filter((value) => typeof value === "number");
    // Colors are no numbers of a mask.
    if (map && numbers?.length === map.names.length) {
      const places = numbers.map((value, at) => [value, at + 1] as const);
      return { kind: "map", names: map.names, places };
    }
  }
  const { names, classes } = found;
  const numbers = new Map(names.map((name, at) => [name, at + 1]));
  return {
    ...{ kind: "objects", names },
    places: [...classes].map(([object, name]) => [object, numbers.get(name)!]),
  };
}
