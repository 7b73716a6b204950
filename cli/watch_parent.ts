/** The first thing that a parent says on its child's standard input. */
const greeting = "a parent that stays\n";

/**
 * Lets a child that watches its parent know that there is one: its standard
 * input stays open as long as this process lives.
 *
 * @param child A child that was started with its standard input piped.
 */
export async function greetChild(child: Deno.ChildProcess): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    await writer.write(new TextEncoder().encode(greeting));
  } catch (cause) {
    // It ended before it could listen, which its status says.
    if (!(cause instanceof Deno.errors.BrokenPipe)) throw cause;
  }
}

/**
 * Waits for the end of the parent process, however it ends. Where no parent
 * greets, as where a person or a scheduler of jobs started this process, the
 * promise stays pending.
 *
 * @param input This process's standard input.
 */
export async function parentGone(
  input: ReadableStream<Uint8Array> = Deno.stdin.readable,
): Promise<void> {
  const decoder = new TextDecoder();
  let said = "";
  for await (const bytes of input) {
    said = (said + decoder.decode(bytes, { stream: true }))
      .slice(0, greeting.length);
  }
  if (said !== greeting) await new Promise(() => {});
}
