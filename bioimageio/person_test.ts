import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { licenseId } from "./license_id.ts";
import { parseAuthors, parseCitations } from "./person.ts";

Deno.test("parseAuthors() refuses what is no name", () => {
  assertEquals(parseAuthors("A. B. (C, D) ;E"), [
    { name: "A. B.", affiliation: "C, D" },
    { name: "E" },
  ]);
  for (const text of ["", " ; ", "@ada", "a/b", "A (B"]) {
    assertThrows(() => parseAuthors(text), UsageError, '"authors"');
  }
});

Deno.test("parseCitations() wants a DOI or an address in each", () => {
  assertEquals(parseCitations("A, 10.5281/zenodo.1;B https://b.org/c"), [
    { text: "A, 10.5281/zenodo.1", doi: "10.5281/zenodo.1" },
    { text: "B https://b.org/c", url: "https://b.org/c" },
  ]);
  for (const text of ["", "A, 2019", "A, 10.5281/zenodo.1; B"]) {
    assertThrows(() => parseCitations(text), UsageError, '"cite"');
  }
});

Deno.test("licenseId() knows SPDX's identifiers alone", () => {
  assertEquals(
    ["CC-BY-4.0", "MIT; of tests", "mit", "", "MIT license"].map(licenseId),
    ["CC-BY-4.0", "MIT", undefined, undefined, undefined],
  );
});
