/**
 * What a password may be. Knows nothing of hashing; keeps nothing.
 * Any character is allowed; only the length is ruled, so that pass phrases of every script work.
 */
const MIN_CHARACTERS = 8;
const MAX_CHARACTERS = 128;

/** What a caller is told about a password that {@link parsePassword} refuses. */
export const PASSWORD_RULE = `A password is ${MIN_CHARACTERS} to ${MAX_CHARACTERS} characters.`;

/**
 * The password in NFC, so that keyboards that compose differently type the same one; `undefined` when it
 * isn't 8 to 128 code points long, or holds half of a surrogate pair: encoded, all of those would become one
 * character.
 */
export function parsePassword(text: string): string | undefined {
  if (!text.isWellFormed()) return undefined;
  const password = text.normalize('NFC');
  const characters = [...password].length;
  return characters >= MIN_CHARACTERS && characters <= MAX_CHARACTERS ? password : undefined;
}
