/** Plants a bug into this thread: from now on the files that it concerns are loaded as it wants them. */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import type { Mutant } from './mutant.ts';

const ROOT = new URL('../../../../', import.meta.url);

/** The text of a file with the edits that concern it. Throws where one of them does not fit exactly once. */
export function mutated(mutant: Mutant, file: string, source: string): string {
  let text = source;
  for (const { find, replace } of mutant.edits.filter((edit) => edit.file === file)) {
    const parts = text.split(find);
    if (parts.length !== 2)
      throw new Error(
        `mutant "${mutant.name}" does not fit ${file}: its text is there ${parts.length - 1} times; give it the text of today`,
      );
    text = parts.join(replace);
  }
  return text;
}

/** The file as it is on the disk. */
export function sourceOf(file: string): string {
  return readFileSync(new URL(file, ROOT), 'utf8');
}

export function plant(mutant: Mutant): void {
  const files = new Map(mutant.edits.map(({ file }) => [new URL(file, ROOT).href, file]));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const file = files.get(url);
      return file === undefined ? loaded : { ...loaded, source: mutated(mutant, file, sourceOf(file)) };
    },
  });
}
