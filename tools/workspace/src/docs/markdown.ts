/**
 * The few forms of Markdown that the generated sections use. Layout is prettier's: nothing is padded here.
 */

/** A table; a cell may hold any one line of text. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A text as code. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** A block of preformatted lines. */
export function block(lines: readonly string[], language = 'text'): string {
  return ['```' + language, ...lines, '```'].join('\n');
}
