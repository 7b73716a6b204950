/**
 * Starts the example's server with its own permissions, opens its page in a
 * headless browser, chooses an image there, and prints what the page says:
 * deno run --allow-all drive_example.ts CHROMIUM IMAGE
 */
import { fromFileUrl } from "@std/path";
import { chromium } from "playwright-core";

const pathOf = (path: string): string =>
  fromFileUrl(new URL(`../../examples/${path}`, import.meta.url));

/** A server that is ended with the program. */
async function startServer(port: number): Promise<Deno.ChildProcess> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "-P=browser", "--config", pathOf("deno.json")],
      ...[pathOf("browser/serve.ts"), String(port)],
    ],
    stdout: "null",
  }).spawn();
  let hasEnded = false;
  child.status.then(() => hasEnded = true);
  const hostname = "127.0.0.1";
  while (!await Deno.connect({ hostname, port }).catch(() => null)) {
    if (hasEnded) throw new Error("The server ended");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return child;
}

const [executablePath, image] = Deno.args;
const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
const { port } = listener.addr;
listener.close();
const server = await startServer(port);
const browser = await chromium.launch({
  executablePath: executablePath!,
  args: ["--no-sandbox", "--disable-background-networking"],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  // Generous: a busy machine compiles the page's program slowly.
  const timeout = 120_000;
  await page.waitForFunction(
    "document.querySelector('p').textContent === 'Choose an image.'",
    undefined,
    { timeout },
  );
  await page.setInputFiles("input", image!);
  await page.waitForFunction(
    "document.querySelector('p').textContent.endsWith('%')",
    undefined,
    { timeout },
  );
  const status = await page.textContent("p");
  await new Response(JSON.stringify({ status })).body!
    .pipeTo(Deno.stdout.writable);
} finally {
  await browser.close();
  server.kill();
  await server.status;
}
