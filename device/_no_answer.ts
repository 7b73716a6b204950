/** What is said of a device that took too long. */
export function noAnswer(timeLimit: number): string {
  return `no answer within ${timeLimit} s`;
}
