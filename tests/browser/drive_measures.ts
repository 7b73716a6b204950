/**
 * Measures the studio in a headless browser, and prints the numbers as JSON:
 * deno run --allow-all drive_measures.ts CHROMIUM FOLDER WORK
 */
import type { Locator, Page } from "playwright-core";
import type { StudioSeen } from "./call_studio.ts";
import { draw, isShown } from "./hand.ts";
import { driveBrowser, openPage } from "./studio_page.ts";
import { startStudio, type StudioProcess } from "./studio_process.ts";

const [executablePath, folder = ".", work = ""] = Deno.args;

/** Milliseconds, unless the name says otherwise. */
type Measures = Record<string, number | readonly number[]>;

const works: Record<
  string,
  (page: Page, studio: StudioProcess) => Promise<Measures>
> = {
  paint: measurePainting,
  slide: measureSlide,
  list: measureList,
  slider: measureSlider,
};

/** The page's own work for each step of a stroke, and how long undo takes. */
async function measurePainting(page: Page): Promise<Measures> {
  await isShown(page);
  await page.keyboard.press("b");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await page.evaluate(`
    globalThis.steps = [];
    globalThis.work = 0;
    const frame = requestAnimationFrame;
    globalThis.requestAnimationFrame = (call) => frame((time) => {
      const start = performance.now();
      call(time);
      work += performance.now() - start;
    });
    let start = 0;
    addEventListener("pointermove", () => {
      if (work > 0) steps.push(work);
      work = 0;
      start = performance.now();
    }, { capture: true });
    addEventListener("pointermove", () => work += performance.now() - start);
  `);
  await draw(page, [[0.1, 0.1], [0.9, 0.2], [0.1, 0.4], [0.9, 0.8]], 100);
  await hasObjects(page, "1 object");
  const steps = await page.evaluate("steps") as number[];
  const started = performance.now();
  await page.keyboard.press("Control+z");
  await hasObjects(page, "0 objects");
  return { steps, undo: performance.now() - started };
}

async function hasObjects(page: Page, text: string): Promise<void> {
  await page.locator("#correct ~ p").filter({ hasText: text }).waitFor();
}

/** How long a slide takes until it is sharp, and how evenly it moves. */
async function measureSlide(page: Page): Promise<Measures> {
  await isShown(page);
  const open = await sharpAfter(page, 0);
  const viewer = (await page.locator(".viewer").boundingBox())!;
  const x = viewer.x + viewer.width / 2, y = viewer.y + viewer.height / 2;
  await page.mouse.move(x, y);
  const zoomed = await timeOf(page);
  for (let turn = 0; turn < 12; turn++) await page.mouse.wheel(0, -120);
  const sharp = await sharpAfter(page, zoomed);
  await countFrames(page);
  const starts: number[] = [];
  for (const by of [-400, 400, -400, 400]) {
    await page.mouse.move(x - by / 2, y - by / 4);
    await page.mouse.down();
    await page.mouse.move(x + by / 2, y + by / 4, { steps: 60 });
    await page.mouse.up();
    starts.push(await timeOf(page));
  }
  const frames = await page.evaluate("frames") as number[];
  const panned = await sharpAfter(page, starts.at(-1)!);
  return { open, sharp, frames, panned };
}

/** How long a list of thousands takes, scrolls, and what it costs. */
async function measureList(
  page: Page,
  { pid }: StudioProcess,
): Promise<Measures> {
  await page.locator(".row").first().waitFor();
  const open = await timeOf(page);
  await thumbnailsAreThere(page);
  const thumbnails = await timeOf(page);
  await countFrames(page);
  await page.evaluate(`new Promise((resolve) => {
    const list = document.querySelector(".list");
    let left = 180;
    const scroll = () => {
      list.scrollTop += 500;
      if (--left > 0) requestAnimationFrame(scroll);
      else resolve();
    };
    scroll();
  })`);
  const ended = await timeOf(page);
  const frames = await page.evaluate("frames") as number[];
  await thumbnailsAreThere(page);
  const after = await timeOf(page) - ended;
  const heap = await page.evaluate("performance.memory.usedJSHeapSize");
  return {
    ...{ open, thumbnails, frames, after },
    pageMiB: heap as number / 2 ** 20,
    ...(Deno.build.os === "linux" && { serverMiB: await residentMiB(pid) }),
  };
}

