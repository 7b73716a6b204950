/**
 * Draws what a model finds, a success and a failure of each kind of image, into
 * docs/models.md: `deno task bench pictures`, of which README.md says more.
 */
// deno-lint-ignore-file no-console
import { basename, dirname, join } from "@std/path";
import {
  evaluate,
  type ImageScores,
  parseSources,
  resolveData,
  sourcesOf,
  type WorstImage,
} from "@unet/app";
import { cannot, count, DatasetError } from "@unet/errors";
import { readFile, writeFile } from "@unet/files";
import { readModel } from "@unet/model";
import { formatFile } from "./format_file.ts";
import {
  chooseImages,
  type PictureKind,
  pictureKinds,
} from "./picture_kinds.ts";
import { joinPanels } from "./picture_panel.ts";
import { readFlags, wrong } from "./read_flags.ts";
import { replaceSection } from "./replace_section.ts";

type DrawnImage = WorstImage<ImageScores>;

/**
 * Scores images, draws the best and the worst of each kind, and replaces the
 * pictures' part of a page.
 *
 * @param args The command line, after the benchmark's name.
 * @throws {UsageError} If a flag or its value is not allowed.
 * @throws {UnetError} If images or page cannot be read or written.
 */
export async function drawModelPictures(
  args: readonly string[],
): Promise<void> {
  const flags = readFlags(args, {
    switches: [],
    values: ["model", "roles", "role", "page", "device"],
    lists: ["data"],
  });
  const data = flags.texts("data"), roles = flags.text("roles");
  if (data.length === 0) throw wrong("data", undefined, "folders or zips");
  if (roles === undefined) throw wrong("roles", undefined, "a file of roles");
  const page = flags.text("page") ?? "docs/models.md";
  const device = flags.text("device"), role = flags.text("role");
  const folder = await Deno.makeTempDir({ prefix: "unet-pictures-" });
  try {
    const report = await evaluate({
      ...{ model: flags.text("model") ?? "nuclei", roles },
      data: sourcesOf(resolveData(parseSources(data))),
      ...(role !== undefined && { role }),
      ...(device !== undefined && { device }),
      ...{ worst: Infinity, overlays: folder },
    }, { onNote: (line) => console.error(line) });
    if (report.kind !== "objects") {
      throw wrong("model", flags.text("model"), "a model that finds objects");
    }
    const { card } = await readModel(flags.text("model") ?? "nuclei");
    await writePage(page, { images: report.worst, card });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes the pictures beside a page, and the page's part about them. */
async function writePage(
  page: string,
  { images, card }: {
    readonly images: readonly DrawnImage[];
    readonly card: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const folder = page.replace(/\.md$/, ""), parts = [describeModel(card)];
  for (const kind of pictureKinds) {
    const chosen = chooseImages(images, kind);
    if (chosen === undefined) {
      throw new DatasetError(
        cannot("draw", "picture", kind.name, {
          found: `fewer than two images of it in ${kind.source}`,
          expected: "a success and a failure",
        }),
      );
    }
    const file = join(folder, `${kind.name}.jpg`);
    const overlays = chosen.map(({ overlay }) => overlay!);
    await writeFile(file, await joinPanels(overlays), "picture");
    const link = `${basename(dirname(file))}/${basename(file)}`;
    parts.push(partOf(kind, chosen, link));
    console.log(`${file}: ${chosen.map(({ id }) => id).join(", ")}`);
  }
  const text = new TextDecoder().decode(await readFile(page, "page"));
  const section = { name: "pictures", content: parts.join("\n\n"), file: page };
  await writeFile(page, replaceSection(text, section));
  await formatFile(page);
}

/** Which model it is, from its card. */
function describeModel(card: Readonly<Record<string, unknown>>): string {
  const { sources, images } = card.data as {
    sources?: Record<string, unknown>;
    images: number;
  };
  const data = sources
    ? Object.keys(sources).map((name) => `\`${name}\``).join(", ")
    : count(images, "image");
  return `Drawn with a model that was trained on ${data} (epoch ` +
    `${card.epoch}, step ${card.step}).`;
}

/** A kind's heading, picture and scores. */
function partOf(
  { title, source }: PictureKind,
  [success, failure]: readonly [ImageScores, ImageScores],
  link: string,
): string {
  const inWords = (image: ImageScores): string =>
    `F1 ${image.f1.toFixed(3)}, AP 0.5 ${image.ap50.toFixed(3)}, ` +
    `${image.found} objects found for ${image.objects} annotated ` +
    `(\`${shortId(image.id)}\`)`;
  return [
    `### ${title}`,
    `![Highest and lowest F1: true outlines in orange, predicted ones in ` +
    `blue](${link})`,
    `Of \`${source}\`. Left, the highest F1: ${inWords(success)}. Right, the ` +
    `lowest: ${inWords(failure)}.`,
  ].join("\n\n");
}

/** An id without its data set, its first letters if it is long. */
function shortId(id: string): string {
  const own = id.slice(id.indexOf("/") + 1);
  return own.length > 24 ? `${own.slice(0, 8)}…` : own;
}
