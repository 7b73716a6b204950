import { brief } from "@unet/errors";
import { readBody, RequestError } from "@unet/http";
import { type ImageKind, imageKindOf } from "./image_kind.ts";
import type { AskedWork, RequestLimits } from "./server_room.ts";

/** An image that a client sent. */
export interface SentImage {
  /** The file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What it is, by its bytes. */
  readonly kind: ImageKind;
}

/**
 * Reads the image of a request: its body, or the one file of a form.
 *
 * @param asked The request.
 * @param limits How large it may be.
 * @throws {RequestError} With status 400, if there is no image; with status
 * 413, if it is too large; with status 415, if it is no PNG, JPEG or TIFF.
 */
export async function readImage(
  { request, ticket, signal }: Pick<AskedWork, "request" | "ticket" | "signal">,
  { mostBytes: most }: Pick<RequestLimits, "mostBytes">,
): Promise<SentImage> {
  const body = await readBody(request, { most, signal, onBytes: ticket.add });
  const type = request.headers.get("content-type") ?? "";
  const bytes = /^multipart\/form-data\b/i.test(type)
    ? await fileOf(body, type)
    : body;
  if (bytes.length === 0) {
    throw new RequestError(
      400,
      "Cannot read image: found no bytes, expected a PNG, JPEG or TIFF",
    );
  }
  const kind = imageKindOf(bytes);
  if (kind) return { bytes, kind };
  throw new RequestError(
    415,
    "Cannot read image: found bytes of another type, expected a PNG, JPEG or TIFF",
  );
}

/** The one file of a form. */
async function fileOf(
  body: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = await entriesOf(body, type);
  const [[name, value] = ["", ""], ...more] = entries;
  if (typeof value === "string" || more.length > 0) {
    throw new RequestError(
      400,
      `Cannot read form: found ${
        typeof value === "string" && name === ""
          ? "nothing"
          : brief(entries.map(([name]) => name))
      }, expected one image; settings belong in the address`,
    );
  }
  return await value.bytes();
}

async function entriesOf(
  body: Uint8Array<ArrayBuffer>,
  type: string,
): Promise<[string, FormDataEntryValue][]> {
  try {
    const headers = { "content-type": type };
    return [...await new Response(body, { headers }).formData()];
  } catch (cause) {
    throw new RequestError(
      400,
      "Cannot read form: found bytes that are no form, expected multipart/form-data",
      { cause },
    );
  }
}
