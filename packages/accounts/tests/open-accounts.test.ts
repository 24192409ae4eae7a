import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openAccounts } from '../src/index.ts';
import { cheapHasher } from './fast-hashing.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import type { TemporaryDirectory } from './temporary-directory.ts';

describe('openAccounts', () => {
  let directory: TemporaryDirectory;

  beforeEach(async () => {
    directory = await temporaryDirectory();
  });

  afterEach(() => directory.remove());

  const open = (url: string | undefined, file: () => Promise<string>) =>
    openAccounts({ url, file, hasher: cheapHasher() });

  it('opens the file where no URL is given', async () => {
    const file = async () => join(directory.path, 'accounts.db');
    await using first = await open(undefined, file);
    const ana = await first.register('Ana', 'correct horse');
    await using second = await open(undefined, file);
    await expect(second.verify('Ana', 'correct horse')).resolves.toEqual(ana);
  });

  it('goes to the database where a URL is given, and asks for no file', async () => {
    let asked = 0;
    const file = async () => {
      asked += 1;
      return join(directory.path, 'accounts.db');
    };
    await expect(open('postgres://lobby@127.0.0.1:1/lobby', file)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('postgres://lobby@127.0.0.1:1/lobby'),
    });
    expect(asked).toBe(0);
  });

  it('takes a URL that is none for a mistake, never for a file', async () => {
    const opening = open('accounts.db', async () => join(directory.path, 'accounts.db'));
    await expect(opening).rejects.toMatchObject({ code: 'bad_request' });
  });
});
