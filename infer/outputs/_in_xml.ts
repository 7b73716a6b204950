/** A text within XML, in ASCII whatever is in it. */
export function inXml(text: string): string {
  return text.replaceAll(
    /[^ !#-%'-;=?-~]/gu,
    (sign) => `&#${sign.codePointAt(0)};`,
  );
}
