import { onOneLine } from "@unet/errors";

/** A text as HTML shows it, and nothing else. */
export function escaped(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Text of unknown direction, spelled out on one line. */
export function isolated(value: string): string {
  return `<bdi>${escaped(onOneLine(value))}</bdi>`;
}

/** A path as an address that leads nowhere but below the page. */
export function addressOf(path: string): string {
  return `./${
    path.toWellFormed().split("/").map(encodeURIComponent).join("/")
  }`;
}

/** A whole number with thin spaces between its thousands. */
export function whole(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}
