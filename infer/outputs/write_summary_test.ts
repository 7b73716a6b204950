import { assert, assertEquals, assertMatch } from "@std/assert";
import type { SummaryRow } from "./summary_row.ts";
import { writeSummary } from "./write_summary.ts";

const folder = await Deno.makeTempDir();

async function pageOf(
  rows: readonly SummaryRow[],
  options?: Parameters<typeof writeSummary>[2],
): Promise<string> {
  await writeSummary(`${folder}/a.html`, rows, options);
  return await Deno.readTextFile(`${folder}/a.html`);
}

/** The cells' texts, row by row. */
function cellsOf(page: string): string[][] {
  return [...page.matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) =>
      cell!.replace(/<[^>]*>/g, "")
    )
  );
}

Deno.test("writeSummary() lists totals, facts, failures and numbers", async () => {
  const page = await pageOf([
    {
      ...{ name: "a.tif", width: 30, height: 20, objects: 1234, share: 0.25 },
      ...{ meanArea: 310.25, meanMicrometers: 77.6, link: "a_overlay.png" },
    },
    { name: "b.tif", objects: 0, share: 0 },
    { name: "c.tif", error: "Cannot read image" },
  ], {
    ...{ title: "Plate 7", facts: { Model: "runs/a" } },
    command: "unet segment plate-7",
  });
  assertMatch(page, /<title>Plate 7<\/title>/);
  const facts = [...page.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)]
    .map((found) =>
      found.slice(1, 3).map((text) => text.replace(/<[^>]*>/g, ""))
    );
  assertEquals(facts, [
    ["Images", "2"],
    ["Objects", "1\u2009234"],
    ["Failed", "1"],
    ["Model", "runs/a"],
    ["Command", "unet segment plate-7"],
  ]);
  assertEquals(cellsOf(page).filter(([first]) => first !== "Overlay"), [
    ["Image", "Reason"],
    ["c.tif", "Cannot read image"],
    ["", "a.tif", "30 × 20", "1\u2009234", "25.0 %", "310.3", "77.6"],
    ["", "b.tif", "", "0", "0.0 %", "", ""],
  ]);
  assert(page.includes('<a href="./a_overlay.png">'));
});

Deno.test("writeSummary() shows hostile names as text", async () => {
  const name = `<script>alert(1)</script>"'&\n\u202e.tif`;
  const page = await pageOf([
    { name, link: `javascript:alert(1)/"><b>/../x?y#z`, objects: 1 },
    { name, error: name },
  ], { title: name, facts: { [name]: name } });
  assertEquals(page.match(/<script|<b>|\n\u202e/g), null);
  assert(
    page.includes("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"),
  );
  assert(page.includes("\\u000a"));
  const links = [...page.matchAll(/href="(.*?)"/g)].map(([, link]) => link);
  assertEquals(links, [
    "#failed",
    "./javascript%3Aalert(1)/%22%3E%3Cb%3E/../x%3Fy%23z",
  ]);
});

Deno.test("writeSummary() shows pictures small, each when it comes into view, and opens them large", async () => {
  const page = await pageOf([
    { name: "a b.tif", picture: "summary/a b.jpg", width: 640, height: 320 },
    { name: "small.tif", picture: "summary/small.jpg", width: 20, height: 4 },
    { name: "c.tif", link: "c.png" },
  ]);
  assertEquals(page.match(/<a[^>]*><img[^>]*>/g), [
    '<a href="./summary/a%20b.jpg"><img alt="Overlay of a b.tif" ' +
    'loading="lazy" decoding="async" width="160" height="80" ' +
    'src="./summary/a%20b.jpg">',
    '<a href="./summary/small.jpg"><img alt="Overlay of small.tif" ' +
    'loading="lazy" decoding="async" width="20" height="4" ' +
    'src="./summary/small.jpg">',
  ]);
});

/** The table of a histogram: limits, and objects between them. */
function sizesOf(page: string): [from: number, to: number, count: number][] {
  return [
    ...page.matchAll(
      /<th scope="row">([\d.\u2009]+) to ([\d.\u2009]+)<\/th><td class="number">(.*?)</g,
    ),
  ].map(([, ...cells]) =>
    cells.map((cell) => Number(cell.replaceAll("\u2009", ""))) as [
      number,
      number,
      number,
    ]
  );
}

Deno.test("writeSummary() adds the sizes of all images up in a histogram without gaps", async () => {
  const rows = [
    { name: "a", sizes: { "32": 5, "36": 1 } },
    { name: "b", sizes: { "32": 2, "33": 3 } },
  ];
  const page = await pageOf(rows);
  assertMatch(
    page,
    /aria-label="Histogram of the objects&#39; areas in pixels/,
  );
  assertEquals(sizesOf(page), [
    [256, 304, 7],
    [304, 362, 3],
    [362, 431, 0],
    [431, 512, 0],
    [512, 609, 1],
  ]);
  const inMicrometers = await pageOf(rows, { pixelArea: 0.25 });
  assertMatch(inMicrometers, />area in µm²</);
  assertEquals(sizesOf(inMicrometers)[0], [64, 76.1, 7]);
  assertEquals(sizesOf(await pageOf([{ name: "a", objects: 0 }])), []);
});

