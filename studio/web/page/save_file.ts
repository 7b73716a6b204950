import { askRoom, type Query } from "./api.ts";

/**
 * Saves a file that the room makes, as a download.
 *
 * @throws {Error} With the room's message, if it refuses.
 */
export async function saveFile(path: string, query: Query): Promise<void> {
  const { name, content } = await askRoom<{ name: string; content: Blob }>(
    path,
    query,
  );
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
