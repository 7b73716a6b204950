import { RequestError } from "./request_error.ts";

/** How a body is read. */
export interface ReadBodyOptions {
  /** Its most bytes, whatever its header says. */
  readonly most: number;
  /** Called with the bytes of each piece as it comes; what it throws ends it. */
  readonly onBytes?: (bytes: number) => void;
  /** Ends reading, as when the time for it is over. */
  readonly signal?: AbortSignal;
}

/**
 * Reads the body of a request into memory, as long as it is not too large.
 *
 * @param request The request.
 * @param options The bound.
 * @returns The bytes; none where there is no body.
 * @throws {RequestError} With status 413, if there are more; with status 400, if
 * the body ends too early.
 * @throws The signal's reason, when it is aborted.
 *
 * @example
 * ```ts
 * import { readBody } from "@unet/http";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://127.0.0.1", { method: "POST", body: "ab" });
 * assertEquals(await readBody(request, { most: 2 }), new Uint8Array([97, 98]));
 * ```
 */
export async function readBody(
  { body, headers }: Request,
  { most, onBytes, signal }: ReadBodyOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  // A client that says so early need not send it all.
  if (Number(headers.get("content-length") ?? 0) > most) throw tooLarge(most);
  if (body === null) return new Uint8Array(0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  const reader = body.getReader();
  const end = () => void reader.cancel().catch(() => {});
  signal?.addEventListener("abort", end, { once: true });
  try {
    while (true) {
      signal?.throwIfAborted();
      const { done, value } = await readPiece(reader);
      signal?.throwIfAborted();
      if (done) break;
      bytes += value.length;
      if (bytes > most) throw tooLarge(most);
      onBytes?.(value.length);
      pieces.push(value as Uint8Array<ArrayBuffer>);
    }
  } catch (error) {
    end();
    throw error;
  } finally {
    signal?.removeEventListener("abort", end);
  }
  return joined(pieces, bytes);
}

async function readPiece(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (cause) {
    // The connection broke, or its bytes are not what HTTP expects.
    throw new RequestError(
      400,
      "Cannot read request: found a body that ends too early",
      { cause },
    );
  }
}

function joined(
  pieces: readonly Uint8Array<ArrayBuffer>[],
  bytes: number,
): Uint8Array<ArrayBuffer> {
  if (pieces.length === 1) return pieces[0]!;
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function tooLarge(most: number): RequestError {
  return new RequestError(
    413,
    `Cannot read request: found more than ${most} bytes`,
  );
}
