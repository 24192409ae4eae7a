/**
 * Breaks lines of prose that are too wide: what a line has too much goes to the head of the next one, if that
 * goes on with the same paragraph, or to a line of its own. Lines that fit stay as they are. Words and their
 * order stay, always.
 */

/**
 * What begins a paragraph of its own: an item of a list, a tag, a quoted block, a row of a table, nothing.
 */
const BEGINS = /^(?:[-*@|#>]|```|\d+[.)]|$)/;
/** A drawing, or columns: their blanks have a meaning. */
const DRAWN = /\S {2,}\S|[│─▶◀┌└├▼▲|]|->/;

const indentOf = (line: string): string => /^ */.exec(line)?.[0] ?? '';

/**
 * `lines` without what marks them as a comment, and how wide each may be. What cannot be broken stays too
 * wide.
 */
export function wrapLines(lines: readonly string[], width: number): string[] {
  const wrapped: string[] = [];
  const waiting = [...lines];
  for (let line = waiting.shift(); line !== undefined; line = waiting.shift()) {
    const at = line.length <= width || DRAWN.test(line) ? -1 : breakOf(line, width);
    if (at === -1) {
      wrapped.push(line);
      continue;
    }
    wrapped.push(line.slice(0, at));
    const rest = line.slice(at + 1);
    const [next] = waiting;
    const indent = indentOf(line) + ' '.repeat(/^\s*(?:[-*] |\d+[.)] )/.test(line) ? hangOf(line) : 0);
    const goesOn = next !== undefined && indentOf(next) === indent && isProse(next);
    if (goesOn) waiting.shift();
    waiting.unshift(`${indent}${rest}${goesOn ? ` ${next.trimStart()}` : ''}`);
  }
  return wrapped;
}

/** How far the text of an item stands to the right of its mark. */
function hangOf(line: string): number {
  return /^\s*([-*] |\d+[.)] )/.exec(line)?.[1]?.length ?? 0;
}

function isProse(line: string): boolean {
  return !BEGINS.test(line.trimStart()) && !DRAWN.test(line);
}

/**
 * Where the blank is at which the line is broken; -1 where there is none. No line may begin with what looks
 * like a mark.
 */
function breakOf(line: string, width: number): number {
  const least = indentOf(line).length + hangOf(line);
  for (let at = line.lastIndexOf(' ', width); at > least; at = line.lastIndexOf(' ', at - 1))
    if (!BEGINS.test(line.slice(at + 1))) return at;
  return -1;
}
