/**
 * Whether the processor multiplies bfloat16 by itself; without, convolutions
 * in it are slower than in float32.
 *
 * @param information What Linux tells in `/proc/cpuinfo`.
 */
export function hasBfloat16(information: string): boolean {
  const flags = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(information)?.[1] ?? "";
  const able = ["avx512_bf16", "amx_bf16", "bf16"];
  return flags.split(/\s+/).some((flag) => able.includes(flag));
}