/** How long the objects take to be drawn anew after a slider moved. */
async function measureSlider(page: Page): Promise<Measures> {
  await isShown(page);
  await page.getByRole("button", { name: "This image" }).click();
  await page.getByText("Finished: 1 image").waitFor();
  const threshold = page.getByRole("slider", { name: "Threshold" });
  // A new picture of the whole image is drawn when its objects were found.
  await page.evaluate(`
    const known = new WeakSet(), { prototype } = CanvasRenderingContext2D;
    const { drawImage } = prototype;
    prototype.drawImage = function (source, ...others) {
      drawImage.call(this, source, ...others);
      if (source.width !== 1600 || known.has(source)) return;
      known.add(source);
      globalThis.onDrawn?.();
    };
  `);
  // As a person's pointer does on its way to the slider.
  await threshold.hover();
  await page.waitForTimeout(2000);
  const redraws: number[] = [];
  for (let step = 0; step < 20; step++) {
    const value = 0.3 + 0.02 * step;
    redraws.push(await moveSlider(threshold, value));
  }
  return { redraws };
}

/** Moves a slider, and waits until objects are drawn that were not before. */
async function moveSlider(slider: Locator, value: number): Promise<number> {
  return await slider.evaluate(
    (element, value) =>
      new Promise<number>((resolve) => {
        const start = performance.now();
        Object.assign(globalThis, {
          onDrawn: () => resolve(performance.now() - start),
        });
        Object.assign(element, { value });
        element.dispatchEvent(new Event("input", { bubbles: true }));
      }),
    value,
  );
}

/** Notes the time between two frames from now on. */
async function countFrames(page: Page): Promise<void> {
  await page.evaluate(`
    globalThis.frames = [];
    let before = performance.now();
    const count = (now) => {
      frames.push(now - before);
      before = now;
      requestAnimationFrame(count);
    };
    requestAnimationFrame((now) => {
      before = now;
      requestAnimationFrame(count);
    });
  `);
}

/** The page's clock, from when its address was called. */
async function timeOf(page: Page): Promise<number> {
  return await page.evaluate("performance.now()") as number;
}

/** When the last tile came that was missing, after a moment. */
async function sharpAfter(page: Page, moment: number): Promise<number> {
  const last = await page.evaluate(`new Promise((resolve) => {
    const quiet = 400;
    const look = () => {
      const tiles = performance.getEntriesByType("resource")
        .filter(({ name }) => name.includes("/api/tile"));
      const last = Math.max(...tiles.map(({ responseEnd }) => responseEnd));
      const since = performance.now() - Math.max(last, ${moment});
      if (tiles.length > 0 && since > quiet) resolve(last);
      else setTimeout(look, 50);
    };
    look();
  })`) as number;
  return Math.max(0, last - moment);
}

/** Ends when every picture of the list that is in sight is there. */
async function thumbnailsAreThere(page: Page): Promise<void> {
  // The page's policy lets no text be run but the debugger's own.
  await page.evaluate(`new Promise((resolve) => {
    const look = () => {
      const list = document.querySelector(".list").getBoundingClientRect();
      const isThere = [...document.querySelectorAll(".row img")]
        .filter((image) => {
          const { top, bottom } = image.getBoundingClientRect();
          return bottom > list.top && top < list.bottom;
        })
        .every(({ complete, naturalWidth }) => complete && naturalWidth > 0);
      if (isThere) resolve();
      else requestAnimationFrame(look);
    };
    look();
  })`);
}

/** The most memory that a process held. */
async function residentMiB(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/VmHWM:\s+(\d+) kB/.exec(text)![1]) / 1024;
}

const studio = await startStudio(folder);
const seen: StudioSeen = { faults: [], violations: [], texts: {} };
try {
  await driveBrowser(executablePath, async (browser) => {
    const page = await openPage(browser, studio.url, seen);
    await page.evaluate("performance.setResourceTimingBufferSize(1e5)");
    const measures = await works[work]!(page, studio);
    if (seen.faults.length > 0) throw new Error(seen.faults.join("; "));
    return measures;
  }, ["--enable-precise-memory-info"]);
} finally {
  await studio.end();
}
