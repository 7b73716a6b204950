/**
 * Maps items with at most `limit` at work at once, in order of the items.
 * After a failure no further item is begun, those at work end, and the first
 * failure is thrown.
 */
export async function mapPool<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let index = 0;
  for await (const item of items) {
    if (failures.length > 0) break;
    const at = index++;
    const task = work(item, at)
      .then((result) => {
        results[at] = result;
      })
      .catch((cause) => {
        failures.push(cause);
      })
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= limit) await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
  return results;
}
