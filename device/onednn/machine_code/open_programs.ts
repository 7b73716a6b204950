import { gompLibrary } from "../_find_gomp.ts";
import type { Library } from "../_library.ts";
import { Assembly } from "./assembly.ts";
import { NativeCode } from "./native_code.ts";
import { Programs } from "./programs.ts";

/**
 * Opens programs in machine code, which need AVX-512, GNU's OpenMP and a
 * system that lets a program make code.
 *
 * @returns Them; null where something is missing.
 */
export function openPrograms(
  { library }: { readonly library: Library },
): Programs | null {
  const fits = Deno.build.os === "linux" && Deno.build.arch === "x86_64" &&
    library.hasAvx512;
  if (!fits || !hasGomp()) return null;
  const code = new NativeCode();
  const probe = new Assembly();
  probe.emit("ret");
  const loaded = code.load(probe.bytes());
  if (loaded !== null) return new Programs(code, library.trace);
  code.close();
  return null;
}

/** oneDNN itself may be built with another OpenMP. */
function hasGomp(): boolean {
  try {
    Deno.dlopen(gompLibrary, {}).close();
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    return false;
  }
}
