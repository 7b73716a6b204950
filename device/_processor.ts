/** Linux' C library reads what the processor says of itself at its start. */
const symbols = {
  __x86_get_cpuid_feature_leaf: { parameters: ["u32"], result: "pointer" },
} as const;

/**
 * Words that differ where the processor's model or its instructions do, and
 * the number of its cores that this program may use. Deno shows the model only
 * to a program with one more permission, so it is asked of the C library. Where
 * that has no answer (another system, another processor, an older library),
 * the machine's name stands for it.
 *
 * @throws {Deno.errors.NotCapable} If the program may ask for neither.
 */
export function describeProcessor(): string {
  const cores = navigator.hardwareConcurrency;
  return `${Deno.build.target}, ${identity()}, ${cores} cores`;
}

function identity(): string {
  return asTheProcessorSays() ?? `machine ${Deno.hostname()}`;
}

function asTheProcessorSays(): string | null {
  if (Deno.build.target !== "x86_64-unknown-linux-gnu") return null;
  let libc: Deno.DynamicLibrary<typeof symbols>;
  try {
    libc = Deno.dlopen("libc.so.6", symbols);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    return null;
  }
  const { __x86_get_cpuid_feature_leaf: leaf } = libc.symbols;
  // Of each leaf: eax, ebx, ecx, edx. The first's eax is family, model and
  // stepping; its ebx has the number of the core that was asked.
  const registers = [[0, [0, 8, 12]], [1, [4, 8, 12]]] as const;
  const words = registers.flatMap(([index, offsets]) => {
    const view = new Deno.UnsafePointerView(leaf(index)!);
    return offsets.map((offset) => view.getUint32(offset).toString(16));
  });
  libc.close();
  return `x86 ${words.join("-")}`;
}
