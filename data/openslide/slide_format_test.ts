import { assertEquals } from "@std/assert";
import { memorySource } from "../images/byte_source.ts";
import { handmadeTiff } from "./fixtures/handmade_tiff.ts";
import { slideFormatOf } from "./slide_format.ts";

function wordsOf(bytes: Uint8Array, name: string): string | undefined {
  return slideFormatOf(memorySource(bytes), name)?.words;
}

const text = (content: string) => new TextEncoder().encode(content);
const dicom = text(`${"\0".repeat(128)}DICM`);
const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16]);

Deno.test("slideFormatOf() knows slides by their first bytes, whatever they are called", () => {
  const files = [
    [text("ZISRAWFILE\0\0\0\0\0\0"), "a Zeiss CZI slide"],
    [dicom, "a DICOM file"],
    [
      text("[Virtual Microscope Specimen]\nNoLayers=1"),
      "a Hamamatsu VMS slide",
    ],
    [
      text("[Uncompressed Virtual Microscope Specimen]\n"),
      "a Hamamatsu VMS slide",
    ],
  ] as const;
  for (const [bytes, words] of files) {
    assertEquals(wordsOf(bytes, "a.png"), words);
    assertEquals(wordsOf(bytes, "a"), words);
  }
});

Deno.test("slideFormatOf() knows TIFFs of scanners by their tags", () => {
  const scn = '<scn xmlns="http://www.leica-microsystems.com/scn/2010/10/01">';
  const files = [
    [{ 65420: 1 }, "a Hamamatsu NDPI slide"],
    [{ 305: "Philips DP v1.0" }, "a Philips slide"],
    [{ 305: "MedScan" }, "a Trestle slide"],
    [{ 270: scn }, "a Leica SCN slide"],
    [
      { 700: '<?xml?><Metadata><iScan AOIScanned="1"/>' },
      "a Ventana BIF slide",
    ],
  ] as const;
  for (const [tags, words] of files) {
    assertEquals(wordsOf(handmadeTiff(tags), "a.tif"), words);
  }
});

Deno.test("slideFormatOf() leaves other TIFFs, Aperio's among them, to the reader of TIFF", () => {
  for (
    const tags of [
      {},
      { 270: "Aperio Image Library v11.2.1" },
      { 305: "ImageJ", 270: "ImageJ=1.54" },
      { 700: "<x:xmpmeta>" },
    ]
  ) {
    assertEquals(wordsOf(handmadeTiff(tags), "a.svs"), undefined);
  }
});

Deno.test("slideFormatOf() goes by the name where the first bytes do not say enough", () => {
  const sqlite = text("SQLite format 3\0");
  assertEquals(wordsOf(jpeg, "a.mrxs"), "a MIRAX slide");
  assertEquals(wordsOf(jpeg, "a.jpg"), undefined);
  assertEquals(wordsOf(sqlite, "a.svslide"), "a Sakura slide");
  assertEquals(wordsOf(sqlite, "a.db"), undefined);
  // Above 4 GB its directories are no TIFF's any more.
  assertEquals(wordsOf(handmadeTiff({}), "a.ndpi"), "a Hamamatsu NDPI slide");
  assertEquals(wordsOf(handmadeTiff({}), "A.NDPI"), "a Hamamatsu NDPI slide");
});

Deno.test("slideFormatOf() takes nothing else for a slide", () => {
  const files = [
    new Uint8Array(),
    text("ZISRAW"),
    dicom.subarray(0, 131),
    text("a text\n[Virtual Microscope Specimen]"),
    text("GIF89a"),
  ];
  for (const bytes of files) assertEquals(wordsOf(bytes, "a.czi"), undefined);
});

Deno.test("slideFormatOf() leaves damaged TIFFs to the reader of TIFF, which says what is wrong", () => {
  const whole = handmadeTiff({ 270: "x".repeat(40), 305: "y".repeat(40) });
  for (let length = 0; length < whole.length; length++) {
    const cut = whole.slice(0, length);
    assertEquals(wordsOf(cut, "a.tif"), undefined);
  }
});
