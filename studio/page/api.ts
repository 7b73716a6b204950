import type { ListedImage } from "../folder/image_list.ts";

/** What the server says of the folder. */
export interface Folder {
  /** Its name. */
  readonly name: string;
  /** Its path. */
  readonly path: string;
  /** Its images. */
  readonly images: readonly ListedImage[];
}

/** Values of an address; what is undefined is left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/** The address of something, with its values. */
export function addressOf(path: string, query: Query = {}): string {
  const given = Object.entries(query)
    .filter((entry): entry is [string, string | number] =>
      entry[1] !== undefined
    )
    .map(([name, value]): [string, string] => [name, String(value)]);
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/**
 * Asks the server.
 *
 * @throws {Error} With the server's message, if it refuses or is gone.
 */
export async function ask(
  path: string,
  query: Query = {},
  options: RequestInit = {},
): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(addressOf(path, query), options);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Error("The studio has ended. Start it again, then reload.", {
      cause,
    });
  }
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({
    error: `found the status ${response.status}`,
  }));
  throw new Error(error);
}

/** Asks for JSON. */
export async function askJson<Value>(
  path: string,
  query?: Query,
  options?: RequestInit,
): Promise<Value> {
  return await (await ask(path, query, options)).json();
}

/** Sends JSON, and takes JSON for an answer. */
export async function send<Value>(path: string, body: unknown): Promise<Value> {
  return await askJson(path, {}, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}
