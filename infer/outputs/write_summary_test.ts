import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { type SummaryRow, writeSummary } from "./write_summary.ts";

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

Deno.test("writeSummary() tells totals, failures and numbers", async () => {
  const page = await pageOf([
    {
      ...{ name: "a.tif", width: 30, height: 20, objects: 1234, share: 0.25 },
      ...{ meanArea: 310.25, meanMicrometers: 77.6, link: "a_overlay.png" },
    },
    { name: "b.tif", objects: 0, share: 0 },
    { name: "c.tif", error: "Cannot read image" },
  ], { title: "Plate 7", settings: { model: "runs/a" } });
  assertMatch(page, /<title>Plate 7<\/title>/);
  const facts = [...page.matchAll(/<dt>(.*?)<\/dt><dd>(.*?)<\/dd>/g)]
    .map((found) =>
      found.slice(1, 3).map((text) => text.replace(/<[^>]*>/g, ""))
    );
  assertEquals(facts, [
    ["Images", "2"],
    ["Objects", "1\u2009234"],
    ["Failed", "1"],
    ["model", "runs/a"],
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
  ], { title: name, settings: { [name]: name } });
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

Deno.test("writeSummary() takes thumbnails in, as many as there is room for", async () => {
  const rows = Array.from({ length: 5 }, (_, index): SummaryRow => ({
    name: `${index}.tif`,
    thumbnail: index % 2
      ? () => Promise.resolve(new Uint8Array([0xff, 0xd8, index, 0]))
      : new Uint8Array([0x89, 0x50, index, 0]),
  }));
  const page = await pageOf(rows, { largestThumbnails: 13 });
  const sources = [...page.matchAll(/<img alt="(.*?)".*?src="(.*?)"/g)]
    .map((found) => found.slice(1, 3));
  assertEquals(sources, [
    ["Overlay of 0.tif", "data:image/png;base64,iVAAAA=="],
    ["Overlay of 1.tif", "data:image/jpeg;base64,/9gBAA=="],
    ["Overlay of 2.tif", "data:image/png;base64,iVACAA=="],
  ]);
  for (const { name } of rows) assert(page.includes(name));
});

Deno.test("writeSummary() writes a page without images", async () => {
  const page = await pageOf([]);
  assertEquals(cellsOf(page), []);
  assertMatch(page, /<dt>Images<\/dt><dd>0<\/dd>/);
});

Deno.test("writeSummary() loads nothing from elsewhere and runs nothing", async () => {
  const page = await pageOf([{ name: "a" }]);
  assertMatch(page, /default-src 'none'; img-src data:/);
  assertEquals(page.match(/https?:|<link|<iframe|url\(/g), null);
});

Deno.test("writeSummary() leaves nothing where a thumbnail cannot be had", async () => {
  const place = await Deno.makeTempDir();
  const gone = new FileError("gone");
  await assertRejects(
    () =>
      writeSummary(`${place}/a.html`, [
        { name: "a", thumbnail: () => Promise.reject(gone) },
      ]),
    FileError,
    "gone",
  );
  assertEquals([...Deno.readDirSync(place)], []);
});
