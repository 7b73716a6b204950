import { brief } from "@unet/errors";
import { RequestError } from "@unet/http";
import type { ServedModel, ServerRoom } from "./server_room.ts";

/** The version of every model; another one is another file. */
export const modelVersion = "1";

/**
 * Finds the model that a request names.
 *
 * @param models The models.
 * @param name The name; of one model, it may be left out.
 * @throws {RequestError} With status 404, if there is none of that name; with
 * status 400, if none is named and there are several.
 */
export function findServed(
  { models }: Pick<ServerRoom, "models">,
  name: string | null | undefined,
): ServedModel {
  const known = [...models.keys()].join(", ");
  if (name === null || name === undefined) {
    if (models.size === 1) return models.values().next().value!;
    throw new RequestError(
      400,
      `Cannot choose model: found no name, expected model=NAME in the address, one of ${known}`,
    );
  }
  const model = models.get(name);
  if (model) return model;
  throw new RequestError(
    404,
    `Cannot find model ${brief(name)}: found none, expected one of ${known}`,
  );
}
