import { describe, expect, it } from '@jest/globals';
import { headingAnchors, relativeLinks } from '../src/docs/markdown-links.ts';

describe('the links of a document', () => {
  it('are those that lead into the repository, images too', () => {
    const text =
      '[a](docs/a.md#b), [`c`](#c) ![d](d.svg) [e](https://example.net/#e) <http://localhost:8000>';
    expect(relativeLinks(text)).toEqual([
      { path: 'docs/a.md', anchor: 'b' },
      { path: '', anchor: 'c' },
      { path: 'd.svg', anchor: undefined },
    ]);
  });

  it('are not read out of code', () => {
    expect(relativeLinks('```md\n[a](a.md)\n```\n`[b](b.md)` and [c](c.md)')).toEqual([
      { path: 'c.md', anchor: undefined },
    ]);
  });
});

describe('the anchors of a document', () => {
  it('are its headings as GitHub writes them', () => {
    const text = '# The CPU: "first"\n\n## 201 `auth.req_register`, answered\n';
    expect(headingAnchors(text)).toEqual(['the-cpu-first', '201-authreq_register-answered']);
  });

  it('are not read out of code', () => {
    expect(headingAnchors('```sh\n# everywhere\n```\n## Ports')).toEqual(['ports']);
  });
});
