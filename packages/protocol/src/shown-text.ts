/**
 * Text of others, made fit for a person's screen. What can't be seen must do nothing there: control
 * characters move the cursor, marks of direction turn the order of what stands beside them, and characters
 * that draw nothing hide text or make two names look the same.
 *
 * Three ways for three places: a field of a log shows each such character by its number, JSON keeps it as an
 * escape of JSON's own, and a chat shows a dot in its place but lets pass what emoji and living scripts need.
 */

/**
 * Controls (C0, DEL, C1), breaks of lines and paragraphs, halves of surrogate pairs, and whatever draws
 * nothing: marks of direction, zero-width characters, variation selectors, fillers, tags, annotations.
 */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** Most texts by far. */
const PLAIN = /^[ -~]*$/;

const DOT = '·';

/** The scripts whose words are written with joiners, or with breaks of no width between them. */
const JOINED_SCRIPTS = [
  ...['Arab', 'Syrc', 'Mand', 'Nkoo', 'Mong', 'Adlm', 'Rohg', 'Phag', 'Mani'],
  ...['Deva', 'Beng', 'Guru', 'Gujr', 'Orya', 'Taml', 'Telu', 'Knda', 'Mlym', 'Sinh', 'Tibt'],
  ...['Mymr', 'Khmr', 'Thai', 'Laoo', 'Lana', 'Talu', 'Java', 'Bali', 'Sund', 'Cham', 'Newa', 'Mtei'],
];
const JOINED = JOINED_SCRIPTS.map((script) => String.raw`\p{scx=${script}}`).join('');

/** What draws nothing and belongs to what stands before it. */
const NEEDED = [
  // Whole emoji, as Unicode recommends them: with joiners, selectors, and the tags of three flags.
  String.raw`\p{RGI_Emoji}`,
  // A selector of an emoji's or an ideograph's form, and a joiner between emoji newer than this program.
  String.raw`(?<=\p{Extended_Pictographic})[\u{fe0e}\u{fe0f}]`,
  String.raw`(?<=\p{Unified_Ideograph})[\u{e0100}-\u{e01ef}]`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\u{fe0f}])\u{200d}(?=\p{Extended_Pictographic})`,
  // One joiner, or break of no width, behind a letter of a script that has such.
  String.raw`(?<=[[${JOINED}]&&[\p{L}\p{M}]])[\u{200b}-\u{200d}]`,
  String.raw`(?<=\p{Script=Mongolian})[\u{180b}-\u{180f}]`,
];
const READ = new RegExp(`(${NEEDED.join('|')})|${UNSEEN.source}`, 'gv');

/** For a field of a log: each character that is not seen as `\u{...}`, its number. */
export function escapedText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** The same for text of several lines, such as a stack: the breaks between them stay. */
export function escapedLines(text: string): string {
  return text.split('\n').map(escapedText).join('\n');
}

/** For JSON that a person may read: the same value, with each character that is not seen as `\uXXXX`. */
export function escapedJson(json: string): string {
  return json.replace(UNSEEN, (character) => {
    // White space between values is no part of them.
    if (/[\n\r\t]/.test(character)) return character;
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}

/** For a chat: a dot for each character that is not seen, but for those that emoji and scripts need. */
export function readableText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(READ, (_found, needed: string | undefined) => needed ?? DOT);
}
