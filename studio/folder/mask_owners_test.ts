import { assertEquals, assertThrows } from "@std/assert";
import { RequestError } from "@unet/http";
import { MaskOwners } from "./mask_owners.ts";

const statusOf = (work: () => void): number =>
  assertThrows(work, RequestError).status;

Deno.test("MaskOwners refuses images that share a mask, of one folder or two", () => {
  const names = [
    "same.png",
    "same.tif",
    "set/same.png",
    "b.png",
    "images/b.png",
  ];
  const owners = new MaskOwners("/data", names);
  for (const name of ["same.png", "same.tif", "b.png", "images/b.png"]) {
    assertEquals(statusOf(() => owners.requireOneImage(name)), 409, name);
  }
  owners.requireOneImage("set/same.png");
});

Deno.test("MaskOwners distinguishes masks of one nucleus each from masks of whole images", () => {
  const refused = (
    names: string[],
    files: string[],
    root = "/data",
  ): boolean => {
    const owners = new MaskOwners(root, names);
    try {
      owners.requireNoNuclei(names[0]!, new Set(files));
      return false;
    } catch (error) {
      if (error instanceof RequestError) return true;
      throw error;
    }
  };
  const nuclei = ["1.png", "2.png"];
  assertEquals(refused(["ID/images/ID.png"], nuclei), true);
  assertEquals(refused(["set/ID/Images/ID.png"], ["1.tif"]), true);
  assertEquals(refused(["images/ID.png"], nuclei, "/data/ID"), true);
  // The masks of other images, of one of many, or of this one.
  assertEquals(refused(["images/a.png"], nuclei), false);
  assertEquals(refused(["a.png"], nuclei), false);
  assertEquals(refused(["s/images/a.png", "s/images/1.png"], nuclei), false);
  assertEquals(refused(["ID/images/ID.png"], [...nuclei, "ID.tif"]), false);
  assertEquals(refused(["ID/images/ID.png"], ["notes.txt"]), false);
});
