/** What takes the place of `node:util` in a page: a promise for a callback. */
export function promisify<Given extends unknown[], Value>(
  work: (
    ...given: [...Given, (error: Error | null, value?: Value) => void]
  ) => void,
): (...given: Given) => Promise<Value> {
  return (...given) =>
    new Promise((resolve, reject) =>
      work(
        ...given,
        (error, value) => error ? reject(error) : resolve(value as Value),
      )
    );
}
