/**
 * Takes the picture of TensorBoard in docs/tracking.md; needs `tensorboard` on
 * the PATH:
 * deno run --allow-all picture_tensorboard.ts CHROMIUM RUNS PICTURE
 */
import { chromium } from "playwright-core";

const [executablePath = "", runs = "", path = ""] = Deno.args;
const address = "http://localhost:6106/";
const server = new Deno.Command("tensorboard", {
  args: ["--logdir", runs, "--port", "6106", "--load_fast", "false"],
  ...{ stdout: "null", stderr: "null" },
}).spawn();
const browser = await chromium.launch({ executablePath });
try {
  const page = await browser.newPage({
    viewport: { width: 1200, height: 1000 },
  });
  for (;;) {
    const found = await fetch(`${address}data/runs`).then(
      (answer) => answer.json(),
      () => [],
    );
    if (found.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  await page.goto(`${address}?darkMode=false#timeseries`);
  await page.locator("mat-icon[svgicon=close_24px]").first().click();
  await page.locator("input[placeholder='Filter tags (regex)']")
    .fill("epoch/f1$|step/loss|samples/0[12]");
  await page.getByText("samples/02").first().waitFor();
  await page.keyboard.press("Escape");
  // Its charts draw themselves over a second.
  await page.waitForTimeout(5000);
  await page.screenshot({ path });
} finally {
  await browser.close();
  server.kill();
  await server.status;
}
