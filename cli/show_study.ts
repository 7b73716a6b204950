import { cannot, UsageError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { dirname } from "@std/path";
import { describeStudy } from "@unet/tune/report";
import { findStudy } from "@unet/app";
import type { Flags } from "./flags.ts";
import { studyPage } from "./study_page.ts";
import { tableLines } from "./study_view.ts";
import { printLine } from "./terminal.ts";

/** Flags that say how a study is shown. */
const showing = ["show", "name", "html"];

/**
 * Prints a study of any journal file, and draws its page where `--html` asks
 * for it.
 *
 * @param flags The command line.
 * @returns The exit code.
 */
export async function showStudy(flags: Flags): Promise<number> {
  const stranger = flags.names.find((name) => !showing.includes(name));
  if (stranger !== undefined) {
    throw new UsageError(
      cannot("use", "flag", `--${stranger}`, {
        found: "--show, which runs no trial",
        expected: `only ${showing.map((name) => `--${name}`).join(", ")}`,
      }),
    );
  }
  const study = await findStudy(flags.required("show"), flags.text("name"));
  tableLines(study).forEach(printLine);
  printLine(`Study ${study.name}: ${describeStudy(study)}`);
  const page = flags.text("html");
  if (page !== undefined) {
    // Where its run folders lie is not in the file; tune puts both together.
    const runs = dirname(flags.required("show"));
    await writeFile(page, studyPage(study, page, runs), "page");
    printLine(`Page: ${page}`);
  }
  return 0;
}
