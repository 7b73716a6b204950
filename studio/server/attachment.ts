/** A file that the browser saves under a name. */
export function attachment(
  bytes: Uint8Array<ArrayBuffer>,
  name: string,
): Response {
  // RFC 6266; what a name may hold besides is escaped.
  const escaped = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return new Response(bytes, {
    headers: {
      "Content-Disposition": `attachment; filename*=UTF-8''${escaped}`,
      "Content-Type": "application/octet-stream",
    },
  });
}
