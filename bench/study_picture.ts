/**
 * Takes the picture of docs/tuning.md: the page of a study in a browser.
 * `deno task bench study-page`, of which README.md says more.
 */
// deno-lint-ignore-file no-console
import { join, resolve } from "@std/path";
import { main as unet } from "@unet/cli";
import { cannot, FileError, onOneLine } from "@unet/errors";
import { readFlags } from "./read_flags.ts";

/** What of the page is shown, in pixels from its upper left corner. */
const size = "1100,1890";

const study = "experiments/study/study.journal";

/**
 * Writes the page of the repository's study, and a picture of it.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {FileError} If there is no browser or it draws nothing.
 */
export async function drawStudyPicture(args: readonly string[]): Promise<void> {
  const flags = readFlags(args, { switches: [], values: ["browser", "out"] });
  const browser = flags.text("browser") ?? "chromium";
  const out = resolve(flags.text("out") ?? "docs/tuning/page.png");
  const folder = await Deno.makeTempDir({ prefix: "unet-picture-" });
  const page = join(folder, "study.html");
  try {
    await unet(["tune", "--show", study, "--html", page]);
    const { success, stderr } = await new Deno.Command(browser, {
      args: [
        ...["--headless", "--no-sandbox", "--hide-scrollbars"],
        ...[`--window-size=${size}`, `--screenshot=${out}`, page],
      ],
    }).output().catch((cause) => {
      throw new FileError(
        cannot("draw", "page", page, {
          found: `no program ${browser}`,
          expected: "Chromium or Chrome",
          remedy: "name it with --browser",
        }),
        { cause },
      );
    });
    const text = new TextDecoder().decode(stderr);
    if (!success) {
      throw new FileError(
        cannot("draw", "page", page, { found: onOneLine(text) }),
      );
    }
    console.log(out);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
