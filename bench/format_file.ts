import { cannot, FileError } from "@unet/errors";

/**
 * Formats a file as the gate expects it.
 *
 * @param path The file.
 * @throws {FileError} If `deno fmt` refuses it.
 */
export async function formatFile(path: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", path],
  }).output();
  if (success) return;
  throw new FileError(
    cannot("format", "file", path, {
      found: new TextDecoder().decode(stderr).trim(),
    }),
  );
}