Deno.test("writeSummary() keeps a histogram of objects of any sizes small, and loses none", async () => {
  const sizes = Object.fromEntries(
    Array.from({ length: 120 }, (_, at) => [String(at), 1]),
  );
  const bars = sizesOf(await pageOf([{ name: "a", sizes }]));
  assert(bars.length <= 32, `${bars.length}`);
  assertEquals(bars.reduce((sum, [, , count]) => sum + count, 0), 120);
  // As a manifest may hold that somebody wrote on.
  const odd = { x: 3, "-1": 3, "1e9": 3, "0.5": 3, "8": 2 };
  assertEquals(sizesOf(await pageOf([{ name: "a", sizes: odd }])), [
    [4, 4.76, 2],
  ]);
});

Deno.test("writeSummary() writes a page without images", async () => {
  const page = await pageOf([]);
  assertEquals(cellsOf(page), []);
  assertMatch(page, /<dt>Images<\/dt><dd>0<\/dd>/);
});

Deno.test("writeSummary() loads nothing from elsewhere and runs nothing", async () => {
  const page = await pageOf([{ name: "a", picture: "a.jpg" }]);
  assertMatch(page, /default-src 'none'; img-src 'self' file:; style-src/);
  assertEquals(page.match(/https?:|<link|<iframe|url\(|<script/g), null);
});

Deno.test("writeSummary() writes ten thousand images into a page of a few megabytes", async () => {
  const rows = Array.from({ length: 10_000 }, (_, at) => ({
    ...{ name: `plates/${at}.tif`, picture: `summary/plates/${at}.jpg` },
    ...{ link: `plates/${at}.png`, width: 2048, height: 2048, objects: at },
    ...{ share: 0.5, meanArea: 300, sizes: { "32": at } },
  }));
  const page = await pageOf(rows);
  assert(page.length < 8e6, `${page.length}`);
  assertEquals(page.match(/loading="lazy"/g)?.length, 10_000);
});

Deno.test("writeSummary() sums classes up, with their colors and a column of each share", async () => {
  const areas = (background: number, axon: number) => [
    { name: "background", pixels: background },
    { name: "axon", pixels: axon },
  ];
  const page = await pageOf([
    { name: "a.tif", classes: areas(900, 100), pixelArea: 0.25 },
    { name: "b.tif", classes: areas(0, 1000), pixelArea: 0.5 },
  ]);
  assertEquals(cellsOf(page), [
    ["Class", "Area in pixels", "Area in µm²", "Share of pixels"],
    ["background", "900", "225.0", "45.0 %"],
    ["axon", "1\u2009100", "525.0", "55.0 %"],
    ["Overlay", "Image", "Size in pixels", "Share of axon"],
    ["", "a.tif", "", "10.0 %"],
    ["", "b.tif", "", "100.0 %"],
  ]);
  assert(page.includes('style="background:rgb(230,159,0)"'));
});

Deno.test("writeSummary() shows images of classes beside images of objects", async () => {
  const page = await pageOf([
    { name: "a.tif", objects: 3, share: 0.5, meanArea: 7 },
    {
      name: "b.tif",
      classes: [{ name: "x", pixels: 1 }, { name: "<y>", pixels: 1 }],
    },
  ]);
  const [, , , ...images] = cellsOf(page);
  assertEquals(images, [
    [
      ...["Overlay", "Image", "Size in pixels", "Objects", "Share of pixels"],
      ...["Mean area in pixels", "Share of &lt;y&gt;"],
    ],
    ["", "a.tif", "", "3", "50.0 %", "7.0", ""],
    ["", "b.tif", "", "", "", "", "50.0 %"],
  ]);
});

Deno.test("writeSummary() counts objects by class, and shows those of each image", async () => {
  const objects = (tumor: number, stroma: number) => [
    { name: "tumor", objects: tumor },
    { name: "stroma", objects: stroma },
  ];
  const page = await pageOf([
    { name: "a.tif", objects: 4, objectClasses: objects(3, 1) },
    { name: "b.tif", objects: 4, objectClasses: objects(0, 4) },
  ]);
  const [head, tumor, stroma, ...images] = cellsOf(page);
  assertEquals([head, tumor, stroma], [
    ["Class", "Objects", "Share of objects"],
    ["tumor", "3", "37.5 %"],
    ["stroma", "5", "62.5 %"],
  ]);
  assertEquals(images.map((row) => row.slice(-2)), [
    ["Objects of tumor", "Objects of stroma"],
    ["3", "1"],
    ["0", "4"],
  ]);
});
