/** As in "about 41 GFLOPS". */
export function formatSpeed(gflops: number): string {
  return `about ${Number(gflops.toPrecision(2))} GFLOPS`;
}
