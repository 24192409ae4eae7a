/**
 * The links of a Markdown document and the anchors of its headings, as GitHub reads them. Code is no part of
 * either.
 */

/** Where a link leads: `path` is as written, empty for the same document; `anchor` without its `#`. */
export interface Link {
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Every link and image that leads into the repository, in order. */
export function relativeLinks(text: string): Link[] {
  const targets = [...prose(text).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      return { path, anchor };
    });
}

/**
 * The anchor of each heading, in order. Two headings with one text have one anchor here: a link to it is
 * ambiguous.
 */
export function headingAnchors(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = '']) =>
    title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutBlocks(text: string): string {
  return text.replace(/^(```+)[^\n]*\n.*?^\1$/gms, '');
}

function prose(text: string): string {
  return withoutBlocks(text).replace(/(`+)[^`]+\1/g, '``');
}
