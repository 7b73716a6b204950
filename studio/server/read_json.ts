import { brief } from "@unet/errors";
import { parseJson } from "@unet/files/parse-json";
import { readBody, RequestError } from "@unet/http";

/** The most bytes of a request. */
export const mostBytes = 2 ** 20;

/**
 * Reads the body of a request as a JSON object.
 *
 * @param request The request.
 * @returns What it says, by name.
 * @throws {RequestError} If it is of another type (415), too large (413), or no
 * JSON object (400).
 */
export async function readJson(
  request: Request,
): Promise<Readonly<Record<string, unknown>>> {
  const type = request.headers.get("content-type") ?? undefined;
  if (type?.split(";")[0] !== "application/json") {
    throw new RequestError(
      415,
      `Cannot read request: found the type ${
        brief(type)
      }, expected application/json`,
    );
  }
  const text = new TextDecoder().decode(
    await readBody(request, { most: mostBytes }),
  );
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw notAnObject(cause.message);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw notAnObject(brief(value));
  }
  return value as Record<string, unknown>;
}

function notAnObject(found: string): RequestError {
  return new RequestError(
    400,
    `Cannot read request: found ${found}, expected a JSON object`,
  );
}
