/** The bytes of memory that the machine has. */
export function machineMemory(): number {
  return Deno.systemMemoryInfo().total;
}
