/** The words of a room, at the border of what is taken. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodedBytes, requireShortRoomText } from '../src/index.ts';

const refused = expect.objectContaining({ code: 'bad_request' });

describe('what a room says of itself', () => {
  it('takes 2,048 bytes at most, of whatever characters', () => {
    const attributes = (bytes: number) => ({ a: 'x'.repeat(bytes - 1 - 4) });
    expect(() => requireShortRoomText({ title: '🎲', attributes: attributes(2_048) })).not.toThrow();
    expect(() => requireShortRoomText({ title: '🎲', attributes: attributes(2_049) })).toThrow(refused);
    expect(() => requireShortRoomText({})).not.toThrow();
  });

  it('A1: fits twenty times into a page of 64 KiB', () => {
    const text = fc.record({
      title: fc.string({ unit: 'binary', maxLength: 64 }),
      attributes: fc.dictionary(
        fc.string({ minLength: 1, maxLength: 32 }),
        fc.string({ unit: 'binary', maxLength: 128 }),
        { maxKeys: 16, size: 'max' },
      ),
    });
    fc.assert(
      fc.property(text, ({ title, attributes }) => {
        try {
          requireShortRoomText({ title, attributes });
        } catch {
          return;
        }
        const most = Number.MAX_SAFE_INTEGER;
        const roomId = '\u{10ffff}'.repeat(64);
        const room = { roomId, title, capacity: most, users: most, createdAt: most, attributes };
        expect(20 * encodedBytes(room)).toBeLessThan(63 * 1024);
      }),
    );
  });
});
