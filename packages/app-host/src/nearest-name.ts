/** The known name that a mistyped one most likely meant, by the number of letters to change (Levenshtein). */
/**
 * The nearest of `known`, or undefined where none is near enough to be meant (a third of the letters differ).
 */
export function nearestName(written: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let best = Math.ceil(written.length / 3);
  for (const name of known) {
    const letters = distance(written, name);
    if (letters < best) [nearest, best] = [name, letters];
  }
  return nearest;
}

function distance(from: string, to: string): number {
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...from].entries()) {
    const line = [row + 1];
    for (let column = 0; column < to.length; column += 1) {
      const change = (above[column] ?? 0) + (to[column] === letter ? 0 : 1);
      line.push(Math.min(change, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above[to.length] ?? 0;
}
