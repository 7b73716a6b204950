/**
 * Lets signals, timers and files have their turn: a network on the CPU holds
 * the thread, and its promises alone would starve a Ctrl-C. By a message, which
 * takes a hundredth of a millisecond, where a timer takes two. Runs in a
 * browser.
 */
export function turnEventLoop(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
