import { dirname } from "@std/path";
import type { FileState } from "./file_state.ts";

/** The folders that outputs were begun in, with "/" as manifests have them. */
export function outputFolders(states: Iterable<FileState>): Set<string> {
  const folders = new Set<string>();
  for (const { begun, done } of states) {
    for (const path of begun) folders.add(dirname(path));
    for (const { path } of done?.outputs ?? []) folders.add(dirname(path));
  }
  return folders;
}
